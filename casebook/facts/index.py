"""What the page *index* says: what is named, what Jiangsu is advised, how far to trust it."""

from casebook.evidence import NOT_APPLICABLE, NOT_MENTIONED
from casebook.facts import Facts, single_values
from casebook.facts.register import by_verdict
from casebook.words import month


def of_pioneers(ev):
    """The practices of pioneers named after the opening paragraph: rows of the register."""
    rows = ev.register()
    return rows[(rows.role == "pioneer") & (rows.section != "0")]


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


def leaning(ev, rows):
    """The elements of the formula that most practices of a jurisdiction serve: {"gd": [code, …]}.

    `rows` are practices. Keys as of `by_pioneer`; several codes where they have as many.
    """
    read = ev.read_as("element")
    read = read[read.practice.isin(rows.practice)]
    counts = read.groupby(["province", "code"], sort=False).size()
    top = counts[counts == counts.groupby(level="province").transform("max")]
    codes = top.reset_index().groupby("province", sort=False).code.agg(list)
    return {province.partition("-")[2].lower(): codes[province] for province in codes.index}


def facts(ev):
    """What the page *index* says, as Facts."""
    rows, grid, pioneers = of_pioneers(ev), ev.evidence_map(), ev.pioneers()
    precedents = ev.precedents_of()
    places_of = grid[grid.n > 0].groupby("section", sort=False).province.nunique()
    dated, seen = rows.dated != NOT_MENTIONED, ev.seen(rows)
    consulted = ev.read_as("element").query("code == 'democratic_consultation'")
    return Facts(
        **single_values(ev),
        published=month(ev.published),
        n_pioneers=len(pioneers),
        n_practices=len(rows),
        named=by_pioneer(rows),
        seen=by_pioneer(rows[seen]),
        n_seen=int(seen.sum()),
        n_looked_up=int(ev.looked_up(rows).sum()),
        n_dated=int(dated.sum()),
        n_datable=int((dated | ev.seen_year(rows).notna()).sum()),
        n_sections=len(places_of),
        fewest_places=places_of.min(),
        most_places_but_one=places_of.nlargest(2).iloc[-1],
        common_sections=common_sections(grid),
        joint_sections=joint_sections(rows, len(pioneers)),
        n_consulted=consulted.practice.nunique(),
        consulted_in=set(consulted.province),
        leaning=leaning(ev, rows),
        n_checks=len(ev.claims()),
        verdicts=by_verdict(ev),
        kinds_of_coders=set(ev.coders.kind),
        n_recommendations=len(ev.recommendations),
        n_measures=len(ev.measures),
        n_continuing=int((ev.measures.continues != NOT_APPLICABLE).sum()),
        n_with=precedents.measure[precedents.role == "pioneer"].nunique(),
        n_based=ev.baseline.measure.nunique(),
        n_benefits=len(ev.benefits),
        silences=set(ev.silences.silence),
    )
