"""Forms with a cell for each jurisdiction: the evidence map, practices by code, precedents."""

from typing import NamedTuple

import altair as alt
import pandas as pd

from casebook import addresses
from casebook.charts.axes import (
    LINK_COLUMNS,
    SYMBOL,
    blocks_of,
    colour,
    column_axis,
    linked,
    middle_offset,
    missing_room,
    missing_words,
    place_of,
    places_of,
    row_axis,
    selection,
    symbol_of,
    table_of,
    tip,
)
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import tally, wrap
from casebook.charts.theme import COLOURS
from casebook.evidence import NOT_MENTIONED
from casebook.words import label, placed, say, sentences, some

# The symbol of each code, as codes.csv has those of a status.
STATUS = {"in_place": "●", "under_way": "◐", "draft": "◇", "planned": "○"}
RELATION = {"same": "●", "part": "◐", "aim": "◇"}
PALE = 0.4  # the opacity of a link that some coding has not
GAP = 15  # pixels from mark to mark within a cell


class Cells(NamedTuple):
    """The cells of a matrix."""

    blocks: list[dict[str, str]]
    """Blocks of columns one below the other: {province: head of its column} each."""
    column: float
    """The width of a column in pixels."""
    margin: int
    """The pixels of a column that marks leave free."""
    narrow: bool
    """Whether the drawing is for a phone."""

    @property
    def across(self):
        """How many marks stand side by side in a cell."""
        return int((self.column - self.margin) // GAP)

    def deep(self, data):
        """How many rows of marks the fullest cell has; `slot` numbers the marks of a cell."""
        return int(data.slot.max()) // self.across + 1

    def with_offsets(self, data, step, top):
        """The rows of `data` with `dx` and `dy`: their pixels from the left and `top` of a cell."""
        row, at = divmod(data.slot, self.across)
        return data.assign(
            dx=at * GAP - self.column / 2 + 6 + self.margin, dy=row * GAP - step / 2 + top + 14
        )


def matrix_cells(places, layout, *, left, least, margin=8):
    """The `Cells` of a matrix, `least` pixels wide or more, whose labels take `left` pixels."""
    room = layout.width - (0 if layout.narrow else left)
    blocks = blocks_of(places, room, layout.narrow, cell=least)
    return Cells(blocks, room / len(blocks[0]), margin, layout.narrow)


def matrix(cells, step, rows, layers, *, offsets=False, behind=None):
    """A matrix of the texts `rows`, each `step` pixels high, by jurisdictions.

    `layers` has (data, columns, mark) each: `mark` makes marks of a chart of those columns of
    `data` (with province and row), which stands in the middle of its cells, or with `offsets` at
    its own. `behind` is a chart with `row` that is drawn across all columns.
    """
    flat = {"paddingInner": 0, "paddingOuter": 0} if offsets else {}
    axis = row_axis(cells.narrow, step, at_top=offsets)
    y = alt.Y("row:N", sort=list(rows), axis=axis, scale=alt.Scale(**flat))

    def block(heads):
        # A column stays where a filter leaves it empty.
        scale = alt.Scale(domain=list(heads.values()), **flat)
        x = alt.X("head:N", axis=column_axis(heads.values(), cells.narrow), scale=scale)
        width = cells.column * len(heads)
        charts = []
        if behind is not None:
            charts.append(behind.encode(y, x=alt.XValue(0), x2=alt.X2Value(width)))
        for data, columns, mark in layers:
            in_block = data[data.province.isin(heads)]
            in_block = in_block.assign(head=in_block.province.map(heads))
            charts.append(mark(alt.Chart(in_block[["row", "head", *columns]]).encode(x, y)))
        return alt.layer(*charts).properties(width=width, height=alt.Step(step))

    blocks = [block(heads) for heads in cells.blocks]
    return alt.vconcat(*blocks, spacing=30) if len(blocks) > 1 else blocks[0]


def dots(cells, step, by, symbols, names, opacity=None):
    """What makes a linked mark of each row at its offsets: its shape is that of its code `by`.

    `symbols` and `names` are those of `axes.symbol_of`. `opacity` is a column of opacities; without
    it all marks are opaque.
    """
    width = cells.column * len(cells.blocks[0])
    pale = {"opacity": alt.Opacity(f"{opacity}:Q", scale=None, legend=None)} if opacity else {}

    def mark(chart):
        return chart.mark_point(**SYMBOL).encode(
            alt.XOffset("dx:Q", scale=middle_offset(cells.column)),
            alt.YOffset("dy:Q", scale=middle_offset(step)),
            shape=symbol_of(by, symbols, names, width),
            **pale,
            fill=colour(),
            **linked(),
        )

    return mark


def empty_in_words(words, shift):
    """What says in words that a cell is empty, `shift` pixels below its middle."""

    def mark(chart):
        drawn = chart.mark_text(color=COLOURS["muted"], fontSize=12, lineBreak="\n", yOffset=shift)
        return drawn.encode(text=alt.TextValue(words))

    return mark


def empty_cells(rows, places, data):
    """The cells of `rows` (a column row) by `places` in which no row of `data` stands."""
    cells = rows.merge(pd.DataFrame({"province": list(places.index)}), how="cross")
    keys = ["row", "province"]
    filled = pd.MultiIndex.from_frame(data[keys])
    return cells[~pd.MultiIndex.from_frame(cells[keys]).isin(filled)]


@where_coded
def evidence_map(grid, *, finding, caveat):
    """Bubbles in a matrix of sub-sections by jurisdictions; the area is the number of practices.

    `grid` is `Evidence.evidence_map()`: section, short, province, province_name, type, n. An empty
    cell says so in words.
    """
    data = grid.assign(
        row=grid.section + "  " + grid.short,
        href=[addresses.of_cell(*cell) for cell in zip(grid.section, grid.province)],
        tip=[
            some(
                "{place}, {section} {name}: {n} practice named",
                "{place}, {section} {name}: {n} practices named",
                row.n,
                place=placed(row.province_name, row.type),
                section=row.section,
                name=row.short,
            )
            for row in grid.itertuples()
        ],
    )
    named = data.n.where(data.n > 0, NOT_MENTIONED)
    columns = {"subsection": "row", "jurisdiction": place_of(data), "named": named}
    return framed(
        lambda layout: draw_evidence_map(data, layout),
        table_of(data, columns).assign(href=data.href.where(data.n > 0, "")),
        finding=finding,
        counted=say("Practices the article names; area of a bubble = their number."),
        caveat=caveat,
        alt_text=evidence_map_in_words(data),
    )


def draw_evidence_map(data, layout):
    """The drawing of `evidence_map` for one layout."""
    step, shift = (74, 10) if layout.narrow else (50, 0)
    cells = matrix_cells(places_of(data), layout, left=190, least=missing_room())
    area = alt.Scale(type="linear", domain=[0, 10], range=[0, 2300], zero=True)

    def bubbles(chart):
        mark = chart.mark_circle(opacity=1, fillOpacity=0.18, strokeWidth=1.5, yOffset=shift)
        size = alt.Size("n:Q", scale=area, legend=None)
        return mark.encode(size=size, fill=colour(), stroke=colour(), **linked())

    def numbers(chart):
        return chart.mark_text(fontWeight="bold", yOffset=shift).encode(text=alt.Text("n:Q"))

    full, columns = data[data.n > 0], ["n", "hue", *LINK_COLUMNS]
    nothing = empty_in_words(missing_words(cells.column), shift)
    layers = [(full, columns, bubbles), (full, columns, numbers), (data[data.n == 0], [], nothing)]
    return matrix(cells, step, dict.fromkeys(data.row), layers)


def evidence_map_in_words(data):
    """The alt text of `evidence_map`."""
    top = data.loc[data.n.idxmax()]
    return say(
        "Bubble matrix of {rows} sub-sections by {columns} jurisdictions. "
        "Practices named: {counts}. The largest cell is {place}, {section} {name}, with {most}; "
        "{empty} of {cells} cells read “{missing}”.",
        rows=data.section.nunique(),
        columns=data.province.nunique(),
        counts=tally(data.groupby("province_name", sort=False).n.sum()),
        place=top.province_name,
        section=top.section,
        name=top["short"],
        most=top.n,
        empty=(data.n == 0).sum(),
        cells=len(data),
        missing=label("not_mentioned"),
    )


@where_coded
def unit_matrix(rows, *, by, order, finding, caveat):
    """One mark a practice, in rows of codes and columns of jurisdictions; its form is the status.

    `rows` are register rows, `by` is their column of codes. `order` maps each code to its name, in
    the order of the rows. An empty cell reads “not mentioned”.
    """
    places = places_of(rows)
    data = rows[rows[by].isin(order)]
    data = data.assign(tip=tip(rows), row=rows[by].map(order))
    data = data.assign(slot=data.groupby(["row", "province"]).cumcount())
    empty = empty_cells(pd.DataFrame({"row": list(order.values())}), places, data)
    columns = {by: "row", "jurisdiction": place_of(data), "practice": "name"}
    columns |= {"status": "status_name", "date": "dated", "checked": "verdicts"}
    return framed(
        lambda layout: draw_unit_matrix(data, empty, places, list(order.values()), layout),
        table_of(data, columns),
        finding=finding,
        counted=say("Practices the article names, one mark each; its form is its status."),
        caveat=caveat,
        alt_text=unit_matrix_in_words(data, len(order), len(places), len(empty)),
    )


def draw_unit_matrix(data, empty, places, names, layout):
    """The drawing of `unit_matrix` for one layout; `names` are the texts of its rows."""
    cells = matrix_cells(places, layout, left=150, least=missing_room())
    words = missing_words(cells.column)
    text = {name: wrap(name, 40 if layout.narrow else 19) for name in names}
    tall = 16 * max(lines.count("\n") + 1 for lines in text.values())
    deep = cells.deep(data) * GAP
    if layout.narrow:
        step, top = max(deep, 30) + tall + 20, tall + 2
    else:
        step, top = max(tall + 10, deep + 12, 16 * words.count("\n") + 26), 0
    drawn = cells.with_offsets(data.assign(row=data.row.map(text)), step, top)
    statuses = dict(zip(data.status, data.status_name))
    layers = [
        (
            drawn,
            ["dx", "dy", "status", "hue", *LINK_COLUMNS],
            dots(cells, step, "status", STATUS, statuses),
        ),
        (empty.assign(row=empty.row.map(text)), [], empty_in_words(words, top + 14 - step / 2)),
    ]
    return matrix(cells, step, text.values(), layers, offsets=True)


def unit_matrix_in_words(data, rows, columns, empty):
    """The alt text of `unit_matrix`, from how many rows, columns and empty cells there are."""
    once = data.drop_duplicates("practice")
    numbers = {"rows": rows, "columns": columns, "in_place": int((once.status == "in_place").sum())}
    if len(once) == len(data):
        drawn = some(
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practice "
            "({in_place} reported in place), one mark each.",
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practices "
            "({in_place} reported in place), one mark each.",
            len(once),
            **numbers,
        )
    else:
        drawn = some(
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practice "
            "({in_place} reported in place), "
            "drawn as {marks} marks, one in each row to which a practice belongs.",
            "Matrix of {rows} rows by {columns} jurisdictions with {n} practices "
            "({in_place} reported in place), "
            "drawn as {marks} marks, one in each row to which a practice belongs.",
            len(once),
            marks=len(data),
            **numbers,
        )
    counts = data.groupby(["row", "province_name"], sort=False).size()
    row, place = counts.idxmax()
    most = say(
        "Most marks: {place}, {row}, with {most}; {empty} cells read “{missing}”.",
        place=place,
        row=row.replace("\n", " "),
        most=counts.max(),
        empty=empty,
        missing=label("not_mentioned"),
    )
    return sentences([drawn, most])


@where_coded
def precedents(rows, measures, ground, *, recommendation_names, finding, caveat):
    """Measures by jurisdictions, one mark a precedent, with a select of each: whose, and for what.

    `rows` is `Evidence.precedents_of()` with sure, whether every blind coding has the link too;
    `measures` is every measure in order (measure, name, section, recommendation). `ground` has, for
    each measure, n facts of what the addressee had, and the addressee's province, province_name,
    type and hue; its column comes last. `recommendation_names` maps a recommendation to its short
    name. A cell without a precedent says “none”.
    """
    every = pd.DataFrame({"row": measures.section + " " + measures.name})
    every = every.assign(measure=measures.measure, recommendation=measures.recommendation)
    tips = zip(rows.relation_name, tip(rows))
    data = rows.assign(
        row=rows.section_of_measure + " " + rows.measure_name,
        seen=rows.sure.map({True: 1, False: PALE}),
        slot=rows.groupby(["measure", "province"]).cumcount(),
        tip=[say("{relation} – {practice}", relation=how, practice=text) for how, text in tips],
    )
    recommended = data.recommendation.map(recommendation_names)
    columns = {"precedent": "name", "jurisdiction": place_of(data), "measure": "row"}
    columns |= {"recommendation": recommended, "relation": "relation_name", "status": "status_name"}
    return framed(
        lambda layout: draw_precedents(data, every, ground, recommendation_names, layout),
        table_of(data, columns),
        filters={"who": list(data.province), "which": list(data.recommendation)},
        finding=finding,
        counted=precedents_counted(data, ground.province_name.iloc[0]),
        caveat=caveat,
        alt_text=precedents_in_words(data, every),
    )


def draw_precedents(data, every, ground, recommendation_names, layout):
    """The drawing of `precedents` for one layout; `every` has a row for each measure."""
    places = places_of(data)
    target = places_of(ground.assign(place=places.place.max() + 1))
    columns = pd.concat([places, target])
    cells = matrix_cells(columns, layout, left=238, least=38, margin=6)
    text = {name: wrap(name, 42 if layout.narrow else 33) for name in every.row}
    tall = 16 * max(lines.count("\n") + 1 for lines in text.values())
    deep = cells.deep(data) * GAP
    step, top = (tall + deep + 14, tall) if layout.narrow else (max(tall, deep) + 10, 0)
    wanted = "which == 'all' || datum.recommendation == which"
    of_them = "who == 'all' || datum.province == who"

    def chosen(mark):
        return lambda chart: mark(chart.transform_filter(wanted).transform_filter(of_them))

    empty = empty_cells(every, places, data).assign(row=lambda of: of.row.map(text))
    had = ground.merge(every, on="measure").assign(row=lambda of: of.row.map(text))
    by = ["recommendation", "province"]
    drawn = ["dx", "dy", "relation", "seen", "hue", *by, *LINK_COLUMNS]
    marked = cells.with_offsets(data.assign(row=data.row.map(text)), step, top)
    relations = dict(zip(data.relation, data.relation_name))
    shift = top + 14 - step / 2
    marks = dots(cells, step, "relation", RELATION, relations, opacity="seen")
    layers = [
        (marked, drawn, chosen(marks)),
        (empty, by, chosen(empty_in_words(label("none"), shift))),
        (
            had,
            ["recommendation", "n"],
            lambda chart: numbers_in_cells(chart.transform_filter(wanted), shift),
        ),
    ]
    lines = alt.Chart(every.assign(row=every.row.map(text))[["row", "recommendation"]])
    lines = lines.transform_filter(wanted).mark_rule(color=COLOURS["line"], yOffset=step / 2)
    return matrix(cells, step, text.values(), layers, offsets=True, behind=lines).add_params(
        selection("who", say("Precedents from"), places.province_name.to_dict()),
        selection("which", say("Recommendation"), recommendation_names),
    )


def numbers_in_cells(chart, shift):
    """The number n of each cell of a chart, `shift` pixels below its middle."""
    return chart.mark_text(fontWeight="bold", yOffset=shift).encode(text=alt.Text("n:Q"))


def precedents_counted(data, place):
    """What `precedents` counts; of coders it speaks where they differ. `place` is advised."""
    if data.sure.all():
        return say(
            "Precedents among the pioneers (this book’s reading), one mark each; its form is the "
            "relation. Last column: facts that sources show {place} had.",
            place=place,
        )
    return say(
        "Precedents among the pioneers (this book’s reading), one mark each; its form is the "
        "relation; pale: one coder or more do not see it. "
        "Last column: facts that sources show {place} had.",
        place=place,
    )


def precedents_in_words(data, every):
    """The alt text of `precedents`."""
    counts = data.groupby("measure").size()
    cells = {"rows": len(every), "columns": data.province.nunique(), "pairs": len(data)}
    most = {
        "without": len(every) - len(counts),
        "measure": every.set_index("measure").row[counts.idxmax()],
        "most": counts.max(),
    }
    if data.sure.all():
        return say(
            "Matrix of {rows} measures by {columns} columns, one mark for each of {pairs} "
            "precedents among the pioneers. "
            "Measures without a precedent: {without}. Most precedents: {measure}, with {most}.",
            **cells,
            **most,
        )
    return say(
        "Matrix of {rows} measures by {columns} columns, one mark for each of {pairs} precedents "
        "among the pioneers, {sure} of them in every blind coding. "
        "Measures without a precedent: {without}. Most precedents: {measure}, with {most}.",
        sure=int(data.sure.sum()),
        **cells,
        **most,
    )
