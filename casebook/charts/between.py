"""Forms between sides: links of listed items, who speaks to whom, verdicts of the checks."""

from itertools import accumulate

import altair as alt
import pandas as pd

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
from casebook.words import joined, label, say, some

LEFT = {"align": "left", "lineBreak": "\n", "lineHeight": 16}  # a text of several lines
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


def links(lists, pairs, *, finding, counted, caveat, full_line="", also=()):
    """Two or three lists side by side, joined by lines where two members speak of the same field.

    `lists` is a list of (head, DataFrame with id, name, href, hue), `pairs` a DataFrame with left,
    right, relation and reason. A full line is the relation “same” (`full_line` says in the alt text
    what that means; if it is empty, the same field), a dashed one any other. `also` are members
    drawn grey at the foot of the last list.
    """
    return framed(
        lambda layout: draw_links(lists, pairs, also, layout),
        links_as_rows(lists, pairs),
        finding=finding,
        counted=counted,
        caveat=caveat,
        alt_text=links_in_words(lists, pairs, full_line or say("the same field")),
    )


def draw_links(lists, pairs, also, layout):
    """The drawing of `links` for one layout, in pixels from its upper left corner."""
    width, narrow = layout
    gap = (34 if narrow else 90) if len(lists) == 2 else (18 if narrow else 56)
    column = (width - gap * (len(lists) - 1)) / len(lists)
    chars = int((column - 14) / 7.2)
    heads = [head for head, _ in lists]
    if narrow:
        heads = [head.replace(label("municipality"), label("municipality_short")) for head in heads]
    heads = [wrap(head, chars) for head in heads]
    top = 16 * max(head.count("\n") + 1 for head in heads) + 14
    members, height = members_at(lists, also, chars, top, column + gap)
    members = members.assign(left=members.x - 6, right=members.x + column)
    across = {"axis": None, "scale": alt.Scale(domain=[-8, width], nice=False, zero=False)}
    down = {"axis": None, "scale": alt.Scale(domain=[height, 0], nice=False, zero=False)}
    x, y = alt.X("x:Q", **across), alt.Y("y:Q", **down)

    def written(data, **mark):
        # Vega centres one line, not a block of lines: shift each text up by its own height.
        data = data.assign(y=data.y - 8 * data.text.str.count("\n"))
        chart = alt.Chart(data).mark_text(**LEFT, baseline="middle", **mark)
        return chart.encode(x, y, text=alt.Text("text:N"))

    listed, extra = members[members.id.notna()], members[members.id.isna()]
    # A box as wide as its column: a line visibly ends at a member, however short the name.
    boxes = alt.Chart(listed[["left", "right", "top", "bottom", "hue"]])
    boxes = boxes.encode(alt.X("left:Q", **across), alt.Y("top:Q", **down), y2=alt.Y2("bottom:Q"))
    tops = pd.DataFrame({"x": [at * (column + gap) for at in range(len(lists))], "y": 8})
    tops = alt.Chart(tops.assign(text=heads)).mark_text(**LEFT, baseline="top", fontWeight="bold")
    layers = [
        boxes.mark_rect(color=COLOURS["band"]).encode(x2=alt.X2("right:Q")),
        draw_lines(listed, pairs).encode(x, y),
        boxes.mark_rule(strokeWidth=4).encode(color=colour()),
        written(listed[["x", "y", "text", "href", "tip"]]).encode(
            href=alt.Href("href:N"), tooltip=alt.Tooltip("tip:N", title=" ")
        ),
        tops.encode(x, y, text=alt.Text("text:N")),
    ]
    if len(extra):
        layers.append(written(extra[["x", "y", "text"]], color=COLOURS["muted"]))
    return alt.layer(*layers).properties(width=width, height=height)


def members_at(lists, also, chars, top, pitch):
    """The members of `links` as rows in their order, with their places; and the height of it all.

    Columns: x, y (the middle of a text), text in lines of `chars`, top and bottom of its box, and
    id, href, hue and tip, which members of `also` lack. A list begins `top` pixels below the edge
    and `pitch` from the one before; all are as tall as the tallest.
    """
    columns = [
        frame.assign(tip=frame["name"])[["id", "name", "href", "hue", "tip"]] for _, frame in lists
    ]
    columns[-1] = pd.concat([columns[-1], pd.DataFrame({"name": list(also)})])
    columns = [
        column.assign(text=[wrap(name, chars) for name in column["name"]]) for column in columns
    ]
    heights = [16 * (column.text.str.count("\n") + 1) + 12 for column in columns]
    total = max(tall.sum() for tall in heights)
    placed = []
    for at, (column, tall) in enumerate(zip(columns, heights)):
        slots = tall + (total - tall.sum()) / max(len(tall), 1)
        starts = list(accumulate(slots, initial=top))[:-1]
        y, half = starts + slots / 2, tall / 2 - 2
        column = column.assign(x=at * pitch, y=y, top=y - half, bottom=y + half)
        placed.append(column)
    return pd.concat(placed, ignore_index=True), int(top + total)


def draw_lines(members, pairs):
    """The lines of `links` between members with their places, without channels x and y."""
    at = members.reset_index(drop=True).assign(order=range(len(members))).set_index("id")
    ends = [sorted(pair, key=at.order.get) for pair in zip(pairs.left, pairs.right)]
    one, other = (at.loc[[pair[side] for pair in ends]] for side in (0, 1))
    edges = pd.DataFrame(
        {
            "x": one.right.to_numpy(),
            "y": one.y.to_numpy(),
            "x2": other.left.to_numpy(),
            "y2": other.y.to_numpy(),
            "full": (pairs.relation == "same").to_numpy(),
            "tip": pairs.reason.to_numpy(),
        }
    )
    scale = alt.Scale(domain=[True, False], range=[[1, 0], [5, 4]])
    chart = alt.Chart(edges).mark_rule(strokeWidth=1.8, color=COLOURS["muted"])
    return chart.encode(
        x2=alt.X2("x2:Q"),
        y2=alt.Y2("y2:Q"),
        tooltip=alt.Tooltip("tip:N", title=" "),
        description=alt.Description("tip:N"),
        strokeDash=alt.StrokeDash("full:N", scale=scale, legend=None),
    )


def links_as_rows(lists, pairs):
    """The lines of `links` as rows of a table, and then the members without a line."""
    members = [frame.assign(list=head.replace("\n", " ")) for head, frame in lists]
    members = pd.concat(members).set_index("id")
    names = {
        row.Index: label("valued", name=row.list, value=row.name) for row in members.itertuples()
    }
    alone = members.index.difference([*pairs.left, *pairs.right], sort=False)
    no_line = label("no_line")
    rows = [
        [
            names[pair.left],
            names[pair.right],
            label("full" if pair.relation == "same" else "dashed"),
            pair.reason or no_line,
            members.href[pair.left],
        ]
        for pair in pairs.itertuples()
    ]
    rows += [[names[member], no_line, no_line, no_line, members.href[member]] for member in alone]
    heads = [label(key) for key in ("first_list", "second_list", "line", "reason")]
    return pd.DataFrame(rows, columns=[*heads, "href"])


def links_in_words(lists, pairs, meaning):
    """The alt text of `links`; `meaning` is what a full line means."""
    reached = set(pairs.left) | set(pairs.right)
    return some(
        "{lists} lists side by side ({sizes}) joined by {n} line, "
        "of which full ({meaning}): {full}. Members without a line: {alone}.",
        "{lists} lists side by side ({sizes}) joined by {n} lines, "
        "of which full ({meaning}): {full}. Members without a line: {alone}.",
        len(pairs),
        lists=len(lists),
        sizes=tally({head.splitlines()[0]: len(frame) for head, frame in lists}),
        meaning=meaning,
        full=int((pairs.relation == "same").sum()),
        alone=sum(len(set(frame.id) - reached) for _, frame in lists),
    )


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
    step = (max(text.count("\n") for text in texts) + 1) * 16 + 30
    shift = step / 2 - 14
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
        grid=True,
    )
    x = alt.X("a:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("row:N", sort=texts, axis=row_axis(layout.narrow, step, above=True))
    lines = alt.Chart(marked[["a", "b", "row", "hue", *LINK_COLUMNS]])
    lines = lines.mark_rule(strokeWidth=2.5, yOffset=shift, y2Offset=shift)
    layers = [lines.encode(x, y, x2=alt.X2("b:Q"), color=colour(), **linked())]
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
