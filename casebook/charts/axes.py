"""What the forms share: names of places and practices, colours, links, axes, the columns of a matrix."""

import altair as alt
import pandas as pd

from casebook.charts.text import pieces_of, width_of, wrap
from casebook.charts.theme import COLOURS, TEXT
from casebook.evidence import NOT_MENTIONED
from casebook.words import label, placed, say


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


def around(pixels):
    """The scale of offsets in pixels from the middle of a cell as wide or high as `pixels`.

    So marks keep their distance at any width.
    """
    return alt.Scale(domain=[-pixels / 2, pixels / 2], range=[0, pixels])
