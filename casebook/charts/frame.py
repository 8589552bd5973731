"""What every chart carries besides its marks: finding, what is counted, caveat, alt text, a narrow drawing, its rows."""

from functools import wraps

import altair as alt
from altair.utils.schemapi import debug_mode

from casebook.charts.text import lines_of
from casebook.charts.theme import CONFIG
from casebook.tables import nothing
from casebook.words import label, sentences, the_article

WIDE, NARROW = 660, 300  # pixels: the text column at 1280, and what a phone of 360 leaves


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


def where_coded(form):
    """A form of which nothing is drawn before a practice is coded: its finding would be none; a sentence stands there instead."""

    @wraps(form)
    def drawn(rows, *arguments, **words):
        coded = rows.n.sum() if "n" in rows else len(rows)
        return form(rows, *arguments, **words) if coded else nothing(label("chart"))

    return drawn
