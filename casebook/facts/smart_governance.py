"""What the chapter on smart governance says: services and data, digital government, systems for
safety, and what is not touched."""

from casebook.evidence import MISSING, NOT_MENTIONED
from casebook.facts import Facts, single_values

# From the top of the stack to its foot.
LAYERS = ("application", "platform", "data_rules", "safety")


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    under_way: ids of the theme's practices that the article reports so. planning
    and plan_periods: see `periods_of_plans`. sharing and developing: the places that one statement
    names together, for rules on data (4.1) and for policies on technologies (4.3);
    joint_looked_up: of those practices the ids that some check was made of. n_figures: how many
    figures the article states in the theme. `silences` are rows for its table.
    """
    register = ev.register()
    theme = register[register.section.str.startswith("4.")]
    joint = joint_rows(theme)
    return Facts(
        **single_values(ev),
        **vars(layers(ev)),
        **vars(periods_of_plans(theme)),
        under_way=set(theme.practice[theme.status == "under_way"]),
        sharing=set(joint.province[joint.section == "4.1"]),
        developing=set(joint.province[joint.section == "4.3"]),
        joint_looked_up=set(joint.practice[ev.looked_up(joint)]),
        n_figures=int(ev.figures.section.str.startswith("4.").sum()),
        silences=silences(ev),
    )


def joint_rows(rows):
    """Those of `rows` (province, locator) that come from a statement on several jurisdictions: the
    same words of the article are the evidence of each."""
    places = rows.groupby("locator").province.transform("nunique")
    return rows[places > 1]


def layers(ev):
    """The theme as layers, as this book reads it.

    n_pioneers: how many pioneers there are. layer: the names of the LAYERS, in their order. told:
    the places that have a practice in a layer, by its code; in_every_layer: those that have one in
    each. `layers` are rows for the cells: the register's, with code and code_name.
    """
    rows = ev.read_as("layer")
    told = {code: set(rows.province[rows.code == code]) for code in LAYERS}
    return Facts(
        n_pioneers=len(ev.pioneers()),
        layer={code: ev.code_name("layer", code) for code in LAYERS},
        told=told,
        in_every_layer=set.intersection(*told.values()),
        layers=rows,
    )


def periods_of_plans(rows):
    """The periods of plans among `rows` of the register, each once, as “2018-2020” (plan_periods),
    and the jurisdictions that have one (planning)."""
    rows = rows[rows.period_start.notna()]
    spans = rows.period_start.astype(str) + "-" + rows.period_end.astype(str)
    return Facts(plan_periods=sorted(spans.unique()), planning=sorted(rows.province.unique()))


def silences(ev):
    """What the theme does not speak of: the rows of silences.csv, with `said`.

    said is what the article says that comes near, or that nothing is mentioned.
    """
    rows = ev.silences[ev.silences.theme == "4"]
    return rows.assign(said=rows.note.mask(rows.note.isin(MISSING), NOT_MENTIONED))
