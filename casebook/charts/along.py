"""Forms along a line: years, milestones of a strip, values that sources report."""

import altair as alt
import pandas as pd

from casebook.charts.axes import (
    LINK_COLUMNS,
    colour,
    linked,
    place_of,
    placed_names,
    places_of,
    row_axis,
    table_of,
    tip,
)
from casebook.charts.frame import framed, where_coded
from casebook.charts.text import width_of, wrap
from casebook.charts.theme import COLOURS
from casebook.words import joined, label, number, say, sentences, some


@where_coded
def timeline(rows, *, finding, caveat, elsewhere=None):
    """What the article dates: a point for a year, a bar for a period, each on a line of its own.

    `rows` are register rows. Those with neither year nor period are left out; list them beside the
    chart. `elsewhere`, if given, has columns practice and checked_year: the year that a public
    source gives, drawn hollow, also for a practice that the article does not date.
    """
    data, sourced = dated_rows(rows, elsewhere), elsewhere is not None
    columns = {"practice": "name", "jurisdiction": place_of(data), "in_article": "dated"}
    counted = say("Only what the article dates: a disc for a year, a bar for a title’s period.")
    if sourced:
        columns["in_source"] = data.seen.fillna(label("no_year_seen"))
        counted = say(
            "Filled: the year that the article gives (a bar for a period). "
            "Hollow: the year that a public source gives."
        )
    return framed(
        lambda layout: draw_timeline(data, sourced, layout),
        table_of(data, {**columns, "checked": "verdicts"}),
        finding=finding,
        counted=counted,
        caveat=caveat,
        alt_text=timeline_in_words(data, sourced),
        source="sources" if sourced else "source",
    )


def dated_rows(rows, elsewhere):
    """Register rows that have a date, the earliest first.

    start and end are years of the article, checked_year and seen (in words) are those of a source,
    first is the year by which a row is ordered.
    """
    years = {"start": rows.period_start.fillna(rows.year), "end": rows.period_end.fillna(rows.year)}
    data = rows.assign(**years, tip=tip(rows))
    if elsewhere is None:
        data = data.assign(checked_year=pd.array([pd.NA] * len(data), dtype="Int64"))
    else:
        checked = elsewhere.groupby("practice", as_index=False).checked_year.min()
        data = data.merge(checked, on="practice", how="left")
    data = data[data.start.notna() | data.checked_year.notna()]
    seen = data.checked_year.map(lambda year: label("year", year=year), na_action="ignore")
    data = data.assign(first=data.start.fillna(data.checked_year), seen=seen)
    return data.sort_values(["first", "end"], kind="stable")


def draw_timeline(data, sourced, layout):
    """The drawing of `timeline` for one layout."""
    width, narrow = layout
    texts = [wrap(text, int(width / 7.3)) for text in placed_names(data)]
    step = (max(text.count("\n") for text in texts) + 1) * 16 + 34
    shift = step / 2 - 14
    low = int(data[["first", "checked_year"]].min().min()) - 1
    high = int(data[["end", "checked_year"]].max().max()) + 1
    years = list(range(low + low % 2, high + 1, 4 if narrow and high - low > 8 else 2))
    axis = alt.Axis(title=None, values=years, format="d", orient="top", grid=False)
    scale = alt.Scale(domain=[low, high], nice=False)
    y = alt.Y("row:N", sort=texts, axis=row_axis(narrow, step, above=True))
    columns = ["start", "end", "dated", *(["checked_year", "seen"] if sourced else []), "hue"]
    marked = data.assign(row=texts)[["row", *columns, *LINK_COLUMNS]]

    def at(rows, year, mark, **channels):
        chart = alt.Chart(marked[rows], mark={**mark, "yOffset": shift})
        return chart.encode(alt.X(f"{year}:Q", axis=axis, scale=scale), y, **channels)

    in_article, period = marked.start.notna(), marked.end > marked.start
    bar = {"type": "bar", "height": 10, "cornerRadius": 2}
    point = {"type": "point", "size": 110, "opacity": 1}
    hollow = {**point, "shape": "diamond", "strokeWidth": 1.8}
    guide = alt.Chart(marked).mark_rule(color=COLOURS["line"], yOffset=shift)
    layers = [
        guide.encode(y, x=alt.XValue(0), x2=alt.X2Value(width)),
        at(period, "start", bar, x2=alt.X2("end:Q"), color=colour(), **linked()),
        at(in_article & ~period, "start", {**point, "filled": True}, color=colour(), **linked()),
    ]
    # A label stands where there is more room: after the mark, or before it.
    early = high - data.end.fillna(data["first"]) >= data["first"] - low
    after, before = {"align": "left", "dx": 10}, {"align": "right", "dx": -10}
    for side, edge, words in ((early, "end", after), (~early, "start", before)):
        words = {"type": "text", **words, "baseline": "bottom", "dy": -2}
        layers.append(at(in_article & side, edge, words, text=alt.Text("dated:N")))
        if (~in_article & side).any():
            words = {**words, "color": COLOURS["muted"]}
            layers.append(at(~in_article & side, "checked_year", words, text=alt.Text("seen:N")))
    if sourced:
        rows = marked.checked_year.notna()
        layers.append(at(rows, "checked_year", hollow, stroke=colour(), **linked()))
    return alt.layer(*layers).properties(width=width, height=alt.Step(step))


def timeline_in_words(data, sourced):
    """The alt text of `timeline`."""
    dated = data[data.start.notna()]
    first, last = int(dated.start.min()), int(dated.end.max())
    periods, singles = (dated.end > dated.start).sum(), (dated.end == dated.start).sum()
    marks = [some("{n} period", "{n} periods", int(periods))] if periods else []
    marks += [some("{n} single year", "{n} single years", int(singles))] if singles else []
    years = label("year", year=first)
    if last > first:
        years = say("{first} to {last}", first=first, last=last)
    parts = [
        some(
            "Time line of {n} practice that the article dates, {years}: {marks}.",
            "Time line of {n} practices that the article dates, {years}: {marks}.",
            len(dated),
            years=years,
            marks=joined(marks, "both"),
        ),
        say(
            "First: {place}, {practice} ({date}).",
            place=dated.iloc[0].province_name,
            practice=dated.iloc[0]["name"],
            date=dated.iloc[0].dated,
        ),
    ]
    if sourced:
        parts.append(say("Years from public sources: {n}.", n=int(data.checked_year.notna().sum())))
    return sentences(parts)


@where_coded
def strip(rows, sections, *, finding, caveat):
    """Where in the article the evidence of each jurisdiction stands: a tick for each practice.

    `rows` are register rows with `locator`; `sections` is `Evidence.subsections()`, whose lengths
    in characters make the scale.
    """
    ends = sections.characters.cumsum()
    bands = pd.DataFrame(
        {"from": ends - sections.characters, "to": ends, "section": sections.section}
    ).reset_index(drop=True)
    data = rows[rows.section.isin(bands.section)]
    last_place = data.locator.str.split(" | ", regex=False).str[-1]
    offset = last_place.str.extract(r"@(\d+)\+")[0].astype(int)
    pairs = zip(data.section, tip(data))
    data = data.assign(
        at=data.section.map(bands.set_index("section")["from"]) + offset,
        tip=[
            say("{section} · {practice}", section=section, practice=text) for section, text in pairs
        ],
    )
    columns = {"practice": "name", "jurisdiction": place_of(data), "subsection": "section"}
    columns |= {"character": offset + 1, "checked": "verdicts"}
    return framed(
        lambda layout: draw_strip(data, bands, layout),
        table_of(data, columns),
        finding=finding,
        counted=say(
            "Practices the article names, one tick each, "
            "where its evidence stands in the text of sections 1.1 to 4.3."
        ),
        caveat=caveat,
        alt_text=strip_in_words(data, bands),
    )


def draw_strip(data, bands, layout):
    """The drawing of `strip` for one layout; `bands` are the sub-sections: from, to, section."""
    width, narrow = layout
    places = places_of(data)
    short = places.province_name.map(width_of).max() <= 15
    left = 0 if narrow else 120 if short else 190
    texts = []
    for name, kind in zip(places.province_name, places.type.map(label)):
        line = wrap(say("{name} · {type}", name=name, type=kind), 40)
        texts.append(line if narrow else f"{wrap(name, int(left / 7.5))}\n{kind}")
    lines = max(text.count("\n") + 1 for text in texts)
    if not narrow:
        # A label is as high as the longest: what is shorter stands in the middle of it.
        texts = ["\n" * ((lines - text.count("\n") - 1) // 2) + text for text in texts]
    step, shift = (36 + 16 * lines, 2 + 8 * lines) if narrow else (max(40, 16 * lines + 8), 0)
    scale = alt.Scale(domain=[0, int(bands.to.max())], nice=False)
    y = alt.Y("row:N", sort=texts, axis=row_axis(narrow, step, lines=lines))
    areas = alt.Chart(bands[["from", "to"]][1::2]).mark_rect(color=COLOURS["band"])
    middles = bands.assign(middle=(bands["from"] + bands.to) / 2)[["middle", "section"]]
    if narrow:
        middles = middles[middles.section.str.endswith(".1")]
    heads = alt.Chart(middles).mark_text(
        fontSize=12, color=COLOURS["muted"], baseline="bottom", y=-4
    )
    marked = data.assign(row=data.province.map(dict(zip(places.index, texts))))
    ticks = alt.Chart(marked[["at", "row", "hue", *LINK_COLUMNS]])
    ticks = ticks.mark_tick(thickness=2.5, size=20, opacity=1, yOffset=shift)
    return alt.layer(
        areas.encode(alt.X("from:Q", axis=None), x2=alt.X2("to:Q")),
        heads.encode(alt.X("middle:Q", axis=None), text=alt.Text("section:N")),
        ticks.encode(alt.X("at:Q", axis=None, scale=scale), y, color=colour(), **linked()),
    ).properties(width=width - left, height=alt.Step(step))


def strip_in_words(data, bands):
    """The alt text of `strip`."""
    whole = say(
        "Strip of {ticks} ticks along the text of {sections} sub-sections "
        "({total} characters), one row a jurisdiction.",
        ticks=len(data),
        sections=len(bands),
        total=bands.to.max(),
    )
    themes = data.groupby("province_name", sort=False).section.agg(lambda s: s.str[0].nunique())
    ticks = [
        some(
            "{name}: {n} tick in {themes} of 4 themes.",
            "{name}: {n} ticks in {themes} of 4 themes.",
            (data.province_name == name).sum(),
            name=name,
            themes=n,
        )
        for name, n in themes.items()
    ]
    return sentences([whole, *ticks])


def reported_values(values, *, finding, counted, caveat, unit):
    """Values that sources give for the same thing, a dot each: the article's filled, others hollow.

    `values` has name, value, href, article (bool). The scale does not begin at 0; the caveat must
    say so.
    """
    data = values.sort_values("value")
    measured = [label("measured", value=number(value), unit=unit) for value in data.value]
    tips = [label("valued", name=name, value=text) for name, text in zip(data.name, measured)]
    data = data.assign(tip=tips)
    pairs = zip(data.name, map(number, data.value))
    pairs = [say("{name}, {value}", name=name, value=value) for name, value in pairs]
    return framed(
        lambda layout: draw_reported_values(data, layout),
        table_of(data, {"given_by": "name", "value": data.value.astype(int)}),
        finding=finding,
        counted=counted,
        caveat=caveat,
        alt_text=say(
            "{n} values on one scale, in {unit}: {values}.",
            n=len(data),
            unit=unit,
            values=joined(pairs, "semicolon"),
        ),
        source="sources",
    )


def draw_reported_values(data, layout):
    """The drawing of `reported_values` for one layout."""
    width, narrow = layout
    step, room = (66, 0.45) if narrow else (50, 0.25)
    shift = step / 2 - 14
    low, high = data.value.min(), data.value.max()
    domain = [low - (high - low) * 0.15, high + (high - low) * room]
    texts = [wrap(name, int(width / 7.3)) for name in data.name]
    marked = data.assign(row=texts, text=list(map(number, data.value)))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=domain, zero=False, nice=False))
    y = alt.Y("row:N", sort=texts, axis=row_axis(narrow, step, above=True))
    base = alt.Chart(marked[["row", "value", "text", "article", *LINK_COLUMNS]]).encode(x, y)
    guide = base.mark_rule(color=COLOURS["line"], yOffset=shift, y2Offset=shift)
    guide = guide.encode(alt.X("low:Q", axis=None), alt.X2("high:Q"))
    guide = guide.transform_calculate(low=str(float(domain[0])), high=str(float(domain[1])))
    tone = {"stroke": COLOURS["national"], "fill": COLOURS["national"]}
    dots = base.mark_point(size=130, strokeWidth=2, opacity=1, yOffset=shift, **tone)
    filled = alt.condition("datum.article", alt.value(1), alt.value(0))
    text = base.mark_text(
        align="left", baseline="bottom", dx=10, dy=-3, fontWeight="bold", yOffset=shift
    )
    return alt.layer(
        guide, dots.encode(fillOpacity=filled, **linked()), text.encode(text=alt.Text("text:N"))
    ).properties(width=width, height=alt.Step(step))
