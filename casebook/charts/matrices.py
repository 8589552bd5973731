"""Forms with a cell for each jurisdiction: the evidence map, practices by a code, precedents of steps."""

import altair as alt
import pandas as pd

from casebook.charts.axes import (
    LINK,
    blocks_of,
    colour,
    column_axis,
    linked,
    missing_room,
    missing_words,
    place_of,
    places_of,
    row_axis,
    selection,
    stacked,
    table_of,
    tip,
)
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import tally, wrap
from casebook.charts.theme import COLOURS
from casebook.escape import fragment
from casebook.evidence import NOT_MENTIONED
from casebook.words import label, placed, say, sentences, some

# A half-filled disc: the right half, and an arc there and back that draws the rest of the outline without filling it.
HALF = "M0,-1A1,1,0,0,1,0,1ZM0,-1A1,1,0,0,0,0,1A1,1,0,0,1,0,-1Z"
STATUS_FILL = {"in_place": 1, "under_way": 1, "draft": 0, "planned": 0}
STATUS_SHAPE = {"in_place": "circle", "under_way": HALF, "draft": "diamond", "planned": "circle"}


@where_coded
def evidence_map(grid, *, finding, caveat):
    """Bubble matrix of sub-sections by jurisdictions; area is the number of practices named, an empty cell says so in words.

    `grid` is `Evidence.evidence_map()`: section, short, province, province_name, type, n.
    """
    data = grid.assign(
        row=grid.section + "  " + grid.short,
        href="evidence.html#cell-" + (grid.section + "-" + grid.province).map(fragment),
        tip=[
            some(
                "{place}, {section} {name}: {n} practice named",
                "{place}, {section} {name}: {n} practices named",
                r.n,
                place=placed(r.province_name, r.type),
                section=r.section,
                name=r.short,
            )
            for r in grid.itertuples()
        ],
    )
    full, empty = data[data.n > 0], data[data.n == 0]

    def draw(layout):
        width, narrow = layout
        step = 74 if narrow else 50
        room = width - (0 if narrow else 190)
        y = alt.Y("row:N", sort=list(dict.fromkeys(data.row)), axis=row_axis(narrow, step), scale=alt.Scale(paddingInner=0))
        shift = 10 if narrow else 0
        blocks = blocks_of(places_of(data), room, narrow, cell=missing_room())
        column = room / len(blocks[0])

        def block(head):
            x = alt.X("head:N", sort=list(head.values()), axis=column_axis(head.values(), narrow))
            mine = full[full.province.isin(head)]
            mine = mine.assign(head=mine.province.map(head))
            base = alt.Chart(mine[["row", "head", "n", "hue", *LINK]]).encode(x, y)
            bubbles = base.mark_circle(opacity=1, fillOpacity=0.18, strokeWidth=1.5, yOffset=shift).encode(
                size=alt.Size("n:Q", scale=alt.Scale(type="linear", domain=[0, 10], range=[0, 2300], zero=True), legend=None),
                fill=colour(),
                stroke=colour(),
                **linked(),
            )
            numbers = base.mark_text(fontWeight="bold", yOffset=shift).encode(text=alt.Text("n:Q"))
            mine = empty[empty.province.isin(head)]
            nothing = alt.Chart(mine[["row"]].assign(head=mine.province.map(head)))
            nothing = nothing.mark_text(color=COLOURS["muted"], fontSize=12, yOffset=shift, lineBreak="\n")
            words = missing_words(column)
            return alt.layer(bubbles, numbers, nothing.encode(x, y, text=alt.TextValue(words))).properties(
                width=column * len(head), height=alt.Step(step)
            )

        return stacked([block(head) for head in blocks])

    by_province = data.groupby("province_name", sort=False).n.sum()
    top = full.loc[full.n.idxmax()]
    alt_text = say(
        "Bubble matrix of {rows} sub-sections by {columns} jurisdictions. Practices named: {counts}. "
        "The largest cell is {place}, {section} {name}, with {most}; {empty} of {cells} cells read “{missing}”.",
        rows=data.section.nunique(),
        columns=data.province.nunique(),
        counts=tally(by_province),
        place=top.province_name,
        section=top.section,
        name=top["short"],
        most=top.n,
        empty=len(empty),
        cells=len(data),
        missing=label("not_mentioned"),
    )
    twin = table_of(data, {"subsection": "row", "jurisdiction": place_of(data), "named": data.n.where(data.n > 0, NOT_MENTIONED)})
    return framed(
        draw,
        twin.assign(href=data.href.where(data.n > 0, "")),
        finding=finding,
        counted=say("Practices the article names; area of a bubble = their number."),
        caveat=caveat,
        alt_text=alt_text,
    )


@where_coded
def unit_matrix(rows, *, by, order, finding, caveat, counted=""):
    """One mark a practice, in rows of `by` (a column of the register) and columns of jurisdictions; fill and shape say the status.

    `order` maps each value of `by` to its label, in the order of the rows; a cell without marks reads “not mentioned”.
    """
    names = places_of(rows)
    columns = list(names.index)
    data = rows[rows[by].isin(order)].assign(tip=tip(rows), row=rows[by].map(order), full=rows.status.map(STATUS_FILL))
    data = data.assign(slot=data.groupby(["row", "province"]).cumcount())
    grid = pd.MultiIndex.from_product([order.values(), columns], names=["row", "province"])
    empty = grid.difference(pd.MultiIndex.from_frame(data[["row", "province"]]), sort=False).to_frame(index=False)

    def draw(layout):
        width, narrow = layout
        gap, left = 15, 0 if narrow else 150
        blocks = blocks_of(names, width - left, narrow, cell=missing_room())
        column = (width - left) / len(blocks[0])
        across = int((column - 8) // gap)
        words = missing_words(column)
        deep = int(data.slot.max()) // across + 1
        text = {name: wrap(name, 40 if narrow else 19) for name in order.values()}
        lines = max(one.count("\n") + 1 for one in text.values())
        tall = max(lines * 16 + 10, deep * gap + 12, 16 * words.count("\n") + 26)
        step = max(deep * gap, 30) + lines * 16 + 20 if narrow else tall
        top = lines * 16 + 2 if narrow else 0
        marked = data.assign(
            row=data.row.map(text),
            dx=(data.slot % across) * gap - column / 2 + 14,
            dy=(data.slot // across) * gap - step / 2 + top + 14,
        )
        flat = alt.Scale(paddingInner=0, paddingOuter=0)  # so that words and marks of a row stand on one line
        y = alt.Y("row:N", sort=list(text.values()), axis=row_axis(narrow, step, at_top=True), scale=flat)
        # Offsets in pixels from the middle of the cell, so that marks keep their distance at any width.
        xo = alt.XOffset("dx:Q", scale=alt.Scale(domain=[-column / 2, column / 2], range=[0, column]))
        yo = alt.YOffset("dy:Q", scale=alt.Scale(domain=[-step / 2, step / 2], range=[0, step]))
        codes = list(STATUS_FILL)

        def block(head):
            x = alt.X("head:N", sort=list(head.values()), axis=column_axis(head.values(), narrow), scale=flat)
            mine = marked[marked.province.isin(head)]
            mine = mine.assign(head=mine.province.map(head))
            marks = (
                alt.Chart(mine[["row", "head", "dx", "dy", "status", "full", "hue", *LINK]])
                .mark_point(size=90, strokeWidth=1.8, opacity=1)
                .encode(
                    x,
                    y,
                    xo,
                    yo,
                    shape=alt.Shape(
                        "status:N", scale=alt.Scale(domain=codes, range=[STATUS_SHAPE[c] for c in codes]), legend=None
                    ),
                    fillOpacity=alt.FillOpacity("full:Q", scale=None, legend=None),
                    fill=colour(),
                    stroke=colour(),
                    **linked(),
                )
            )
            mine = empty[empty.province.isin(head)]
            nothing = alt.Chart(pd.DataFrame({"row": mine.row.map(text), "head": mine.province.map(head)}))
            nothing = nothing.mark_text(color=COLOURS["muted"], fontSize=12, lineBreak="\n", yOffset=top + 14 - step / 2)
            nothing = nothing.encode(x, y, text=alt.TextValue(words))
            return alt.layer(marks, nothing).properties(width=column * len(head), height=alt.Step(step))

        return stacked([block(head) for head in blocks])

    counts, once = data.groupby(["row", "province_name"], sort=False).size(), data.drop_duplicates("practice")
    biggest = counts.idxmax()
    size = {"rows": len(order), "columns": len(columns), "in_place": int((once.status == "in_place").sum())}
    if len(once) == len(data):
        shown = some(
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practice ({in_place} reported in place), one mark each.",
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practices ({in_place} reported in place), one mark each.",
            len(once),
            **size,
        )
    else:
        shown = some(
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practice ({in_place} reported in place), "
            "drawn as {marks} marks, one in each row to which a practice belongs.",
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practices ({in_place} reported in place), "
            "drawn as {marks} marks, one in each row to which a practice belongs.",
            len(once),
            marks=len(data),
            **size,
        )
    most = say(
        "Most marks: {place}, {row}, with {most}; {empty} cells read “{missing}”.",
        place=biggest[1],
        row=biggest[0].replace("\n", " "),
        most=counts.max(),
        empty=len(empty),
        missing=label("not_mentioned"),
    )
    counted = counted or say("Practices the article names, one mark each: ● in place  ◐ under way  ◇ draft  ○ planned.")
    cells = {by: "row", "jurisdiction": place_of(data), "practice": "name", "status": "status_name", "date": "dated"}
    twin = table_of(data, {**cells, "checked": "verdicts"})
    return framed(
        draw,
        twin,
        finding=finding,
        counted=counted,
        caveat=caveat,
        alt_text=sentences([shown, most]),
    )


def precedents(rows, measures, *, recommendation_names, finding, caveat):
    """Measures by jurisdictions, one mark a precedent, with two real selections, by code: jurisdiction and recommendation.

    `rows` is `Evidence.precedents_of()`, `measures` every measure in order (measure, name, recommendation);
    `recommendation_names` maps a recommendation to its short name. An empty cell says “none”.
    """
    names = places_of(rows)
    columns = list(names.index)
    data = rows.assign(rec=rows.recommendation.map(recommendation_names))
    data = data.assign(full=data.relation.map({"same": 1, "part": 1, "aim": 0}))
    data = data.assign(measure_name=data.section_of_measure + " " + data.measure_name)
    tips = [say("{relation} – {practice}", relation=how, practice=text) for how, text in zip(data.relation_name, tip(data))]
    data = data.assign(tip=tips, slot=data.groupby(["measure", "province"]).cumcount())
    cells = {"precedent": "name", "jurisdiction": place_of(data), "measure": "measure_name", "recommendation": "rec"}
    twin = table_of(data, {**cells, "relation": "relation_name", "status": "status_name"})
    filters = {"who": list(data.province), "which": list(data.recommendation)}
    every = measures.assign(measure_name=measures.section + " " + measures.name)[["measure", "measure_name", "recommendation"]]
    empty = every.merge(pd.DataFrame({"province": columns}), how="cross")
    empty = empty.merge(data[["measure", "province"]].drop_duplicates(), how="left", indicator=True).query(
        "_merge == 'left_only'"
    )
    empty = empty[["measure_name", "recommendation", "province"]]

    def draw(layout):
        width, narrow = layout
        gap, left = 15, 0 if narrow else 230
        blocks = blocks_of(names, width - left, narrow, cell=38)
        column = (width - left) / len(blocks[0])
        across = int((column - 6) // gap)
        chars = 42 if narrow else 29
        lines = {name: wrap(name, chars) for name in every.measure_name}
        deep = int(data.slot.max()) // across + 1
        tall = 16 * max(text.count("\n") + 1 for text in lines.values())
        top = tall if narrow else 0
        step = top + deep * gap + 14 if narrow else max(tall, deep * gap) + 10
        marked = data.assign(
            row=data.measure_name.map(lines),
            dx=(data.slot % across) * gap - column / 2 + 12,
            dy=(data.slot // across) * gap - step / 2 + top + 14,
        )
        who = selection("who", label("x_from"), names.province_name.to_dict())
        which = selection("which", label("x_recommendation"), recommendation_names)
        y = alt.Y("row:N", sort=list(lines.values()), axis=row_axis(narrow, step, at_top=True))
        xo = alt.XOffset("dx:Q", scale=alt.Scale(domain=[-column / 2, column / 2], range=[0, column]))
        yo = alt.YOffset("dy:Q", scale=alt.Scale(domain=[-step / 2, step / 2], range=[0, step]))
        kinds = ["same", "part", "aim"]
        rows_of = alt.Chart(every.assign(row=every.measure_name.map(lines))[["row", "recommendation"]])
        wanted, of_them = "which == 'all' || datum.recommendation == which", "who == 'all' || datum.province == who"
        bands = rows_of.transform_filter(wanted).mark_rule(color=COLOURS["line"], yOffset=step / 2)

        def block(head):
            # The columns stay where a filter leaves some of them empty.
            flat = alt.Scale(domain=list(head.values()), paddingInner=0, paddingOuter=0)
            x = alt.X("head:N", axis=column_axis(head.values(), narrow), scale=flat)
            mine = marked[marked.province.isin(head)]
            mine = mine.assign(head=mine.province.map(head))
            columns = ["row", "head", "dx", "dy", "relation", "full", "hue", "recommendation", "province", *LINK]
            marks = alt.Chart(mine[columns]).transform_filter(wanted).transform_filter(of_them)
            marks = marks.mark_point(size=90, strokeWidth=1.8, opacity=1).encode(
                x,
                y,
                xo,
                yo,
                shape=alt.Shape("relation:N", scale=alt.Scale(domain=kinds, range=["circle", HALF, "diamond"]), legend=None),
                fillOpacity=alt.FillOpacity("full:Q", scale=None, legend=None),
                fill=colour(),
                stroke=colour(),
                **linked(),
            )
            mine = empty[empty.province.isin(head)]
            mine = mine.assign(row=mine.measure_name.map(lines), head=mine.province.map(head))
            nothing = alt.Chart(mine[["row", "head", "recommendation", "province"]])
            nothing = nothing.transform_filter(wanted).transform_filter(of_them)
            nothing = nothing.mark_text(color=COLOURS["muted"], fontSize=12, yOffset=top + 14 - step / 2)
            nothing = nothing.encode(x, y, text=alt.TextValue(label("none")))
            across_all = bands.encode(y, x=alt.XValue(0), x2=alt.X2Value(column * len(head)))
            return alt.layer(across_all, marks, nothing).properties(width=column * len(head), height=alt.Step(step))

        return stacked([block(head) for head in blocks]).add_params(who, which)

    counts = data[data.role != "national"].groupby("measure").size()
    alt_text = say(
        "Matrix of {rows} measures by {columns} columns, one mark for each of {pairs} precedents among the pioneers and {national} links "
        "to national acts. Measures without a precedent among the pioneers: {without}. Most precedents: {measure}, with {most}.",
        rows=len(every),
        columns=len(columns),
        pairs=int(counts.sum()),
        national=int((data.role == "national").sum()),
        without=len(every) - len(counts),
        measure=every.set_index("measure").loc[counts.idxmax()].measure_name,
        most=counts.max(),
    )
    return framed(
        draw,
        twin,
        filters=filters,
        finding=finding,
        caveat=caveat,
        alt_text=alt_text,
        counted=say(
            "Precedents among the pioneers, and national acts apart (this book’s reading): "
            "● the same thing  ◐ part of it  ◇ same aim, other means."
        ),
    )
