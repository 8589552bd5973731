"""Forms between two or more sides: links of listed items, who speaks to whom, verdicts of the checks."""

import altair as alt
import pandas as pd

from casebook.charts.axes import LINK, colour, linked, named, place_of, row_axis, table_of, tip
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import tally, wrap
from casebook.charts.theme import COLOURS
from casebook.escape import fragment, in_expression
from casebook.words import joined, label, say, some


def links(lists, pairs, *, finding, counted, caveat, full_line="", also=()):
    """Two or three lists side by side, joined by lines where this book reads two members as speaking of the same field.

    `lists` is a list of (head, DataFrame with id, name, href, hue), `pairs` a DataFrame with left, right, relation and reason.
    A full line is “same” (`full_line` says in the alt text what that means; if it is empty, the same field), a dashed one
    any other relation.
    `also` are members drawn grey at the foot of the last list.
    """
    ends = {member: (i, j) for i, (_, frame) in enumerate(lists) for j, member in enumerate(frame.id)}

    def draw(layout):
        width, narrow = layout
        gap = (34 if narrow else 90) if len(lists) == 2 else (18 if narrow else 56)
        column = (width - gap * (len(lists) - 1)) / len(lists)
        chars = int((column - 14) / 7.2)
        texts = [[wrap(name, chars) for name in frame.name] for _, frame in lists]
        texts[-1] += [wrap(name, chars) for name in also]
        heads_of = [head.replace(label("municipality"), label("municipality_short")) if narrow else head for head, _ in lists]
        head_lines = [wrap(head, chars) for head in heads_of]
        top = 16 * max(h.count("\n") + 1 for h in head_lines) + 14
        spots, height = {}, 0
        heights = [[16 * (t.count("\n") + 1) + 12 for t in column_texts] for column_texts in texts]
        total = max(sum(h) for h in heights)
        for i, column_heights in enumerate(heights):
            spare = (total - sum(column_heights)) / max(len(column_heights), 1)
            y = top
            for j, h in enumerate(column_heights):
                spots[i, j] = y + (h + spare) / 2
                y += h + spare
        height = top + total
        left = {i: i * (column + gap) for i in range(len(lists))}
        members = pd.DataFrame(
            [
                {
                    "x": left[i],
                    "y": spots[i, j],
                    "text": texts[i][j],
                    "href": row.href,
                    "hue": row.hue,
                    "tip": row.name,
                    "left": left[i] - 6,
                    "right": left[i] + column,
                    "top": spots[i, j] - 8 * (texts[i][j].count("\n") + 1) - 4,
                    "bottom": spots[i, j] + 8 * (texts[i][j].count("\n") + 1) + 4,
                }
                for i, (_, frame) in enumerate(lists)
                for j, row in enumerate(frame.itertuples(index=False))
            ]
        )
        extra = pd.DataFrame(
            [
                {
                    "x": left[len(lists) - 1],
                    "y": spots[len(lists) - 1, len(lists[-1][1]) + j],
                    "text": texts[-1][len(lists[-1][1]) + j],
                }
                for j in range(len(also))
            ],
            columns=["x", "y", "text"],
        )
        edges = pd.DataFrame(
            [
                {
                    "x": left[a[0]] + column,
                    "y": spots[a],
                    "x2": left[b[0]] - 6,
                    "y2": spots[b],
                    "full": pair.relation == "same",
                    "tip": pair.reason,
                }
                for pair in pairs.itertuples()
                for a, b in [sorted((ends[pair.left], ends[pair.right]))]
            ]
        )
        across = {"axis": None, "scale": alt.Scale(domain=[-8, width], nice=False, zero=False)}
        down = {"axis": None, "scale": alt.Scale(domain=[height, 0], nice=False, zero=False)}
        x, y = alt.X("x:Q", **across), alt.Y("y:Q", **down)
        tops = pd.DataFrame({"x": [left[i] for i in range(len(lists))], "y": 8, "text": head_lines})
        text = {"align": "left", "lineBreak": "\n", "lineHeight": 16}
        lines = (
            alt.Chart(edges)
            .mark_rule(strokeWidth=1.8, color=COLOURS["muted"])
            .encode(
                x,
                y,
                x2=alt.X2("x2:Q"),
                y2=alt.Y2("y2:Q"),
                tooltip=alt.Tooltip("tip:N", title=" "),
                description=alt.Description("tip:N"),
                strokeDash=alt.StrokeDash("full:N", scale=alt.Scale(domain=[True, False], range=[[1, 0], [5, 4]]), legend=None),
            )
        )
        # A box as wide as its column: a line visibly begins and ends at a member, however short the name.
        boxes = alt.Chart(members[["left", "right", "top", "bottom", "hue"]]).encode(
            alt.X("left:Q", **across), alt.Y("top:Q", **down), y2=alt.Y2("bottom:Q")
        )
        areas = boxes.mark_rect(color=COLOURS["band"]).encode(x2=alt.X2("right:Q"))
        ticks = boxes.mark_rule(strokeWidth=4).encode(color=colour())

        def written(frame, **mark):
            # Vega centres one line, not a block of lines: shift each text up by its own height.
            frame = frame.assign(y=frame.y - 8 * frame.text.str.count("\n"))
            return alt.Chart(frame).mark_text(**text, baseline="middle", **mark)

        names = written(members[["x", "y", "text", "href", "tip"]]).encode(
            x, y, text=alt.Text("text:N"), href=alt.Href("href:N"), tooltip=alt.Tooltip("tip:N", title=" ")
        )
        head = alt.Chart(tops).mark_text(**text, baseline="top", fontWeight="bold").encode(x, y, text=alt.Text("text:N"))
        layers = [areas, lines, ticks, names, head]
        if len(extra):
            layers.append(written(extra, color=COLOURS["muted"]).encode(x, y, text=alt.Text("text:N")))
        return alt.layer(*layers).properties(width=width, height=height)

    reached = set(pairs.left) | set(pairs.right)
    alt_text = some(
        "{lists} lists side by side ({sizes}) joined by {n} line, of which full ({meaning}): {full}. "
        "Members without a line: {alone}.",
        "{lists} lists side by side ({sizes}) joined by {n} lines, of which full ({meaning}): {full}. "
        "Members without a line: {alone}.",
        len(pairs),
        lists=len(lists),
        sizes=tally({head.splitlines()[0]: len(frame) for head, frame in lists}),
        meaning=full_line or say("the same field"),
        full=int((pairs.relation == "same").sum()),
        alone=sum(len(set(frame.id) - reached) for _, frame in lists),
    )
    members = pd.concat([frame.assign(list=head.replace("\n", " ")) for head, frame in lists]).set_index("id")
    lines = [(pair.left, pair.right, pair.relation, pair.reason) for pair in pairs.itertuples()]
    lines += [(member, "", "", "") for member in members.index if member not in reached]
    twin = pd.DataFrame(
        [
            {
                label("first_list"): label("valued").format(members.list[left], members.name[left]),
                label("second_list"): label("valued").format(members.list[right], members.name[right])
                if right
                else label("no_line"),
                label("line"): label("full" if relation == "same" else "dashed") if right else label("no_line"),
                label("reason"): reason or label("no_line"),
                "href": members.href[left],
            }
            for left, right, relation, reason in lines
        ]
    )
    return framed(draw, twin, finding=finding, counted=counted, caveat=caveat, alt_text=alt_text)


@where_coded
def verdicts(checks, sections, *, finding, caveat):
    """One symbol for each check of a claim against public sources, by sub-section: ✓ confirmed, ± refined, ≠ contradicted, ? not found.

    `checks` has check, section, verdict, verdict_name, symbol, claim; `sections` the rows to show, with section and short.
    """
    order = {"confirmed": 0, "refined": 1, "contradicted": 2, "not found": 3}
    data = checks.merge(sections[["section", "short"]], on="section").assign(rank=checks.verdict.map(order))
    data = data.sort_values(["section", "rank"], kind="stable")
    data = data.assign(
        slot=data.groupby("section").cumcount(),
        row=data.section + "  " + data.short,
        href="method.html#" + data.check.map(fragment),
        tip=[label("valued").format(f"{r.symbol} {r.verdict_name}", r.claim) for r in data.itertuples()],
    )

    def draw(layout):
        width, narrow = layout
        left, gap, top = (0, 18, 20) if narrow else (190, 27, 0)
        across = (width - left) // gap
        step = top + 28 + 22 * (int(data.slot.max()) // across)
        marked = data.assign(at=data.slot % across, dy=top + 14 + 22 * (data.slot // across) - step / 2)
        x = alt.X("at:Q", axis=None, scale=alt.Scale(domain=[-0.5, max(marked["at"].max() + 0.5, 15)], nice=False))
        flat = alt.Scale(paddingInner=0, paddingOuter=0)
        y = alt.Y("row:N", sort=list(dict.fromkeys(data.row)), axis=row_axis(narrow, step, at_top=True), scale=flat)
        yo = alt.YOffset("dy:Q", scale=alt.Scale(domain=[-step / 2, step / 2], range=[0, step]))
        kept = list(order)
        tone = [COLOURS["ink"], COLOURS["ink"], COLOURS["place-3"], COLOURS["muted"]]
        hue = alt.Color("verdict:N", scale=alt.Scale(domain=kept, range=tone), legend=None)
        marked = marked[["at", "row", "dy", "symbol", "verdict", *LINK]]
        marks = alt.Chart(marked).mark_text(fontSize=17, fontWeight="bold")
        marks = marks.encode(x, y, yo, text=alt.Text("symbol:N"), color=hue, **linked())
        return marks.properties(width=width - left, height=alt.Step(step))

    totals = data.sort_values("rank", kind="stable").groupby("verdict_name", sort=False).size()
    alt_text = say(
        "{n} checks as symbols in {rows} rows of sub-sections: {counts}. Most checks: section {section}.",
        n=len(data),
        rows=data.section.nunique(),
        counts=joined(say("{n} {verdict}", n=n, verdict=name) for name, n in totals.items()),
        section=data.section.mode().iloc[0],
    )
    return framed(
        draw,
        table_of(data, {"claim": "claim", "subsection": "row", "verdict": data.symbol + " " + data.verdict_name}),
        finding=finding,
        caveat=caveat,
        alt_text=alt_text,
        source="sources",
        counted=say("Look-ups in public sources, one symbol each: ✓ confirmed  ± refined  ≠ contradicted  ? not found."),
    )


def voices(rows, *, ends, finding, caveat):
    """Who speaks to whom: one arrow a practice between residents and government; among residents it stays on their side.

    `rows` are readings of `voice` (to_government, to_residents, both, among_residents) with register columns; `ends` is
    (label of the residents' side, label of the government's side).
    """
    data = rows.assign(tip=tip(rows))
    full = named(data)
    heads_of = {"to_government": [(1, 90)], "to_residents": [(0, -90)], "both": [(1, 90), (0, -90)], "among_residents": []}

    def draw(layout):
        width, narrow = layout
        marked = data.assign(row=[wrap(text, int(width / 7.3)) for text in full])
        step = (int(marked.row.str.count("\n").max()) + 1) * 16 + 30
        shift = step / 2 - 14
        marked = marked.assign(a=0.0, b=[0.12 if c == "among_residents" else 1.0 for c in marked.code])
        tips = pd.DataFrame(
            [{**row, "at": at, "turn": turn} for row in marked.to_dict("records") for at, turn in heads_of[row["code"]]],
            columns=["at", "turn", "row", "hue"],
        )
        loops = marked[marked.code == "among_residents"]
        axis = alt.Axis(
            title=None,
            orient="top",
            values=[0, 1],
            labelExpr=f"datum.value < 0.5 ? {in_expression(ends[0])} : {in_expression(ends[1])}",
            labelFlush=True,
            grid=True,
        )
        x = alt.X("a:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))
        y = alt.Y("row:N", sort=list(marked.row), axis=row_axis(narrow, step, above=True))
        lines = (
            alt.Chart(marked[["a", "b", "row", "hue", *LINK]])
            .mark_rule(strokeWidth=2.5, yOffset=shift, y2Offset=shift)
            .encode(x, y, x2=alt.X2("b:Q"), color=colour(), **linked())
        )
        layers = [lines]
        for frame, shape in (
            (tips, "triangle"),
            (loops.assign(at=0.0, turn=0), "circle"),
            (loops.assign(at=0.12, turn=0), "circle"),
        ):
            marks = alt.Chart(frame[["at", "turn", "row", "hue"]]).mark_point(
                shape=shape, filled=True, size=110, opacity=1, yOffset=shift
            )
            layers.append(marks.encode(alt.X("at:Q", axis=axis), y, angle=alt.Angle("turn:Q", scale=None), color=colour()))
        return alt.layer(*layers).properties(width=width, height=alt.Step(step))

    alt_text = say(
        "{n} arrows between {one} and {other}: {counts}.",
        n=len(data),
        one=ends[0],
        other=ends[1],
        counts=tally(data.code_name.value_counts()),
    )
    return framed(
        draw,
        table_of(data, {"practice": "name", "jurisdiction": place_of(data), "direction": "code_name", "checked": "verdicts"}),
        finding=finding,
        caveat=caveat,
        alt_text=alt_text,
        counted=say(
            "Practices the article names, one arrow each, from who speaks to who is spoken to (this book’s reading); "
            "dots joined: among residents."
        ),
    )
