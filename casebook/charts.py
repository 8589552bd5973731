"""The chart grammar: one theme, fixed colours and order, one function for each reusable form.

Every function returns an Altair chart that carries, besides its marks, what a reader needs to judge it: a title that
states the finding, what is counted, a caveat with the source, alt text made from its data, a second drawing for
narrow screens, and its rows as a table. `site/figure.py` turns that into a page; JupyterLab shows the same object live.

All forms take `finding` (a sentence), and `caveat` (a sentence on what the chart cannot show); forms that draw a mark for
each practice say themselves what is counted. Rows link to the register through their `href` column. What is shown is in
the edition's language (`edition.say`); data, filters and colours go by codes.
"""

import json
import re
from functools import wraps
from itertools import pairwise
from textwrap import TextWrapper
from unicodedata import bidirectional, east_asian_width

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from casebook.edition import joined, label, number, placed, say, sentences, some, the_article
from casebook.evidence import NOT_MENTIONED
from casebook.inert import fragment, in_expression
from casebook.priorities import BANDS, LIMIT, MIDDLE, in_play, percent, rounded
from casebook.tables import nothing
from casebook.theme import COLOURS, CONFIG, TEXT

WIDE, NARROW = 660, 300  # pixels: the text column at 1280, and what a phone of 360 leaves
HAN_WIDTH = 1.8  # a Chinese character's width, in Latin ones
ASIDE = re.compile("（[^（）]{1,4}）")
OPENING, CLOSING = "（《〈〔“‘([", "，。、；：？！）》〉〕”’,.;:?!)]%"  # marks that end no line, and that begin none
# A half-filled disc: the right half, and an arc there and back that draws the rest of the outline without filling it.
HALF = "M0,-1A1,1,0,0,1,0,1ZM0,-1A1,1,0,0,0,0,1A1,1,0,0,1,0,-1Z"
STATUS_FILL = {"in_place": 1, "under_way": 1, "draft": 0, "planned": 0}
STATUS_SHAPE = {"in_place": "circle", "under_way": HALF, "draft": "diamond", "planned": "circle"}

# What an import changes for a reader's own charts: how they travel to JupyterLab (casebook.renderer), not how they look.
alt.renderers.enable("casebook")
alt.data_transformers.disable_max_rows()


def is_wide(character):
    """Whether a character is as wide as it is tall: Chinese, and the marks within Chinese."""
    return east_asian_width(character) in "WF"


def is_from_right(character):
    """Whether a character is of a script that runs from right to left."""
    return bidirectional(character) in ("R", "AL")


def width_of(text):
    """The width of a text, in Latin characters; multiplied, for a sum of fractions is rounded otherwise from Python 3.12 on."""
    wide = sum(map(is_wide, text))
    return HAN_WIDTH * wide + (len(text) - wide)


def pieces_of(text):
    """A text in pieces, none of which may be broken: words and blanks, as textwrap has them, and in Chinese every character,
    with the marks that may not begin or end a line, a number with what it counts, and a short word in brackets."""
    for word in filter(None, TextWrapper.wordsep_re.split(re.sub(r"[\t\n\r]", " ", text))):
        start, inside = 0, {at for found in ASIDE.finditer(word) for at in range(found.start() + 1, found.end())}
        for at, (before, after) in enumerate(pairwise(word), start=1):
            held = at in inside or before in OPENING or after in CLOSING or (before.isdigit() and after.isalpha())
            if not held and (is_wide(before) or is_wide(after)):
                yield word[start:at]
                start = at
        yield word[start:]


def lines_of(text, width):
    """`text` as a list of lines of at most `width` Latin characters; a longer word stays whole.

    English breaks as textwrap.wrap does, Chinese between any two characters unless a mark forbids it.
    """
    lines = [""]
    for piece in pieces_of(str(text)):
        if lines[-1] and width_of(lines[-1] + piece) > width:
            lines.append("")
        if lines[-1] or piece.strip() or len(lines) == 1:  # a line does not begin with a blank
            lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]


def wrap(text, width):
    """`text` broken into lines of at most `width` Latin characters, joined with line feeds; lines of Chinese, which breaks
    anywhere, are of about one length, so that no last character stands alone."""
    lines = lines_of(text, width)
    while len(lines) > 1 and any(map(is_wide, str(text))) and len(closer := lines_of(text, width - 1)) == len(lines):
        lines, width = closer, width - 1
    # A text of several lines is one paragraph to some that draw SVG: what runs from right to left stays within its line.
    if len(lines) > 1 and any(map(is_from_right, str(text))):
        lines = [f"\u2068{line}\u2069" for line in lines]
    return "\n".join(lines)


def tally(counts):
    """Names with their numbers, as a list: `tally({"Beijing": 31, "Shanghai": 9})` is “Beijing 31, Shanghai 9”."""
    return joined(say("{name} {n}", name=name, n=number(n)) for name, n in counts.items())


def expression(message, **parts):
    """A message as a Vega expression: each of its {names} is what the expression of that name in `parts` gives."""
    pieces = re.split(r"\{(\w+)\}", message)
    pieces = [parts[piece] if at % 2 else piece and in_expression(piece) for at, piece in enumerate(pieces)]
    return " + ".join(filter(None, pieces))


def framed(draw, twin, *, finding, counted, caveat, alt_text, source="source", filters=None):
    """Finish a chart: `draw(width)` makes the marks for one width in pixels; it is called for the wide and the narrow form.

    `twin` has the drawn rows as a reader would read them: a column a heading, and `href`, where a row leads (or empty).
    `filters` maps a parameter of the chart to the code that it selects each row of `twin` by.
    `source` is the label (`edition.LABELS`) of the line that says where the marks come from.
    The frame's parts travel in the specification's `usermeta`, the title and subtitle in its title for JupyterLab.
    """
    for part, value in {"finding": finding, "counted": counted, "caveat": caveat, "alt text": alt_text}.items():
        if not str(value).strip():
            raise ValueError(f"a chart needs its {part}")
    caveat = sentences([caveat, label(source).format(**the_article())])
    lines = [*lines_of(counted, 95), *lines_of(caveat, 95)]
    with debug_mode(False):  # Altair's own check of each part; the whole is checked where it is shown
        narrow, wide = draw(NARROW).to_dict(validate=False), draw(WIDE)
    for key in ("config", "$schema"):
        narrow.pop(key, None)
    frame = {
        "finding": finding,
        "counted": counted,
        "caveat": caveat,
        "narrow": narrow,
        "table": parts_of(twin),
        "filters": filters or {},
    }
    wide.title = alt.TitleParams(lines_of(finding, 80), subtitle=lines)
    # Room for readers whose own font is wider than the one the labels were measured with.
    wide.padding = {"left": 18, "right": 5, "top": 5, "bottom": 5}
    wide.description, wide.config, wide.usermeta = alt_text, CONFIG, {"casebook": frame}
    return wide


def parts_of(twin):
    """A frame of texts with `href` as the parts of a table: {"columns", "rows" (lists of cells), "href" (one a row)}."""
    cells = twin.drop(columns="href")
    return {"columns": list(cells), "rows": cells.astype(object).to_numpy().tolist(), "href": list(twin.href)}


def place_of(rows):
    """A jurisdiction's name with its type, on one line."""
    return pd.Series([placed(*pair) for pair in zip(rows.province_name, rows.type)], index=rows.index)


def named(rows):
    """A practice's name after its jurisdiction's and its type, on one line."""
    pairs = zip(place_of(rows), rows["name"])
    return pd.Series([say("{place}: {practice}", place=place, practice=name) for place, name in pairs], index=rows.index)


def table_of(rows, columns):
    """A chart's rows as a reader reads them: `columns` maps a label of a heading to a column's name or to its values."""
    cells = {label(key): (rows[value] if isinstance(value, str) else value) for key, value in columns.items()}
    return pd.DataFrame(cells, index=rows.index).assign(href=rows.get("href", ""))


def heads(frame, form=""):
    """A province's name with its type, as the two lines of a column head: never the one without the other.

    With the form “_short” a type that is long is abbreviated.
    """
    kinds = [label("municipality" + form if kind == "municipality" else kind) for kind in frame.type]
    return [f"{name}\n{kind}" for name, kind in zip(frame.province_name, kinds)]


def tip(rows):
    """Tooltip text of register rows: jurisdiction and type, name, status, date, and the verdicts of its checks in words."""
    dated = rows.dated.where(rows.dated != NOT_MENTIONED, say("date not mentioned"))
    tips = [
        say("{practice} – {status}, {date}; {checks}", practice=practice, status=status, date=date, checks=checks)
        for practice, status, date, checks in zip(named(rows), rows.status_name, dated, rows.verdicts)
    ]
    return pd.Series(tips, index=rows.index)


def colour():
    """The colours of jurisdictions (a column `hue`), without a legend: a name or a heading always stands beside them."""
    hues = [name for name in COLOURS if name.startswith("place-") or name == "national"]
    return alt.Color("hue:N", scale=alt.Scale(domain=hues, range=[COLOURS[name] for name in hues]), legend=None)


def places_of(rows):
    """The jurisdictions of `rows` in their order: one row each, indexed by province."""
    return rows.drop_duplicates("province").sort_values("place").set_index("province")


def linked():
    """The channels of a linked mark: where it leads, and what it says (tooltip, and the name for a screen reader)."""
    return {"href": alt.Href("href:N"), "tooltip": alt.Tooltip("tip:N", title=" "), "description": alt.Description("tip:N")}


LINK = ["href", "tip"]  # the columns that `linked` draws from


def selection(name, title, options):
    """A parameter that selects one code of `options` (a name for each), or all of them."""
    names = [label("filter_all"), *options.values()]
    return alt.param(name, value="all", bind=alt.binding_select(options=["all", *options], labels=names, name=f"{title} "))


def row_axis(narrow, step, above=False, lines=1, at_top=False):
    """A vertical axis of labels: to the left of their bands, or (narrow, or `above`) on top of them, within the chart.

    Labels to the left stand in the middle of their band (`lines` says of how many lines they are) or `at_top` of it.
    """
    expr = "split(datum.label, '\\n')"
    if at_top and not narrow:
        return alt.Axis(
            title=None, labelExpr=expr, labelPadding=8, labelLineHeight=16, labelBaseline="line-top", labelOffset=-step / 2 + 6
        )
    if not (narrow or above):
        # Vega puts the first line of a label on the middle: shift a block of lines up by half of the rest.
        up = -8 * (lines - 1)
        return alt.Axis(title=None, labelExpr=expr, labelPadding=8, labelLineHeight=16, labelBaseline="middle", labelOffset=up)
    return alt.Axis(
        title=None,
        labelExpr=expr,
        labelAlign="left",
        labelBaseline="line-top",
        labelPadding=0,
        labelOffset=-step / 2 + 2,
        labelLineHeight=16,
        minExtent=0,
        maxExtent=0,
        zindex=1,
    )


def blocks_of(places, room, narrow, cell):
    """The columns of a matrix, in as many blocks as `room` pixels need: a list of {province: head of its column}.

    `places` is `places_of` some rows, `cell` the pixels that what stands in a cell needs. Heads are a name and its type on
    two lines. Where they would meet they are broken into more, with the type in short; a phone's stand by turns lower first.
    Columns that do not fit beside each other even then go on in another block below, as a long line of text does.
    """
    long, short = heads(places), heads(places, "_short")
    whole = short if narrow else long
    taken = 7 * len(whole) * max(width_of(line) for head in whole for line in head.splitlines())
    if len(whole) * cell <= room and taken <= (2 if narrow else 1) * room:
        lower = "\n\n" if taken > room else ""
        return [dict(zip(places.index, (at % 2 * lower + head for at, head in enumerate(whole))))]
    least = max(cell, 8 + 6.8 * max(width_of(piece) for head in short for piece in pieces_of(head)))
    count = -(-len(short) // max(1, int(room // least)))
    each = -(-len(short) // count)
    fits = int((room / each - 8) / 6.8)
    chosen = long if max(width_of(piece) for head in long for piece in pieces_of(head)) <= fits else short
    broken = ["\n".join(wrap(line, fits) for line in head.splitlines()) for head in chosen]
    pairs = list(zip(places.index, broken))
    return [dict(pairs[at : at + each]) for at in range(0, len(pairs), each)]


def missing_room():
    """The pixels of a cell in which “not mentioned”, broken between its words, stands apart from that of the next cell."""
    return max(60, 10 + round(6.3 * max(map(width_of, label("not_mentioned").split()))))


def missing_words(column):
    """What an empty cell says, in as many lines as a column of so many pixels needs."""
    return wrap(label("not_mentioned"), max(1, int((column - 4) / 6.3)))


def column_axis(heads, narrow):
    """A horizontal axis of column heads of several lines (the texts `heads`) on top."""
    return alt.Axis(
        title=None,
        orient="top",
        labelExpr="split(datum.label, '\\n')",
        labelAngle=0,
        labelLineHeight=16,
        offset=4 + 16 * max(head.count("\n") for head in heads),
        labelFontSize=12 if narrow or any(head.count("\n") > 1 for head in heads) else TEXT,
    )


def stacked(blocks):
    """The blocks of a matrix one below the other; a single one as it is."""
    return alt.vconcat(*blocks, spacing=30) if len(blocks) > 1 else blocks[0]


def where_coded(form):
    """A form of which nothing is drawn before a practice is coded: its finding would be none; a sentence stands there instead."""

    @wraps(form)
    def drawn(rows, *arguments, **words):
        coded = rows.n.sum() if "n" in rows else len(rows)
        return form(rows, *arguments, **words) if coded else nothing(label("chart"))

    return drawn


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

    def draw(width):
        narrow = width < 500
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

    def draw(width):
        narrow = width < 500
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


@where_coded
def timeline(rows, *, finding, caveat, elsewhere=None):
    """What the article dates: a point for a year, a bar for a period, each labelled on its own line; the undated are not drawn.

    `rows` are register rows; those with neither year nor period are left out (list them beside the chart).
    `elsewhere`, if given, has columns practice and checked_year: the year a public source gives, drawn hollow; a practice
    without a date in the article is then drawn with the hollow mark alone.
    """
    data = rows.assign(start=rows.period_start.fillna(rows.year), end=rows.period_end.fillna(rows.year), tip=tip(rows))
    if elsewhere is not None:
        data = data.merge(elsewhere.groupby("practice", as_index=False).checked_year.min(), on="practice", how="left")
    else:
        data = data.assign(checked_year=pd.array([pd.NA] * len(data), dtype="Int64"))
    data = data[data.start.notna() | data.checked_year.notna()]
    data = data.assign(first=data.start.fillna(data.checked_year)).sort_values(["first", "end"], kind="stable")
    seen = data.checked_year.map(label("year").format, na_action="ignore")
    full = named(data)
    low, high = int(data["first"].min()) - 1, int(max(data.end.max(), data.checked_year.fillna(0).max())) + 1
    if elsewhere is not None:
        low = min(low, int(data.checked_year.min()) - 1)

    def draw(width):
        narrow = width < 500
        rows = data.assign(row=[wrap(text, int(width / 7.3)) for text in full], seen=seen)
        lines = int(rows.row.str.count("\n").max()) + 1
        step = lines * 16 + 34
        shift = step / 2 - 14
        years = list(range(low + low % 2, high + 1, 4 if narrow and high - low > 8 else 2))
        x_axis = alt.Axis(title=None, values=years, format="d", orient="top", grid=False)
        x = alt.X("start:Q", axis=x_axis, scale=alt.Scale(domain=[low, high], nice=False))
        y = alt.Y("row:N", sort=list(rows.row), axis=row_axis(narrow, step, above=True))
        sourced = [] if elsewhere is None else ["checked_year", "seen"]
        marked = rows[["row", "start", "end", "dated", *sourced, "hue", *LINK]]
        # A label stands where there is more room: after the mark, or before it.
        begins, ends = rows["first"], rows.end.fillna(rows["first"])
        in_article, early = marked.start.notna(), high - ends >= begins - low
        guide = (
            alt.Chart(marked).mark_rule(color=COLOURS["line"], yOffset=shift).encode(y, x=alt.XValue(0), x2=alt.X2Value(width))
        )
        periods = alt.Chart(marked[marked.end > marked.start]).mark_bar(height=10, cornerRadius=2, yOffset=shift)
        periods = periods.encode(x, y, x2=alt.X2("end:Q"), color=colour(), **linked())
        points = (
            alt.Chart(marked[in_article & (marked.end == marked.start)])
            .mark_point(size=110, filled=True, opacity=1, yOffset=shift)
            .encode(x, y, color=colour(), **linked())
        )
        layers = [guide, periods, points]
        for side, align, edge, dx in ((early, "left", "end", 10), (~early, "right", "start", -10)):
            written = {"align": align, "dx": dx, "yOffset": shift, "baseline": "bottom", "dy": -2}
            text = alt.Chart(marked[in_article & side]).mark_text(**written)
            layers.append(text.encode(alt.X(f"{edge}:Q", axis=x_axis), y, text=alt.Text("dated:N")))
            if (~in_article & side).any():
                text = alt.Chart(marked[~in_article & side]).mark_text(**written, color=COLOURS["muted"])
                layers.append(text.encode(alt.X("checked_year:Q", axis=x_axis), y, text=alt.Text("seen:N")))
        if elsewhere is not None:
            hollow = alt.Chart(marked[marked.checked_year.notna()]).mark_point(
                size=110, shape="diamond", strokeWidth=1.8, opacity=1, yOffset=shift
            )
            layers.append(hollow.encode(alt.X("checked_year:Q", axis=x_axis), y, stroke=colour(), **linked()))
        return alt.layer(*layers).properties(width=width, height=alt.Step(step))

    dated = data[data.start.notna()]
    first, last = int(dated.start.min()), int(dated.end.max())
    periods, singles = int((dated.end > dated.start).sum()), int((dated.end == dated.start).sum())
    marks = [some("{n} period", "{n} periods", periods)] if periods else []
    marks += [some("{n} single year", "{n} single years", singles)] if singles else []
    told = [
        some(
            "Time line of {n} practice that the article dates, {years}: {marks}.",
            "Time line of {n} practices that the article dates, {years}: {marks}.",
            len(dated),
            years=say("{first} to {last}", first=first, last=last) if last > first else label("year").format(first),
            marks=joined(marks, "both"),
        ),
        say(
            "First: {place}, {practice} ({date}).",
            place=dated.iloc[0].province_name,
            practice=dated.iloc[0]["name"],
            date=dated.iloc[0].dated,
        ),
    ]
    counted = say("Only what the article dates: ● a year, a bar for the period in a title.")
    if elsewhere is not None:
        counted = say("● year in the article (a bar for a period), ◇ year that a public source gives.")
        told.append(say("Years from public sources: {n}.", n=int(data.checked_year.notna().sum())))
    source = "source" if elsewhere is None else "sources"
    columns = {"practice": "name", "jurisdiction": place_of(data), "in_article": "dated"}
    if elsewhere is not None:
        columns["in_source"] = seen.fillna(label("not_looked_up"))
    twin = table_of(data, {**columns, "checked": "verdicts"})
    frame = {"finding": finding, "counted": counted, "caveat": caveat, "source": source}
    return framed(draw, twin, **frame, alt_text=sentences(told))


def links(lists, pairs, *, finding, counted, caveat, full_line="", also=()):
    """Two or three lists side by side, joined by lines where this book reads two members as speaking of the same field.

    `lists` is a list of (head, DataFrame with id, name, href, hue), `pairs` a DataFrame with left, right, relation and reason.
    A full line is “same” (`full_line` says in the alt text what that means; if it is empty, the same field), a dashed one
    any other relation.
    `also` are members drawn grey at the foot of the last list.
    """
    ends = {member: (i, j) for i, (_, frame) in enumerate(lists) for j, member in enumerate(frame.id)}

    def draw(width):
        narrow = width < 500
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
def strip(rows, sections, *, finding, caveat):
    """Where in the article each jurisdiction's evidence stands: a tick for each practice along the text, in characters.

    `rows` are register rows with `locator`; `sections` is `Evidence.subsections()`, whose lengths make the scale.
    """
    starts, total = {}, 0
    for row in sections.itertuples():
        starts[row.section] = total
        total += row.characters
    data = rows[rows.section.isin(starts)]
    offset = data.locator.str.split(" | ", regex=False).str[-1].str.extract(r"@(\d+)\+")[0].astype(int)
    data = data.assign(
        at=data.section.map(starts) + offset,
        tip=[say("{section} · {practice}", section=section, practice=text) for section, text in zip(data.section, tip(data))],
    )
    bands = pd.DataFrame(
        [
            {"from": starts[r.section], "to": starts[r.section] + r.characters, "section": r.section, "odd": i % 2}
            for i, r in enumerate(sections.itertuples())
        ]
    )
    bands["middle"] = (bands["from"] + bands["to"]) / 2
    names = places_of(data)
    columns = list(names.index)

    def draw(width):
        narrow = width < 500
        left = 0 if narrow else (120 if names.province_name.map(width_of).max() <= 15 else 190)
        pairs = [(name, label(kind)) for name, kind in zip(names.province_name, names.type)]
        texts = [
            wrap(say("{name} · {type}", name=name, type=kind), 40) if narrow else f"{wrap(name, int(left / 7.5))}\n{kind}"
            for name, kind in pairs
        ]
        lines = max(text.count("\n") + 1 for text in texts)
        # A label is as high as the longest: what is shorter stands in the middle of it.
        texts = texts if narrow else ["\n" * ((lines - text.count("\n") - 1) // 2) + text for text in texts]
        head = dict(zip(columns, texts))
        step = 36 + 16 * lines if narrow else max(40, 16 * lines + 8)
        x = alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, total], nice=False))
        y = alt.Y("row:N", sort=list(head.values()), axis=row_axis(narrow, step, lines=lines))
        areas = (
            alt.Chart(bands[bands.odd == 1][["from", "to"]])
            .mark_rect(color=COLOURS["band"])
            .encode(alt.X("from:Q", axis=None), x2=alt.X2("to:Q"))
        )
        shown = bands[bands.section.str.endswith(".1")] if narrow else bands
        marks = alt.Chart(shown[["middle", "section"]]).mark_text(fontSize=12, color=COLOURS["muted"], baseline="bottom", y=-4)
        marks = marks.encode(alt.X("middle:Q", axis=None), text=alt.Text("section:N"))
        marked = data.assign(row=data.province.map(head))[["at", "row", "hue", *LINK]]
        ticks = alt.Chart(marked).mark_tick(thickness=2.5, size=20, opacity=1, yOffset=2 + 8 * lines if narrow else 0)
        return alt.layer(areas, marks, ticks.encode(x, y, color=colour(), **linked())).properties(
            width=width - left, height=alt.Step(step)
        )

    spans = data.groupby("province_name", sort=False).section.agg(lambda s: s.str[0].nunique())
    ticks = [
        some(
            "{name}: {n} tick in {themes} of 4 themes.",
            "{name}: {n} ticks in {themes} of 4 themes.",
            (data.province_name == name).sum(),
            name=name,
            themes=themes,
        )
        for name, themes in spans.items()
    ]
    whole = say(
        "Strip of {ticks} ticks along the text of {sections} sub-sections ({total} characters), one row a jurisdiction.",
        ticks=len(data),
        sections=len(bands),
        total=total,
    )
    alt_text = sentences([whole, *ticks])
    where = {"subsection": "section", "character": offset + 1}
    return framed(
        draw,
        table_of(data, {"practice": "name", "jurisdiction": place_of(data), **where, "checked": "verdicts"}),
        finding=finding,
        caveat=caveat,
        alt_text=alt_text,
        counted=say("Practices the article names, one tick each, where its evidence stands in the text of sections 1.1 to 4.3."),
    )


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

    def draw(width):
        narrow = width < 500
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


def reported_values(values, *, finding, counted, caveat, unit):
    """Values that different sources give for the same thing: a dot each, labelled; the article's filled, the others hollow.

    `values` has name, value, href, article (bool). The scale does not begin at 0; the caveat must say so.
    """
    data = values.sort_values("value")
    told = [label("measured").format(number(value), unit) for value in data.value]
    data = data.assign(tip=[label("valued").format(*pair) for pair in zip(data.name, told)])
    span = data.value.max() - data.value.min()

    def draw(width):
        narrow = width < 500
        step = 66 if narrow else 50
        domain = [data.value.min() - span * 0.15, data.value.max() + span * (0.45 if narrow else 0.25)]
        marked = data.assign(row=[wrap(name, int(width / 7.3)) for name in data.name], text=[number(v) for v in data.value])
        shift = step / 2 - 14
        x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=domain, zero=False, nice=False))
        y = alt.Y("row:N", sort=list(marked.row), axis=row_axis(narrow, step, above=True))
        base = alt.Chart(marked[["row", "value", "text", "article", *LINK]]).encode(x, y)
        guide = (
            base.mark_rule(color=COLOURS["line"], yOffset=shift, y2Offset=shift)
            .encode(alt.X("low:Q", axis=None), alt.X2("high:Q"))
            .transform_calculate(low=str(float(domain[0])), high=str(float(domain[1])))
        )
        dots = base.mark_point(
            size=130, strokeWidth=2, opacity=1, yOffset=shift, stroke=COLOURS["national"], fill=COLOURS["national"]
        )
        dots = dots.encode(fillOpacity=alt.condition("datum.article", alt.value(1), alt.value(0)), **linked())
        text = base.mark_text(align="left", baseline="bottom", dx=10, dy=-3, fontWeight="bold", yOffset=shift).encode(
            text=alt.Text("text:N")
        )
        return alt.layer(guide, dots, text).properties(width=width, height=alt.Step(step))

    given = [say("{name}, {value}", name=name, value=number(value)) for name, value in zip(data.name, data.value)]
    alt_text = say("{n} values on one scale, in {unit}: {values}.", n=len(data), unit=unit, values=joined(given, "semicolon"))
    twin = table_of(data, {"given_by": "name", "value": data.value.astype(int)})
    return framed(draw, twin, finding=finding, counted=counted, caveat=caveat, alt_text=alt_text, source="sources")


def voices(rows, *, ends, finding, caveat):
    """Who speaks to whom: one arrow a practice between residents and government; among residents it stays on their side.

    `rows` are readings of `voice` (to_government, to_residents, both, among_residents) with register columns; `ends` is
    (label of the residents' side, label of the government's side).
    """
    data = rows.assign(tip=tip(rows))
    full = named(data)
    heads_of = {"to_government": [(1, 90)], "to_residents": [(0, -90)], "both": [(1, 90), (0, -90)], "among_residents": []}

    def draw(width):
        narrow = width < 500
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

    def draw(width):
        narrow = width < 500
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


def priorities(ranked, weights, words, *, names, criteria, finding, caveat, shown=10, band=BANDS[1]):
    """Steps in the order of a reader's weights: stacked bars of weighted contributions, beside them the share of weightings near
    those in which a step takes each rank. A parameter a weight; the first `shown` ranks are drawn.

    `ranked` is a `priorities.Ranking` for `weights` (points, one a criterion) and a `band` of points around them, `words` its values in words
    (`priorities.words`), `names` maps a step and `criteria` a criterion to its name. Everything that depends on the
    weights is computed by the chart, so that it follows the sliders in JupyterLab and the form on the page. ValueError
    for a ranking without an order.
    """
    if ranked.order.empty:
        raise ValueError("a ranking without steps or without any weight: there is no order to draw")
    play = in_play(ranked.values)
    table = ranked.values.loc[ranked.order.index]
    numbers = range(1, len(criteria) + 1)
    rows = pd.DataFrame(
        {
            "step": table.index,
            "href": "#step-" + table.index.map(fragment),
            "number": ranked.values.index.get_indexer(table.index),
        }
    )
    for n, name in zip(numbers, criteria):
        rows[f"v{n}"] = table[name].fillna(MIDDLE).to_numpy()
        rows[f"u{n}"] = table[name].isna().astype(int).to_numpy()
    taken = [own[own >= 0.005] for _, own in ranked.near.loc[table.index].iterrows()]  # what rounds to nothing is not drawn
    rows["taken"] = [list(own.index) for own in taken]
    rows["share"] = [list(own) for own in taken]
    sliders = [
        alt.param(
            name=f"w{number}",
            value=points if used else 0,
            **({"bind": alt.binding_range(min=0, max=LIMIT, step=1, name=f"{number} {criteria[name]} ")} if used else {}),
        )
        for number, name, points, used in zip(numbers, criteria, weights, play)
    ]
    total = "(" + " + ".join(f"w{number}" for number in numbers) + ")"
    best_first = [alt.SortField("score", order="descending")]

    def draw(width):
        narrow = width < 500
        left, gap = (168, 12) if narrow else (395, 16)
        right = width - left - gap - (0 if narrow else 12)
        lines = {step: wrap(names[step], 44 if narrow else 95) for step in table.index}
        deep = max(text.count("\n") for text in lines.values())
        words_tall = 17 * (deep + 1)
        step, bar = words_tall + 28, 18
        down = words_tall - step / 2 + 4 + bar / 2
        # A name stands on its bar: a short one begins lower.
        above = ["\n" * (deep - lines[step].count("\n")) for step in rows.step]
        base = alt.Chart(rows.assign(name=[lines[step] for step in rows.step], above=above))
        for n in numbers:
            base = base.transform_calculate(**{f"c{n}": f"{total} > 0 ? datum.v{n} * w{n} / {total} : 0"})
        # Rounded, so that what is equal but for the last digits of a float shares a rank.
        base = base.transform_calculate(score=f"round(({' + '.join(f'datum.c{n}' for n in numbers)}) * 1e9) / 1e9")
        # Of steps that share a rank the article's first stands first.
        base = base.transform_calculate(place="datum.score - datum.number * 1e-12")
        base = base.transform_window(rank="rank()", sort=best_first).transform_filter(f"{total} > 0 && datum.rank <= shown")
        base = base.transform_joinaggregate(sharing="count()", groupby=["rank"])
        before, after = label("tied").split("{0}")  # what stands around a rank that several share
        before = before and f"(datum.sharing > 1 ? {in_expression(before)} : '') + "
        rank = f"{before}datum.rank + (datum.sharing > 1 ? {in_expression(after + ' ')} : ' ')"
        base = base.transform_calculate(label=f"datum.above + {rank} + datum.name")
        y = alt.Y("step:N", sort=alt.EncodingSortField("place", op="max", order="descending"), axis=None, title=None)
        track = base.mark_bar(color=COLOURS["band"], height=bar - 2, yOffset=down).encode(y, x=alt.XValue(0))
        label_of = base.mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=17, yOffset=4 - step / 2)
        label_of = label_of.encode(y, x=alt.XValue(0), text=alt.Text("label:N"), href=alt.Href("href:N"))

        parts = base.transform_fold([f"c{number}" for number in numbers], as_=["part", "value"]).transform_filter(
            "datum.value > 0"
        )
        parts = parts.transform_calculate(criterion="toNumber(slice(datum.part, 1))")
        unknown = " + ".join(f"datum.u{n} * (datum.criterion == {n})" for n in numbers)
        what = ", ".join(json.dumps(name) for name in criteria.values())
        note = f"(datum.unknown ? {in_expression(say(' ({note})', note=label('unknown')))} : '')"
        parts = parts.transform_calculate(
            unknown=unknown,
            what=f"[{what}][datum.criterion - 1]",
            sign="datum.value < 0.035 ? '' : datum.criterion + (datum.unknown ? '?' : '')",
        ).transform_calculate(
            said=expression(
                say("{criterion}{note}: {part} / {sum}"),
                criterion="datum.what",
                note=note,
                part="format(datum.value, '.2f')",
                sum="format(datum.score, '.2f')",
            )
        )
        x = alt.X("value:Q", stack="zero", scale=alt.Scale(domain=[0, 1], nice=False)).axis(
            orient="top",
            values=[0, 0.5] if narrow else [0, 0.5, 1],
            grid=False,
            format="~g",
            title=label("score"),
            titleAnchor="start",
        )
        hue = alt.Color(
            "criterion:N",
            scale=alt.Scale(domain=list(numbers), range=[COLOURS[f"criterion-{(n - 1) % 8 + 1}"] for n in numbers]),
            legend=None,
        )
        pale = alt.condition("datum.unknown > 0", alt.value(0.25), alt.value(1))
        bars = parts.mark_bar(height=bar, yOffset=down, strokeWidth=1.5).encode(
            y,
            x,
            order=alt.Order("criterion:Q"),
            fill=hue,
            stroke=alt.StrokeValue(COLOURS["paper"]),
            fillOpacity=pale,
            tooltip=alt.Tooltip("said:N", title=" "),
        )
        signs = parts.mark_text(fontSize=12, yOffset=down).encode(
            y,
            alt.X("value:Q", stack="zero", bandPosition=0.5),
            order=alt.Order("criterion:Q"),
            text=alt.Text("sign:N"),
            color=alt.condition("datum.unknown > 0", alt.value(COLOURS["ink"]), alt.value(COLOURS["paper"])),
        )
        order = alt.layer(track.encode(x2=alt.X2Value(left)), bars, signs, label_of).properties(width=left, height=alt.Step(step))

        cells = base.transform_flatten(["taken", "share"]).transform_calculate(at="datum.taken - 0.5", end="datum.taken + 0.5")
        cells = cells.transform_calculate(
            said=f"replace(replace({in_expression(label('rank_share'))}, '{{0}}', format(datum.share, '.0%')), '{{1}}', datum.taken)"
        )
        place = alt.X("at:Q", scale=alt.Scale(domainMin=0.5, domainMax=alt.ExprRef("ranks + 0.5"), nice=False, zero=False)).axis(
            orient="top",
            values=[1, 10, 20] if narrow else [1, 5, 10, 15, 20, 25],
            grid=False,
            title=None,
            labelOverlap=False,
            labelFlush=False,
        )
        rest = base.mark_bar(color=COLOURS["band"], height=bar - 2, yOffset=down).encode(
            y, x=alt.XValue(0), x2=alt.X2Value(right)
        )
        taken = cells.mark_bar(color=COLOURS["ink"], height=bar, yOffset=down, binSpacing=0).encode(
            y,
            place,
            x2=alt.X2("end:Q"),
            fillOpacity=alt.FillOpacity("share:Q", scale=alt.Scale(type="sqrt", domain=[0, 1], range=[0, 1]), legend=None),
            tooltip=alt.Tooltip("said:N", title=" "),
        )
        # An axis title cannot follow a parameter. The shades do not follow sliders by themselves: they are of the weights given.
        mark = re.search(r"\W*$", label("rank_axis").partition("{0}")[0])[0]  # a narrow heading breaks before the weightings
        text = alt.ExprRef(f"replace(counted, {in_expression(mark)}, '\\n')" if narrow and mark else "counted")
        heading = alt.Chart(alt.InlineData([{}], name="heading")).mark_text(
            text=text, align="right" if narrow else "left", lineBreak="\n", lineHeight=16, color=COLOURS["muted"], dx=-2
        )
        heading = heading.encode(x=alt.XValue(right if narrow else 0), y=alt.YValue(-50 if narrow else -33))
        sure = alt.layer(rest, taken, heading).properties(width=right, height=alt.Step(step))
        counts = [
            alt.param(name="shown", value=shown),
            alt.param(name="ranks", value=len(table)),
            alt.param(name="counted", value=label("rank_axis").format(label("axis_given").format(band))),
        ]
        # Side by side by their widths, not by how far a long name reaches; as tall as there are rows.
        both = alt.hconcat(order, sure, spacing=gap, bounds="flush", autosize=alt.AutoSizeParams(type="pad", resize=True))
        return both.add_params(*sliders, *counts)

    key = "  ".join(f"{number}\u00a0{name}" for number, name, used in zip(numbers, criteria.values(), play) if used)
    first = ranked.order.index[0]
    alt_text = say(
        "Stacked bars of {steps} steps for Jiangsu in the order of a weighted sum over {criteria} criteria, the first {drawn} drawn; "
        "beside each the share of weightings within {band} points in which it takes each rank. "
        "First: {first}, {score} of 1, first in {share} of those weightings. Last: {last}, {least}.",
        steps=len(table),
        criteria=int(play.sum()),
        drawn=int((ranked.order["rank"] <= shown).sum()),
        band=band,
        first=names[first],
        score=rounded(ranked.order.score[first]),
        share=percent(ranked.near[1][first]),
        last=names[ranked.order.index[-1]],
        least=rounded(ranked.order.score.iloc[-1]),
    )
    order = ranked.order
    twin = pd.DataFrame({label("measure"): [names[step] for step in order.index]}, index=order.index)
    twin[label("rank")] = [label("tied").format(row["rank"]) if row.shared else str(row["rank"]) for _, row in order.iterrows()]
    used = [name for name, counts in zip(criteria, play) if counts]
    valued = [[label("valued").format(criteria[name], words.loc[step, name]) for name in used] for step in order.index]
    twin[label("values")] = [joined(parts, "semicolon") for parts in valued]
    twin[label("first_in")] = [percent(share) for share in ranked.near.loc[order.index, 1]]
    return framed(
        draw,
        twin.assign(href="#step-" + order.index.map(fragment)),
        finding=finding,
        counted=sentences([label("score_counted"), label("score_key").format(key)]),
        caveat=caveat,
        alt_text=alt_text,
    )
