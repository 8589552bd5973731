"""A chart of one's own: counts of rows as bars, and any other Altair chart in the book's frame."""

import altair as alt
import pandas as pd

from casebook.charts.axes import row_axis
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import tally, wrap
from casebook.charts.theme import COLOURS, CONFIG, TEXTS
from casebook.words import label, say

# What Altair chooses itself in a chart without colours and headings of its own: from the theme.
OF_ITS_OWN = {
    "mark": {"color": COLOURS["national"]},
    "range": {"category": [value for name, value in COLOURS.items() if name[-1].isdigit()]},
    "header": TEXTS,
}


# Texts of the example that the build offers to paste around a chart without a frame.
EXAMPLE = {
    "finding": "What the chart shows, as a sentence.",
    "counted": "What one mark stands for.",
    "caveat": "What the chart cannot show.",
    "alt_text": "The kind of chart, how many marks it has, the largest and the smallest.",
}


@where_coded
def bars(rows, *, by, finding, caveat, order=None):
    """Horizontal bars: how many practices the article names with each code of a variable.

    `rows` are register rows, `by` is a column of codes that each row has one of (level, status,
    kind, instrument). `order` maps the codes to show to their names, from top to bottom; without
    it all that occur are shown, the most frequent first.
    """
    if order is None:
        names = dict(zip(rows[by], rows[f"{by}_name"]))
        order = {code: names[code] for code in rows[by].value_counts().index}
    counts = rows[by].value_counts().reindex(order, fill_value=0)
    data = pd.DataFrame({"name": list(order.values()), "n": counts.to_numpy()})
    data["tip"] = [label("valued", name=name, value=n) for name, n in zip(data.name, data.n)]

    def draw(layout):
        left = 0 if layout.narrow else 190
        texts = [wrap(name, 40 if layout.narrow else 24) for name in data.name]
        lines = max(text.count("\n") + 1 for text in texts)
        step = 16 * lines + (34 if layout.narrow else 18)
        base = alt.Chart(data.assign(row=texts)).encode(
            alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, 1.15 * data.n.max()], nice=False)),
            alt.Y("row:N", sort=texts, axis=row_axis(layout.narrow, step, lines=lines)),
        )
        down = 8 * lines if layout.narrow else 0
        bar = base.mark_bar(height=16, color=COLOURS["national"], yOffset=down).encode(
            tooltip=alt.Tooltip("tip:N", title=" "), description=alt.Description("tip:N")
        )
        number = base.mark_text(align="left", dx=6, fontWeight="bold", yOffset=down)
        return alt.layer(bar, number.encode(text=alt.Text("n:Q"))).properties(
            width=layout.width - left, height=alt.Step(step)
        )

    variable = label(f"variable_{by}")
    return framed(
        draw,
        pd.DataFrame({variable: data.name, label("named"): data.n, "href": ""}),
        finding=finding,
        counted=say(
            "Practices the article names, a bar for each code of “{variable}”.", variable=variable
        ),
        caveat=caveat,
        alt_text=say(
            "{n} horizontal bars, one for each code of “{variable}”. Practices named: {counts}.",
            n=len(data),
            variable=variable,
            counts=tally(dict(zip(data.name, data.n))),
        ),
    )


def finish(chart, rows=None, *, finding, counted, caveat, alt_text, narrow=None, source="source"):
    """Put any Altair chart into the frame of the book's own, so that a page publishes it.

    finding: what the chart shows, a sentence; it takes the place of the chart's own title.
    counted: what one mark stands for.
    caveat: what the chart cannot show, a sentence.
    alt_text: the chart in words.
    rows: the drawn rows as a table, a DataFrame; where a row leads stands in its column `href`.
        Without it: the chart's data, their first column and those that are drawn.
    narrow: the chart for a phone of 300 pixels. Without it: the same chart as wide as that, unless
        it has several views, whose widths are its own.
    source: the label of the line that says where the rows come from: source, or sources.

    Colours and sizes are the theme's; settings of `configure_…` do not count. ValueError if a part
    is empty or still the example's, or there are no rows.
    """
    parts = {"finding": finding, "counted": counted, "caveat": caveat, "alt_text": alt_text}
    unwritten = [part for part, text in EXAMPLE.items() if parts[part] == text]
    if unwritten:
        raise ValueError(
            f"the chart still has the example's {', '.join(unwritten)}: write what is true of it"
        )
    if rows is None:
        rows = drawn_rows(chart)

    def draw(layout):
        drawn = narrow if narrow is not None and layout.narrow else chart
        if not isinstance(drawn, (alt.Chart, alt.LayerChart)):
            return drawn.copy()
        fit = alt.AutoSizeParams(type="fit-x", contains="padding")
        return drawn.properties(width=layout.width, autosize=fit)

    cells = rows.drop(columns="href", errors="ignore").astype(object)
    cells = cells.where(cells.notna(), label("nothing"))
    cells = cells.map(lambda cell: cell if isinstance(cell, (str, int, float)) else str(cell))
    return framed(
        draw,
        cells.assign(href=rows.get("href", "")),
        **parts,
        source=source,
        config={**CONFIG, **OF_ITS_OWN},
    )


def drawn_rows(chart):
    """The rows of a chart's data in the columns that it draws, with the first, which names them."""
    if not isinstance(chart.data, pd.DataFrame):
        raise ValueError(
            "a chart without one table as its data needs its rows: finish(chart, rows)"
        )
    spec = {key: value for key, value in chart.to_dict().items() if key != "datasets"}
    texts, columns = set(texts_of(spec)), list(chart.data)
    return chart.data[[name for name in columns if name in (columns[0], "href", *texts)]]


def texts_of(part):
    """Every text of a part of a specification (dicts and lists)."""
    if isinstance(part, str):
        yield part
    for value in (
        part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    ):
        yield from texts_of(value)
