"""Forms along a line: years, milestones of a strip, values that sources report."""

import altair as alt
import pandas as pd

from casebook.charts.axes import LINK, colour, linked, named, place_of, places_of, row_axis, table_of, tip
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import width_of, wrap
from casebook.charts.theme import COLOURS
from casebook.words import joined, label, number, say, sentences, some


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

    def draw(layout):
        width, narrow = layout
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

    def draw(layout):
        width, narrow = layout
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


def reported_values(values, *, finding, counted, caveat, unit):
    """Values that different sources give for the same thing: a dot each, labelled; the article's filled, the others hollow.

    `values` has name, value, href, article (bool). The scale does not begin at 0; the caveat must say so.
    """
    data = values.sort_values("value")
    told = [label("measured").format(number(value), unit) for value in data.value]
    data = data.assign(tip=[label("valued").format(*pair) for pair in zip(data.name, told)])
    span = data.value.max() - data.value.min()

    def draw(layout):
        width, narrow = layout
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
