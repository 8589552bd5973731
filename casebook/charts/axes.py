"""What the forms share: names, colours, links, axes, the columns of a matrix."""

import altair as alt
import pandas as pd

from casebook.charts.text import pieces_of, width_of, wrap
from casebook.charts.theme import COLOURS, TEXT
from casebook.escape import in_expression
from casebook.evidence import NOT_MENTIONED
from casebook.marks import MARKS
from casebook.words import label, placed, say

LINK_COLUMNS = ["href", "tip"]  # the columns that `linked` draws from
# A mark that is a symbol; `size` is the square of its width in pixels. A line that nobody sees is
# wide enough for its link to be hit in the hole of a ring.
UNSEEN = {"stroke": COLOURS["ink"], "strokeOpacity": 0, "strokeWidth": 6.6}
SYMBOL = {"size": 114, "filled": True, "opacity": 1, **UNSEEN}


def place_of(rows):
    """The jurisdiction of each register row with its type, on one line: a Series."""
    return pd.Series(list(map(placed, rows.province_name, rows.type)), index=rows.index)


def placed_names(rows):
    """The name of each register row after its jurisdiction and type, on one line: a Series."""
    pairs = zip(place_of(rows), rows["name"])
    names = [say("{place}: {practice}", place=place, practice=name) for place, name in pairs]
    return pd.Series(names, index=rows.index)


def table_of(rows, columns):
    """The rows of a chart as a reader reads them: a DataFrame of `columns`, and href.

    `columns` maps the label of a heading to a column of `rows` or to its values.
    """
    cells = {
        label(key): rows[value] if isinstance(value, str) else value
        for key, value in columns.items()
    }
    return pd.DataFrame(cells, index=rows.index).assign(href=rows.get("href", ""))


def heads(places, form=""):
    """The heads of columns of jurisdictions, a name and its type on two lines each: a list.

    With the form “_short” a type that is long is abbreviated.
    """
    kinds = [label(kind + form if kind == "municipality" else kind) for kind in places.type]
    return [f"{name}\n{kind}" for name, kind in zip(places.province_name, kinds)]


def tip(rows):
    """The tooltip of each register row, with its status, date and verdicts in words: a Series."""
    dated = rows.dated.where(rows.dated != NOT_MENTIONED, say("date not mentioned"))
    parts = zip(placed_names(rows), rows.status_name, dated, rows.verdicts)
    tips = [
        say(
            "{practice} – {status}, {date}; {checks}",
            practice=practice,
            status=status,
            date=date,
            checks=checks,
        )
        for practice, status, date, checks in parts
    ]
    return pd.Series(tips, index=rows.index)


def colour():
    """The channel of a jurisdiction's colour, from a column `hue`.

    It has no legend: a name or a heading always stands beside the colour.
    """
    hues = [name for name in COLOURS if name.startswith("place-") or name == "national"]
    scale = alt.Scale(domain=hues, range=[COLOURS[name] for name in hues])
    return alt.Color("hue:N", scale=scale, legend=None)


def places_of(rows):
    """The jurisdictions of `rows` in their order: one row each, indexed by province."""
    return rows.drop_duplicates("province").sort_values("place").set_index("province")


def linked():
    """The channels of a mark that leads somewhere and has a tooltip, which screen readers read."""
    return {
        "href": alt.Href("href:N"),
        "tooltip": alt.Tooltip("tip:N", title=" "),
        "description": alt.Description("tip:N"),
    }


def symbol_of(by, symbols, names, width):
    """The channel of a shape that is the symbol of a row's code, with a key above the chart.

    `by` is the column of codes. `symbols` maps each code that may occur to its symbol
    (casebook.marks), `names` each that does to its name in the key. The key is one line if it fits
    into `width` pixels, else it has as many columns as do.
    """
    texts = [
        f"datum.label == {in_expression(code)} ? {in_expression(names[code])}" for code in names
    ]
    rooms = [34 + 7 * width_of(name) for name in names.values()]
    columns = len(rooms) if sum(rooms) <= width else max(1, int(width // max(rooms)))
    key = alt.Legend(
        orient="top",
        title=None,
        values=[code for code in symbols if code in names],
        labelExpr=" : ".join([*texts, "datum.label"]),
        labelLimit=0,
        columns=columns,
        columnPadding=14,
        rowPadding=4,
        symbolSize=SYMBOL["size"],
        symbolStrokeColor="transparent",
        offset=10,
    )
    shapes = [MARKS[symbol] for symbol in symbols.values()]
    return alt.Shape(f"{by}:N", scale=alt.Scale(domain=list(symbols), range=shapes), legend=key)


def selection(name, title, options):
    """A parameter that selects one code of `options` ({code: name}), or all of them."""
    names = [label("filter_all"), *options.values()]
    select = alt.binding_select(options=["all", *options], labels=names, name=f"{title} ")
    return alt.param(name, value="all", bind=select)


def row_axis(narrow, step, above=False, lines=1, at_top=False):
    """A vertical axis of labels, whose bands are `step` pixels high.

    Labels stand to the left of their bands, or (narrow, or `above`) on top of them, within the
    chart. To the left they stand in the middle of the band (`lines` is the number of their lines),
    or `at_top` of it.
    """
    if narrow or above:
        place = {"labelAlign": "left", "labelBaseline": "line-top", "labelPadding": 0}
        place |= {"labelOffset": -step / 2 + 2, "minExtent": 0, "maxExtent": 0, "zindex": 1}
    elif at_top:
        place = {"labelBaseline": "line-top", "labelPadding": 8, "labelOffset": -step / 2 + 6}
    else:
        # Vega puts the first line of a label on the middle: shift the block up by half of the rest.
        place = {"labelBaseline": "middle", "labelPadding": 8, "labelOffset": -8 * (lines - 1)}
    expr = "split(datum.label, '\\n')"
    return alt.Axis(title=None, labelExpr=expr, labelLineHeight=16, **place)


def column_axis(heads, narrow):
    """A horizontal axis of column heads of several lines (the texts `heads`) on top."""
    lines = 1 + max(head.count("\n") for head in heads)
    return alt.Axis(
        title=None,
        orient="top",
        labelExpr="split(datum.label, '\\n')",
        labelAngle=0,
        labelLineHeight=16,
        offset=4 + 16 * (lines - 1),
        labelFontSize=12 if narrow or lines > 2 else TEXT,
    )


def middle_offset(pixels):
    """The scale of offsets in pixels from the middle of a cell as wide or high as `pixels`.

    So marks keep their distance at any width.
    """
    return alt.Scale(domain=[-pixels / 2, pixels / 2], range=[0, pixels])


def blocks_of(places, room, narrow, cell):
    """The columns of a matrix in blocks one below the other: a list of {province: head}.

    `places` is `places_of` some rows, `room` the pixels of a block, `cell` the pixels that what
    stands in a cell needs. Heads are a name and its type on two lines. Where they would meet they
    are broken into more, with the type in short; a phone's stand by turns lower first. Columns that
    do not fit beside each other even then go on in another block, as a long line of text does.
    """
    long, short = heads(places), heads(places, "_short")
    whole = short if narrow else long
    taken = 7 * len(whole) * max(width_of(line) for head in whole for line in head.splitlines())
    if len(whole) * cell <= room and taken <= (2 if narrow else 1) * room:
        lower = "\n\n" if taken > room else ""
        shifted = [at % 2 * lower + head for at, head in enumerate(whole)]
        return [dict(zip(places.index, shifted))]
    least = max(cell, 8 + 6.8 * widest_piece(short))
    count = -(-len(short) // max(1, int(room // least)))
    each = -(-len(short) // count)
    fits = int((room / each - 8) / 6.8)
    chosen = long if widest_piece(long) <= fits else short
    broken = ["\n".join(wrap(line, fits) for line in head.splitlines()) for head in chosen]
    pairs = list(zip(places.index, broken))
    return [dict(pairs[at : at + each]) for at in range(0, len(pairs), each)]


def widest_piece(texts):
    """The width of the widest piece of `texts` that may not be broken, in Latin characters."""
    return max(width_of(piece) for text in texts for piece in pieces_of(text))


def missing_room():
    """The pixels of a cell in which “not mentioned”, broken between its words, stands free."""
    return max(60, 10 + round(6.3 * max(map(width_of, label("not_mentioned").split()))))


def missing_words(column):
    """What an empty cell says, in as many lines as a column of so many pixels needs."""
    return wrap(label("not_mentioned"), max(1, int((column - 4) / 6.3)))
