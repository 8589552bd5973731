"""The chart of the explorer: the steps that are in play, in the order of the weights."""

import json
import re

import altair as alt
import pandas as pd

from casebook.charts.frame import framed
from casebook.charts.text import expression, wrap
from casebook.charts.theme import COLOURS
from casebook.escape import fragment, in_expression
from casebook.explorer.ranking import BANDS, LIMIT, MIDDLE, in_play, percent, rounded
from casebook.words import joined, label, say, sentences


def steps_in_order(ranked, weights, words, *, names, criteria, finding, caveat, shown=10, band=BANDS[1]):
    """Steps in the order of a reader's weights: stacked bars of weighted contributions, beside them the share of weightings near
    those in which a step takes each rank. A parameter a weight; the first `shown` ranks are drawn.

    `ranked` is a `ranking.Ranking` for `weights` (points, one a criterion) and a `band` of points around them, `words` its values in words
    (`ranking.words`), `names` maps a step and `criteria` a criterion to its name. Everything that depends on the
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

    def draw(layout):
        width, narrow = layout
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
