"""Forms of one mark a row: who speaks to whom, verdicts of the checks."""

import altair as alt

from casebook import addresses
from casebook.charts.axes import (
    LINK_COLUMNS,
    SYMBOL,
    colour,
    linked,
    middle_offset,
    place_of,
    placed_names,
    row_axis,
    symbol_of,
    table_of,
    tip,
)
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import tally, wrap
from casebook.charts.theme import COLOURS
from casebook.escape import in_expression
from casebook.words import joined, label, say

VERDICT_COLOURS = {  # in the order of the symbols of a row, with their colours
    "confirmed": COLOURS["ink"],
    "refined": COLOURS["ink"],
    "contradicted": COLOURS["place-3"],
    "not found": COLOURS["muted"],
}
# At which ends an arrow has its heads (0 residents, 1 government), and how far each is turned.
HEADS = {
    "to_government": [(1, 90)],
    "to_residents": [(0, -90)],
    "both": [(1, 90), (0, -90)],
    "among_residents": [],
}


@where_coded
def verdicts(checks, sections, *, finding, caveat):
    """A symbol for each check of a claim against public sources, by sub-section.

    `checks` has check, section, verdict, verdict_name, symbol, claim; `sections` the rows to show,
    with section and short.
    """
    data = checks.merge(sections[["section", "short"]], on="section")
    data = data.assign(rank=data.verdict.map(list(VERDICT_COLOURS).index))
    data = data.sort_values(["section", "rank"], kind="stable")
    data = data.assign(
        slot=data.groupby("section").cumcount(),
        row=data.section + "  " + data.short,
        href=data.check.map(addresses.of_check),
        tip=[label("valued", name=row.verdict_name, value=row.claim) for row in data.itertuples()],
    )
    totals = data.sort_values("rank", kind="stable").groupby("verdict_name", sort=False).size()
    return framed(
        lambda layout: draw_verdicts(data, layout),
        table_of(data, {"claim": "claim", "subsection": "row", "verdict": "verdict_name"}),
        finding=finding,
        counted=say("Look-ups in public sources, one symbol each; it is the verdict."),
        caveat=caveat,
        alt_text=say(
            "{n} checks as symbols in {rows} rows of sub-sections: {counts}. "
            "Most checks: section {section}.",
            n=len(data),
            rows=data.section.nunique(),
            counts=joined(say("{n} {verdict}", n=n, verdict=name) for name, n in totals.items()),
            section=data.section.mode().iloc[0],
        ),
        source="sources",
    )


def draw_verdicts(data, layout):
    """The drawing of `verdicts` for one layout."""
    left, gap, top = (0, 18, 20) if layout.narrow else (190, 27, 0)
    width = layout.width - left
    row, at = divmod(data.slot, width // gap)
    step = top + 28 + 22 * int(row.max())
    drawn = data.assign(at=at, dy=top + 14 + 22 * row - step / 2)
    domain = [-0.5, max(at.max() + 0.5, 15)]
    axis = row_axis(layout.narrow, step, at_top=True)
    flat = alt.Scale(paddingInner=0, paddingOuter=0)
    first = data.sort_values("rank", kind="stable").drop_duplicates("verdict")
    names = dict(zip(first.verdict, first.verdict_name))
    symbols = dict(zip(first.verdict, first.symbol))
    tones = alt.Scale(domain=list(symbols), range=[VERDICT_COLOURS[code] for code in symbols])
    marks = alt.Chart(drawn[["at", "row", "dy", "verdict", *LINK_COLUMNS]])
    marks = marks.mark_point(**SYMBOL).encode(
        alt.X("at:Q", axis=None, scale=alt.Scale(domain=domain, nice=False)),
        alt.Y("row:N", sort=list(dict.fromkeys(data.row)), axis=axis, scale=flat),
        alt.YOffset("dy:Q", scale=middle_offset(step)),
        shape=symbol_of("verdict", symbols, names, width),
        fill=alt.Fill("verdict:N", scale=tones, legend=None),
        **linked(),
    )
    return marks.properties(width=width, height=alt.Step(step))


def voices(rows, *, ends, finding, caveat):
    """Who speaks to whom: an arrow for each practice between residents and government.

    Among residents it stays on their side. `rows` are readings of `voice` (a code of `HEADS`) with
    register columns; `ends` is (label of the residents' side, label of the government's).
    """
    data = rows.assign(tip=tip(rows))
    columns = {"practice": "name", "jurisdiction": place_of(data), "direction": "code_name"}
    return framed(
        lambda layout: draw_voices(data, ends, layout),
        table_of(data, {**columns, "checked": "verdicts"}),
        finding=finding,
        counted=say(
            "Practices the article names, one arrow each, from who speaks to who is spoken to "
            "(this book’s reading); dots joined: among residents."
        ),
        caveat=caveat,
        alt_text=say(
            "{n} arrows between {one} and {other}: {counts}.",
            n=len(data),
            one=ends[0],
            other=ends[1],
            counts=tally(data.code_name.value_counts()),
        ),
    )


def draw_voices(data, ends, layout):
    """The drawing of `voices` for one layout: residents at 0, government at 1."""
    texts = [wrap(text, int(layout.width / 7.3)) for text in placed_names(data)]
    lines = max(text.count("\n") for text in texts)
    # Close above its own arrow, not below the one before.
    texts = ["\n" * (lines - text.count("\n")) + text for text in texts]
    step = (lines + 1) * 16 + 34
    shift = step / 2 - 22
    loop = data.code == "among_residents"
    marked = data.assign(row=texts, a=0.0, b=loop.map({True: 0.12, False: 1.0}))
    heads = marked.assign(head=marked.code.map(HEADS)).explode("head").dropna(subset="head")
    heads = heads.assign(at=heads["head"].str[0], turn=heads["head"].str[1])
    dots = marked[loop].assign(turn=0)
    axis = alt.Axis(
        title=None,
        orient="top",
        values=[0, 1],
        labelExpr=f"datum.value < 0.5 ? {in_expression(ends[0])} : {in_expression(ends[1])}",
        labelFlush=True,
        grid=False,
    )
    x = alt.X("a:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("row:N", sort=texts, axis=row_axis(layout.narrow, step, above=True))
    arrows = alt.Chart(marked[["a", "b", "row", "hue", *LINK_COLUMNS]])
    arrows = arrows.mark_rule(strokeWidth=2.5, yOffset=shift, y2Offset=shift)
    layers = [arrows.encode(x, y, x2=alt.X2("b:Q"), color=colour(), **linked())]
    for rows, shape in (
        (heads, "triangle"),
        (dots.assign(at=dots.a), "circle"),
        (dots.assign(at=dots.b), "circle"),
    ):
        marks = alt.Chart(rows[["at", "turn", "row", "hue"]])
        marks = marks.mark_point(shape=shape, filled=True, size=110, opacity=1, yOffset=shift)
        angle = alt.Angle("turn:Q", scale=None)
        layers.append(marks.encode(alt.X("at:Q", axis=axis), y, angle=angle, color=colour()))
    return alt.layer(*layers).properties(width=layout.width, height=alt.Step(step))
