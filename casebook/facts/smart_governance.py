"""What the chapter on smart governance says: layers of rules, platforms and applications, one-stop
services, systems for safety, and what is not touched."""

from casebook.evidence import MISSING, NOT_MENTIONED
from casebook.facts import Facts, counts_at, undated
from casebook.words import joined, when

# From the top of the stack to its foot.
LAYERS = ("application", "platform", "data_rules", "safety")
SYSTEMS = (  # for safety and for running the city, with the practices that belong to each
    "gd-smart-zones",
    "gd-smart-policing",
    "zj-cloud-police",
    "zj-video-surveillance",
    "sh-one-network-management",
)
COUNTY_CENTRES = "zj-county-centres"


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    Rows for the cells, with the register's columns: `theme` (section 4), `undated` (neither the
    article nor a source dates them), `promises` (names that promise one of something, as this book
    reads them), `systems` (see there). `source_years` is `checked_years`, `silences` its table.
    """
    register, promises = ev.register(), ev.read_as("promise")
    theme = register[register.section.str.startswith("4.")]
    joint, source_years = joint_rows(theme), ev.checked_years(theme)
    statuses = theme.set_index("practice").status
    return Facts(
        theme=theme,
        promises=promises,
        systems=systems(ev),
        silences=ev.silences[ev.silences.theme == "4"],
        n=len(theme),
        **counts_at(theme, "zhejiang", "guangdong", "shanghai", "beijing"),
        n_joint=len(joint),
        n_statements=joint.locator.nunique(),
        n_way=(statuses == "under_way").sum(),
        n_promises=len(promises),
        promising=sorted(promises.province.unique()),
        county_centres=statuses[COUNTY_CENTRES],
        **vars(coverage(ev)),
        **vars(layers(ev)),
        **vars(periods_of_plans(theme)),
        n_dated=(theme.dated != NOT_MENTIONED).sum(),
        n_source_added=source_years.practice[
            source_years.practice.isin(theme.practice[theme.dated == NOT_MENTIONED])
        ].nunique(),
        undated=undated(theme, source_years),
        source_years=source_years,
    )


def coverage(ev):
    """How many counties and districts had a centre, by a source (n_covered), and when (covered)."""
    values = ev.source_values.query("check == 'check-one-stop-province'").set_index("quantity")
    return Facts(n_covered=int(values.number["centres"]), covered=when(values.date["as_of"]))


def joint_rows(rows):
    """Those of `rows` (province, locator) that come from a statement on several jurisdictions: the
    same words of the article are the evidence of each."""
    places = rows.groupby("locator").province.transform("nunique")
    return rows[places > 1]


def layers(ev):
    """The theme as layers, as this book reads it.

    n_pioneers and n_safety: how many pioneers there are, and how many have systems for safety.
    everywhere: layers in which each pioneer has a practice. layer: the names of the LAYERS, in
    their order. `layers` are rows for the cells: the register's, with code and code_name.
    """
    rows = ev.read_as("layer")
    names = {code: ev.code_name("layer", code) for code in LAYERS}
    places = rows.groupby("code").province.nunique()
    n_pioneers = len(ev.pioneers())
    return Facts(
        n_pioneers=n_pioneers,
        n_safety=places["safety"],
        everywhere=[name for code, name in names.items() if places[code] == n_pioneers],
        layer=names,
        layers=rows,
    )


def periods_of_plans(rows):
    """The periods of plans among `rows` of the register, each once, as “2018-2020” (plan_periods),
    and the jurisdictions that have one (planning)."""
    rows = rows[rows.period_start.notna()]
    spans = rows.period_start.astype(str) + "-" + rows.period_end.astype(str)
    return Facts(plan_periods=sorted(spans.unique()), planning=sorted(rows.province.unique()))


def systems(ev):
    """The practices of SYSTEMS in the article's order: the register's rows.

    Adds features, the members of its list as one text. That and the note are empty if there is
    none.
    """
    rows = ev.register()
    rows = rows[rows.practice.isin(SYSTEMS)]
    lists = ev.items.groupby("practice")["name"].agg(lambda names: joined(names, "semicolon"))
    return rows.assign(
        features=rows.practice.map(lists).fillna(""),
        note=rows.note.where(~rows.note.isin(MISSING), ""),
    )
