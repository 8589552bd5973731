"""Bars in columns on one scale: a jurisdiction's mix, what is known; and years, a dot each."""

import altair as alt
import pandas as pd

from casebook.charts.axes import (
    LINK_COLUMNS,
    blocks_of,
    colour,
    linked,
    place_of,
    placed_names,
    places_of,
    table_of,
)
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import tally, width_of, wrap
from casebook.charts.theme import COLOURS, TEXT
from casebook.escape import in_expression
from casebook.words import joined, label, placed, say, sentences

BAR, STEP = 11, 20  # pixels: how high a bar is, and a row of bars
NUMBER = 26  # pixels that the number after the longest bar takes
DOT = 13  # pixels from dot to dot


@where_coded
def profiles(rows, codes, *, finding, caveat):
    """How many practices of each jurisdiction have each code: bars on one scale, a column a place.

    `rows` has a row for each code of a practice: variable and code, and the register's columns.
    `codes` is the codebook (variable, code, name); those that no row has are left out. Where only
    others have a code, a dash stands.
    """
    data = counted(rows, codes)
    places = places_of(rows)
    columns = {
        "coded_by": "heading",
        "code_name": "name",
        "jurisdiction": place_of(data),
        "named": "n",
    }
    most = data.loc[data.groupby("province", sort=False).n.idxmax()]
    tops = [
        say("{place}: {name}, {n}", place=row.province_name, name=row.name, n=row.n)
        for row in most.itertuples(index=False)
    ]
    return framed(
        lambda layout: draw_profiles(data, places, layout),
        table_of(data, columns),
        finding=finding,
        counted=say(
            "Practices the article names, on one scale for all; –: not mentioned. "
            "A practice may serve two elements."
        ),
        caveat=caveat,
        alt_text=say(
            "Bars in {columns} columns, one a jurisdiction, and {rows} rows, one a code. "
            "The longest of each: {tops}.",
            columns=len(places),
            rows=data.row.nunique(),
            tops=joined(tops, "semicolon"),
        ),
    )


def counted(rows, codes):
    """How many practices each jurisdiction has under each code: a row for each, also for none.

    Columns: variable, heading, code, name, row (a text for each variable and code), n, tip, and
    province (also as column), province_name, type, place and hue of the jurisdiction.
    """
    variables = rows.variable.unique()
    used = codes.merge(rows[["variable", "code"]].drop_duplicates(), on=["variable", "code"])
    used = used.sort_values("variable", key=lambda v: v.map(list(variables).index), kind="stable")
    headings = {v: say("By {variable}", variable=label(f"variable_{v}")) for v in variables}
    used = used[["variable", "code", "name"]].assign(heading=used.variable.map(headings))
    places = places_of(rows).reset_index()
    places = places[["province", "province_name", "type", "place", "hue"]]
    counts = rows.groupby(["variable", "code", "province"]).practice.nunique().rename("n")
    grid = used.merge(places, how="cross")
    grid = grid.merge(counts.reset_index(), how="left", on=["variable", "code", "province"])
    grid = grid.assign(n=grid.n.fillna(0).astype(int), row=grid.variable + " " + grid.code)
    tips = [
        say("{place}: {name}, {n}", place=placed(r.province_name, r.type), name=r.name, n=r.n)
        for r in grid.itertuples(index=False)
    ]
    return grid.assign(tip=tips, column=grid.province)


def draw_profiles(data, places, layout):
    """The drawing of `profiles` for one layout."""
    room = room_beside(data.name, layout)
    blocks = blocks_of(places, room, layout.narrow, cell=70)
    drawn = [bars_in_columns(data, heads, room, layout.narrow) for heads in blocks]
    return alt.vconcat(*drawn, spacing=30) if len(drawn) > 1 else drawn[0]


def room_beside(names, layout):
    """The pixels that are left beside the longest of `names`; on a phone they stand above."""
    return layout.width - (0 if layout.narrow else round(16 + 7 * names.map(width_of).max()))


def bars_in_columns(data, heads, room, narrow):
    """A bar for each row of `data`, in columns beside each other on one scale, `room` pixels wide.

    `data` has row and column (ids), name (of the row), n, hue and tip; variable and heading, if its
    rows are in groups. `heads` is {column: head}; rows of other columns are left out.
    """
    column, texts = room / len(heads), dict(zip(data.row, data.name))
    order = list(texts)
    if "variable" in data:  # a heading over the rows of each
        texts |= dict(zip(data.variable, data.heading))
        rows = data.groupby("variable", sort=False).row
        order = [text for variable, own in rows for text in (variable, *own.unique())]
    headings = [text for text in order if text not in set(data.row)]
    start = {name: at * column for at, name in enumerate(heads)}
    own = data[data.column.isin(heads)]
    own = own.assign(x=own.column.map(start))
    own = own.assign(end=own.x + own.n * (column - NUMBER) / data.n.max())
    own = own.assign(text=own.n.astype(str).where(own.n > 0, "–"))
    step = 2 * STEP if narrow else STEP
    shift = BAR if narrow else 0
    y = alt.Y(
        "row:N",
        scale=alt.Scale(domain=order),
        axis=label_axis(texts, headings, step, narrow),
    )
    scale = alt.Scale(domain=[0, room], nice=False)
    bars = alt.Chart(own.loc[own.n > 0, ["row", "x", "end", "hue", "tip"]])
    bars = bars.mark_bar(height=BAR, yOffset=shift)
    bars = bars.encode(
        alt.X("x:Q", scale=scale, axis=head_axis(heads, column, narrow)),
        alt.X2("end:Q"),
        y,
        color=colour(),
        tooltip=alt.Tooltip("tip:N", title=" "),
        description=alt.Description("tip:N"),
    )
    muted = alt.condition("datum.n > 0", alt.value(COLOURS["ink"]), alt.value(COLOURS["muted"]))
    numbers = alt.Chart(own[["row", "end", "text", "n"]]).mark_text(
        align="left", dx=4, fontSize=12, yOffset=shift
    )
    numbers = numbers.encode(alt.X("end:Q", scale=scale), y, text="text:N", color=muted)
    return alt.layer(bars, numbers).properties(width=room, height=alt.Step(step))


def label_axis(texts, headings, step, narrow):
    """The vertical axis of such bars: names of their rows, and in bold the `headings` over them."""
    place = {"labelPadding": 8, "minExtent": 0}
    if narrow:
        place = {"labelAlign": "left", "labelPadding": 0, "maxExtent": 0, "zindex": 1}
        place |= {"labelOffset": -step / 4 + 1, "minExtent": 0}
    bold = alt.ExprRef(chosen({heading: "bold" for heading in headings}, "normal"))
    return alt.Axis(title=None, labelExpr=chosen(texts, ""), labelFontWeight=bold, **place)


def head_axis(heads, column, narrow):
    """The horizontal axis of such bars: the head of each column over its left edge."""
    at = {column * place: head for place, head in enumerate(heads.values())}
    lines = 1 + max(head.count("\n") for head in heads.values())
    return alt.Axis(
        title=None,
        orient="top",
        grid=False,
        values=list(at),
        labelExpr=f"split({chosen(at, '')}, '\\n')",
        labelAlign="left",
        labelBaseline="top",
        labelLineHeight=16,
        labelPadding=0,
        offset=4 + 16 * lines,
        labelFontSize=12 if narrow else TEXT,
    )


def chosen(texts, other):
    """A Vega expression: the text of `texts` ({value: text}) for the datum, else `other`."""
    expression = in_expression(other)
    for value, text in texts.items():
        key = in_expression(value) if isinstance(value, str) else repr(value)
        expression = f"datum.value === {key} ? {in_expression(text)} : {expression}"
    return expression


def known(answers, codes, n, *, finding, caveat):
    """How much is known of `n` practices under each question: a bar for each way of knowing.

    `answers` has practice, question and known, one row for each practice and question of which
    something is known; the rest is silent. `codes` is the codebook (variable, code, name).
    """
    names = codes.set_index(["variable", "code"]).name
    ways = {**names["known"].iloc[::-1].to_dict(), "silent": say("silent")}
    counts = answers.groupby(["question", "known"]).practice.nunique()
    rows = []
    for question, name in names["question"].items():
        given = {way: int(counts.get((question, way), 0)) for way in ways}
        given["silent"] = n - sum(given.values())
        rows += [(question, way, name, head, given[way]) for way, head in ways.items()]
    data = pd.DataFrame(rows, columns=["row", "column", "name", "head", "n"])
    tips = zip(data.name, data["head"], data.n)
    tips = [say("{place}: {name}, {n}", place=a, name=b, n=c) for a, b, c in tips]
    data = data.assign(hue="national", tip=tips)

    def draw(layout):
        heads = {way: wrap(text, 10) for way, text in ways.items()}
        return bars_in_columns(data, heads, room_beside(data.name, layout), layout.narrow)

    return framed(
        draw,
        table_of(data, {"question": "name", "known_as": "head", "practices": "n"}),
        finding=finding,
        counted=say(
            "The pioneers’ practices, each once under every question, with the most that is known; "
            "–: none."
        ),
        caveat=caveat,
        alt_text=say(
            "Bars in {columns} columns, one a way of knowing, and {rows} rows, one a question. "
            "Silent: {silent}.",
            columns=len(ways),
            rows=data.row.nunique(),
            silent=tally(data[data.column == "silent"].set_index("name").n),
        ),
        source="sources",
    )


@where_coded
def years(rows, *, finding, caveat):
    """When practices began, a dot each in the lane of its jurisdiction, stacked by year.

    `rows` are register rows with seen_year, the first that a public source gives. A dot is filled
    where the article dates the practice, hollow where only a source does; a period is drawn at its
    first year. What neither dates is left out.
    """
    data = dated_rows(rows)
    columns = {"practice": "name", "jurisdiction": place_of(data), "in_article": "dated"}
    columns |= {"in_source": "seen", "checked": "verdicts"}
    in_article = int(data.in_article.sum())
    return framed(
        lambda layout: draw_years(data, layout),
        table_of(data, columns),
        finding=finding,
        counted=say(
            "Practices that have a date, one dot each: filled, the article dates it (a period at "
            "its first year); hollow, only a public source does."
        ),
        caveat=caveat,
        alt_text=sentences(
            [
                say(
                    "{n} dots along the years {first} to {last}, one lane a jurisdiction: "
                    "{filled} filled, {hollow} hollow.",
                    n=len(data),
                    first=str(data.first_year.min()),
                    last=str(data.first_year.max()),
                    filled=in_article,
                    hollow=len(data) - in_article,
                ),
                say("{counts}.", counts=tally(data.province_name.value_counts(sort=False))),
            ]
        ),
        source="sources",
    )


def dated_rows(rows):
    """Register rows that have a date, by place and year.

    first_year is the article's year, or the first of its period, else seen_year; in_article says
    which; seen is a source's year in words, or that none was seen; slot numbers those of one year
    and jurisdiction.
    """
    own = rows.period_start.fillna(rows.year)
    words = [label("no_year_seen") if pd.isna(y) else label("year", year=y) for y in rows.seen_year]
    data = rows.assign(first_year=own.fillna(rows.seen_year), in_article=own.notna(), seen=words)
    data = data[data.first_year.notna()]
    dates = data.dated.where(data.in_article, data.seen)
    tips = zip(placed_names(data), dates, data.verdicts)
    data = data.assign(tip=[label("valued", name=a, value=f"{b}; {c}") for a, b, c in tips])
    data = data.sort_values(["place", "first_year", "in_article"], ascending=[True, True, False])
    return data.assign(slot=data.groupby(["place", "first_year"]).cumcount())


def draw_years(data, layout):
    """The drawing of `years` for one layout: a lane below the other, each as high as it needs."""
    low, high = int(data.first_year.min()), int(data.first_year.max())
    left = layout.width - room_beside(place_of(data), layout)
    axis = alt.Axis(
        title=None,
        values=list(range(low, high + 1, 2 if layout.narrow else 1)),
        format="d",
        orient="top",
        grid=True,
    )
    below = axis.copy()
    below.labels = False
    scale = alt.Scale(domain=[low - 0.7, high + 0.7], nice=False)
    lanes = [
        lane_of(rows, left)
        .encode(alt.X("first_year:Q", axis=below if at else axis, scale=scale))
        .properties(width=layout.width - left)
        for at, (_, rows) in enumerate(data.groupby("place", sort=False))
    ]
    return alt.vconcat(*lanes, spacing=6)


def lane_of(rows, left):
    """The dots of one jurisdiction, and its name `left` pixels before them, or above them."""
    first = rows.iloc[0]
    place = placed(first.province_name, first.type)
    lines = [] if left else wrap(place, 40).split("\n")
    height = int(20 * len(lines) + DOT * (rows.slot.max() + 1) + 8)
    marked = rows.assign(up=4 + DOT / 2 + DOT * rows.slot, full=rows.in_article.astype(int))
    dots = alt.Chart(marked[["first_year", "up", "full", "hue", *LINK_COLUMNS]])
    dots = dots.mark_point(size=80, strokeWidth=1.8, opacity=1).encode(
        alt.Y("up:Q", axis=None, scale=alt.Scale(domain=[0, height], nice=False)),
        fillOpacity=alt.FillOpacity("full:Q", scale=None, legend=None),
        fill=colour(),
        stroke=colour(),
        **linked(),
    )
    name = alt.Chart(pd.DataFrame({"name": ["\n".join(lines) or place]}))
    name = name.mark_text(align="left", baseline="top", fontWeight="bold", lineBreak="\n")
    name = name.encode(text="name:N", x=alt.value(-left), y=alt.value(2))
    return alt.layer(dots, name).properties(height=height)
