"""What a page of a new study says about one theme: what its own rows name, and of whom."""

from casebook.facts import Facts
from casebook.words import joined, say, some


def facts(ev, chapter):
    """What the page `chapter` says, as Facts.

    n: its practices, which are `rows` of the register. order: its sub-sections, a Series of number
    and name by section. grid: their part of the evidence map. finding: a sentence with the counts.
    """
    rows, grid = ev.register(), ev.evidence_map()
    rows = rows[rows.chapter == chapter]
    sections = ev.subsections().query("chapter == @chapter")
    grid = grid[grid.section.isin(sections.section)]
    return Facts(
        n=len(rows),
        rows=rows,
        order=sections.set_index("section").short.radd(sections.section.to_numpy() + " "),
        figures=list(ev.figures.figure[ev.figures.section.isin(sections.section)]),
        grid=grid,
        finding=finding(grid.groupby("province_name", sort=False).n.sum()),
    )


def finding(counts):
    """How many practices are named of each jurisdiction, a Series by name, as a sentence."""
    if not counts.sum():
        return say("No practice is coded here yet")
    told = [say("{place} {n}", place=place, n=n) for place, n in counts.items() if n]
    lead = some(
        "{n} practice is named here: {told}",
        "{n} practices are named here: {told}",
        counts.sum(),
        told=joined(told, "both"),
    )
    silent = joined(counts.index[counts == 0], "both")
    return say("{lead}; none of {places}", lead=lead, places=silent) if silent else lead
