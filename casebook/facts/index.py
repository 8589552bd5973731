"""What the page *index* says: what the article covers, and how far it can be compared and used."""

from casebook.evidence import NOT_APPLICABLE, NOT_MENTIONED
from casebook.facts import Facts
from casebook.facts.register import by_verdict, silent_themes
from casebook.words import month


def of_pioneers(ev):
    """The practices of pioneers named after the opening paragraph: rows of the register."""
    rows = ev.register()
    return rows[(rows.role == "pioneer") & (rows.section != "0")]


def by_jurisdiction(ev):
    """Every jurisdiction, in the order of tables: name, type, role, and n, its practices named.

    n is the label “not applicable” where the article names none, as of the place that it advises.
    """
    counts = ev.practices.province.value_counts()
    named = [int(counts.get(code, 0)) for code in ev.jurisdictions.province]
    return ev.jurisdictions[["name", "type", "role"]].assign(n=[n or NOT_APPLICABLE for n in named])


def by_pioneer(rows):
    """How many practices each jurisdiction of `rows` has, the most first, such as {"gd": 35, …}.

    The key is the jurisdiction's code without the country.
    """
    return rows.province.str.partition("-")[2].str.lower().value_counts().to_dict()


def common_sections(grid):
    """The sub-sections that name a practice of every pioneer, in the article's order.

    `grid` is `Evidence.evidence_map()`.
    """
    fewest = grid.groupby("section", sort=False).n.min()
    return list(fewest.index[fewest > 0])


def joint_sections(rows, n_pioneers):
    """The sub-sections where the same evidence serves every pioneer: one sentence names them all.

    `rows` are practices of pioneers, with section, evidence and province.
    """
    places = rows.groupby(["section", "evidence"], sort=False).province.nunique()
    return list(dict.fromkeys(places.index[places == n_pioneers].get_level_values("section")))


def facts(ev):
    """What the page *index* says, as Facts."""
    rows, grid, pioneers = of_pioneers(ev), ev.evidence_map(), ev.pioneers()
    precedents = ev.precedents_of()
    n_with = precedents.measure[precedents.role == "pioneer"].nunique()
    return Facts(
        published=month(ev.published),
        pioneers=list(pioneers.name),
        n_pioneers=len(pioneers),
        n_recommendations=len(ev.recommendations),
        n_practices=len(rows),
        named=by_pioneer(rows),
        n_national=int((ev.register().role == "national").sum()),
        n_cells=len(grid),
        n_empty=int((grid.n == 0).sum()),
        common_sections=common_sections(grid),
        joint_sections=joint_sections(rows, len(pioneers)),
        silent_themes=silent_themes(ev),
        n_dated=int((rows.dated != NOT_MENTIONED).sum()),
        n_not_in_place=int((rows.status != "in_place").sum()),
        n_checks=len(ev.claims()),
        verdicts=by_verdict(ev),
        n_measures=len(ev.measures),
        n_with=n_with,
        n_without=len(ev.measures) - n_with,
        n_based=ev.baseline.measure.nunique(),
        n_same=ev.precedents.measure[ev.precedents.relation == "same"].nunique(),
        jurisdictions=by_jurisdiction(ev),
    )
