"""What every chart carries besides its marks: the frame, which travels in its specification.

A form makes its chart with `framed`, any other chart gets a frame by `casebook.charts.finish`.
Whoever reads a frame (the page, `accept`) takes it from a specification by `frame_of`, and what is
drawn by `drawings`.
"""

import json
from functools import wraps
from typing import NamedTuple, TypedDict

import altair as alt
from altair.utils.schemapi import debug_mode

from casebook.charts.text import lines_of
from casebook.charts.theme import CONFIG
from casebook.tables import nothing
from casebook.words import label, sentences, the_article


class ChartTable(TypedDict):
    """The rows of a chart as a reader reads them, as JSON."""

    columns: list[str]
    """The headings."""
    rows: list[list]
    """The cells of each row, one a heading: texts and numbers."""
    href: list[str]
    """Where each row leads, as an address within the book; empty for a row that leads nowhere."""


class Frame(TypedDict):
    """What a chart carries in `usermeta["casebook"]` of its Vega-Lite specification.

    The alt text is not here: it is the specification's own `description`.
    """

    finding: str
    """What the chart shows, as a sentence: its title."""
    counted: str
    """What one mark stands for."""
    caveat: str
    """What the chart cannot show, and the source of its rows."""
    narrow: dict
    """The drawing for a phone, a specification; its data stand in the `datasets` of the whole."""
    table: ChartTable
    """The drawn rows as a table."""
    filters: dict[str, list[str]]
    """For each parameter of the chart that selects rows: the code of each row of `table`."""


class Layout(NamedTuple):
    """The room for a drawing."""

    width: int
    """Pixels."""
    narrow: bool
    """Whether it is for a phone: labels stand above their marks, not beside them."""


WIDE_LAYOUT = Layout(660, narrow=False)  # the text column at 1280 pixels
NARROW = Layout(300, narrow=True)  # what a phone of 360 leaves


def framed(
    draw, twin, *, finding, counted, caveat, alt_text, source="source", filters=None, config=CONFIG
):
    """Finish a chart: an Altair chart of the wide drawing that carries its `Frame`.

    `draw(layout)` returns the chart of one layout; it is called for WIDE and for NARROW.
    `twin` has the drawn rows as a reader reads them: a column a heading, and `href`.
    `source` is the label (`words.LABELS`) of the line that says where the rows come from.
    ValueError if a part is empty.
    """
    parts = {"finding": finding, "counted": counted, "caveat": caveat, "alt text": alt_text}
    for part, value in parts.items():
        if not str(value).strip():
            raise ValueError(f"a chart needs its {part}")
    caveat = sentences([caveat, label(source, **the_article())])
    with debug_mode(False):  # Altair checks each part; the whole is checked where it is shown
        wide, narrow = draw(WIDE_LAYOUT), draw(NARROW).to_dict(validate=False)
    for key in ("config", "$schema"):
        narrow.pop(key, None)
    wide.datasets = narrow.pop("datasets", {})  # Altair adds those of the wide drawing
    cells = twin.drop(columns="href")
    table = ChartTable(
        columns=list(cells), rows=cells.astype(object).to_numpy().tolist(), href=list(twin.href)
    )
    frame = Frame(
        finding=finding,
        counted=counted,
        caveat=caveat,
        narrow=narrow,
        table=table,
        filters=filters or {},
    )
    subtitle = [*lines_of(counted, 95), *lines_of(caveat, 95)]
    wide.title = alt.TitleParams(lines_of(finding, 80), subtitle=subtitle)  # for JupyterLab
    # Room for readers whose own font is wider than the one the labels were measured with.
    wide.padding = {"left": 18, "right": 5, "top": 5, "bottom": 5}
    wide.description, wide.config, wide.usermeta = alt_text, config, {"casebook": frame}
    return wide


def frame_of(spec):
    """The `Frame` of a specification; None for a chart that has none."""
    return spec.get("usermeta", {}).get("casebook")


def drawings(spec):
    """The wide and the narrow drawing of a framed chart, each a specification with its own data.

    What stands outside a drawing on a page is left out: title and frame.
    """
    whole = {key: value for key, value in spec.items() if key not in ("title", "usermeta")}
    narrow = {**frame_of(spec)["narrow"], "config": spec["config"], "$schema": spec["$schema"]}
    return tuple(with_data(drawing, spec.get("datasets", {})) for drawing in (whole, narrow))


def with_data(drawing, datasets):
    """A specification with those of `datasets` ({name: rows}) that it names."""
    text = json.dumps({key: value for key, value in drawing.items() if key != "datasets"})
    used = {name: rows for name, rows in datasets.items() if f'"{name}"' in text}
    return {**drawing, "datasets": used}


def where_coded(form):
    """A form that draws nothing before a practice is coded: a sentence stands in its place."""

    @wraps(form)
    def drawn(rows, *arguments, **words):
        coded = rows.n.sum() if "n" in rows else len(rows)
        return form(rows, *arguments, **words) if coded else nothing(label("chart"))

    return drawn
