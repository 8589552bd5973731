"""What the chapter on participation says: who takes part, how, and who speaks to whom."""

import pandas as pd

from casebook import addresses
from casebook.evidence import JOIN, NOT_MENTIONED
from casebook.facts import Facts, undated
from casebook.words import joined

ORGANISATIONS = "cn-social-organisations-2019"  # the article's count of social organisations
NATIONAL_OPINIONS = "cn-social-org-opinions"
SECTIONS = {"organisations": "2.1", "business": "2.2", "public": "2.3"}
STAGES = ("site", "build", "operate", "contribute")


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    Rows for the cells, with the register's columns: `theme` (section 2), `planned` (of Beijing),
    `stages` and `contributing` (2.2 by this book's reading, and its last stage), `by_actor` (see
    there). The others are of `documents`, `organisations` and `directions`.
    """
    register = ev.register()
    theme = register[register.section.str.startswith("2.")]
    pioneers = theme[theme.role == "pioneer"]
    stages, voices = ev.read_as("stage"), ev.read_as("voice")
    planned = pioneers[(pioneers.status == "planned") & (pioneers.province == "CN-BJ")]
    actors = by_actor(theme)
    return Facts(
        theme=theme,
        stages=stages,
        contributing=stages[stages.code == "contribute"],
        planned=planned,
        by_actor=actors,
        n=len(pioneers),
        n_planned=len(planned),
        n_enterprise=(actors.actor == "enterprise").sum(),
        n_resident=(actors.actor == "resident").sum(),
        n_social=(actors.actor == "social_organisation").sum(),
        most_often=most_often(actors),
        places_at=places_at(stages),
        silent=silent(ev.evidence_map()),
        **vars(documents(theme[theme.section == "2.1"], ev.checked_years(theme))),
        **vars(organisations(ev)),
        **vars(directions(voices[voices.section == "2.3"])),
    )


def documents(rows, source_years):
    """What the article dates of section 2.1 (`rows` of the register), and what `source_years` date.

    `source_years` are of `Evidence.checked_years`. n_orgs: all rows; n_orgs_dated: those that the
    article dates. national_year: the year of the national opinions; n_older, older_names: what
    is `older_than` them. Rows for the cells: orgs, undated (by neither), source_years.
    """
    source_years = source_years[source_years.practice.isin(rows.practice)]
    year = int(source_years.set_index("practice").checked_year[NATIONAL_OPINIONS])
    older = older_than(year, rows, source_years)
    return Facts(
        n_orgs=len(rows),
        n_orgs_dated=(rows.dated != NOT_MENTIONED).sum(),
        national_year=str(year),
        n_older=len(older),
        older_names=joined(older["name"], "semicolon"),
        orgs=rows,
        undated=undated(rows, source_years),
        source_years=source_years,
    )


def older_than(year, rows, source_years):
    """The pioneers' practices among `rows` to which a source gives a year before `year`."""
    earlier = source_years.practice[source_years.checked_year < year]
    return rows[(rows.role == "pioneer") & rows.practice.isin(earlier)]


def organisations(ev):
    """How many social organisations the article and the sources count.

    organisations, organisations_year: as the article states. bulletin: the ministry's count;
    bulletin_days: days from the article to it; n_below_bulletin: by how many the article's count is
    lower. n_lower_counts: sources that count fewer than the article. n_figures: all numbers that
    the article states in that sub-section. Rows for a cell: counts, with name (missing for the
    article), value, href and article (bool).
    """
    stated = ev.figures.set_index("figure").loc[ORGANISATIONS]
    checked = ev.checked_rows.dropna(subset="value").query("figure == @ORGANISATIONS")
    count = int(stated.value)
    bulletin = int(checked.set_index("check").value["check-organisations-bulletin"])
    values = ev.source_values.set_index(["check", "quantity"])
    published = values.date["check-organisations-bulletin-date", "published"]
    article = {
        "value": float(count),
        "href": f"evidence.html#cell-{stated.section}-{stated.province}",
        "article": True,
    }
    links = checked.check.map(addresses.of_check)
    sources = checked.assign(name=checked.label, href=links, article=False)
    counts = pd.concat([pd.DataFrame([article]), sources[["name", "value", "href", "article"]]])
    return Facts(
        organisations=count,
        organisations_year=str(stated.year),
        bulletin=bulletin,
        n_below_bulletin=bulletin - count,
        n_figures=(ev.figures.section == stated.section).sum(),
        n_lower_counts=(checked.value < count).sum(),
        bulletin_days=(pd.Timestamp(published) - ev.published).days,
        counts=counts.assign(value=counts.value.astype(float)),
    )


def directions(voices):
    """Who speaks to whom in `voices`, rows of `Evidence.read_as("voice")`.

    n_voices: all practices; n_inward: residents speak to government; n_answered: and government
    answers; n_among: residents speak among themselves. voices: the rows, for the cells.
    """
    return Facts(
        voices=voices,
        n_voices=len(voices),
        n_inward=voices.code.isin(["to_government", "both"]).sum(),
        n_answered=(voices.code == "both").sum(),
        n_among=(voices.code == "among_residents").sum(),
    )


def by_actor(rows):
    """`rows` of the register, one for each actor of a practice, in a column `actor` (a code)."""
    listed = rows.assign(actor=rows.actors.str.split(JOIN, regex=False))
    return listed.explode("actor", ignore_index=True)


def most_often(rows):
    """Where firms, social organisations and residents are named in most practices: {actor: names}.

    `rows` are of `by_actor`; only pioneers count. Several places if they are equal, none if no
    practice has the actor.
    """
    pioneers = rows[rows.role == "pioneer"].sort_values("place", kind="stable")

    def places(actor):
        counts = pioneers[pioneers.actor == actor].groupby("province_name", sort=False).size()
        return list(counts[counts == counts.max()].index)

    return {actor: places(actor) for actor in ("enterprise", "social_organisation", "resident")}


def places_at(rows):
    """The places named at each stage of a firm's life: {stage: names}.

    `rows` are `Evidence.read_as("stage")`.
    """
    rows = rows.sort_values("place", kind="stable")
    return {stage: list(rows.province_name[rows.code == stage].unique()) for stage in STAGES}


def silent(evidence_map):
    """The pioneers that the article does not mention in a sub-section: {key of SECTIONS: names}.

    `evidence_map` is `Evidence.evidence_map()`.
    """
    empty = evidence_map[evidence_map.n == 0]
    names = empty.groupby("section").province_name.agg(list)
    return {key: names.get(section, []) for key, section in SECTIONS.items()}
