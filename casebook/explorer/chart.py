"""The chart of the explorer: the steps that are in play, in the order of the weights."""

import json
import re

import altair as alt
import pandas as pd

from casebook.charts.frame import framed
from casebook.charts.text import expression, wrap
from casebook.charts.theme import COLOURS
from casebook.escape import fragment, in_expression
from casebook.explorer.ranking import BANDS, LIMIT, MIDDLE, SHOWN, in_play, percent, rounded
from casebook.words import joined, label, say, sentences

BAR = 18  # pixels: the height of a bar


def steps_in_order(ranked, weights, words, *, names, criteria, finding, caveat):
    """Steps in the order of a reader's weights: bars of contributions, and how sure each rank is.

    The bars stack weighted contributions. Beside them stands the share of weightings near those
    given in which a step takes each rank. The first `SHOWN` ranks are drawn.

    `ranked` is a `ranking.Ranking` for `weights` (points, one a criterion), `words` its values in
    words (`ranking.words`); `names` maps a step and `criteria` a criterion to its name. The chart
    has a parameter for each weight and computes what depends on them, so that it follows the
    sliders in JupyterLab and the form on the page. ValueError for a ranking without an order.
    """
    if ranked.order.empty:
        raise ValueError("a ranking without steps or without any weight: there is no order to draw")
    play = in_play(ranked.values)
    rows = ranked_rows(ranked, criteria)
    params = [
        *sliders(criteria, weights, play),
        alt.param(name="shown", value=SHOWN),
        alt.param(name="ranks", value=len(rows)),
        alt.param(
            name="counted", value=label("rank_axis", weightings=label("axis_given", band=BANDS[1]))
        ),
    ]
    numbered = zip(range(1, len(play) + 1), criteria.values(), play)
    key = "  ".join(f"{number}\u00a0{name}" for number, name, used in numbered if used)
    return framed(
        lambda layout: draw_steps(rows, names, criteria, layout).add_params(*params),
        steps_as_rows(ranked, words, names, criteria, play),
        finding=finding,
        counted=sentences([label("score_counted"), label("score_key", criteria=key)]),
        caveat=caveat,
        alt_text=steps_in_words(ranked, names, int(play.sum())),
    )


def ranked_rows(ranked, criteria):
    """A row for each ranked step: its number, its values, and the shares of the ranks it takes.

    For the criterion of number n, v<n> is the value, u<n> whether it is unknown. taken lists the
    ranks, share their shares.
    """
    table = ranked.values.loc[ranked.order.index]
    rows = pd.DataFrame(
        {
            "step": table.index,
            "href": "#step-" + table.index.map(fragment),
            "number": ranked.values.index.get_indexer(table.index),
        }
    )
    for n, name in enumerate(criteria, start=1):
        rows[f"v{n}"] = table[name].fillna(MIDDLE).to_numpy()
        rows[f"u{n}"] = table[name].isna().astype(int).to_numpy()
    # What rounds to nothing is not drawn.
    shares = [near[near >= 0.005] for _, near in ranked.near.loc[table.index].iterrows()]
    rows["taken"] = [list(near.index) for near in shares]
    rows["share"] = [list(near) for near in shares]
    return rows


def sliders(criteria, weights, play):
    """The parameters of the weights, w1 and so on; a criterion out of play has no slider."""
    for number, (name, points, used) in enumerate(zip(criteria, weights, play), start=1):
        title = f"{number} {criteria[name]} "
        slider = alt.binding_range(min=0, max=LIMIT, step=1, name=title)
        if used:
            yield alt.param(name=f"w{number}", value=points, bind=slider)
        else:
            yield alt.param(name=f"w{number}", value=0)


def draw_steps(rows, names, criteria, layout):
    """The drawing of `steps_in_order` for one layout, without its parameters."""
    left, gap = (168, 12) if layout.narrow else (395, 16)
    right = layout.width - left - gap - (0 if layout.narrow else 12)
    texts = [wrap(names[step], 44 if layout.narrow else 95) for step in rows.step]
    deep = max(text.count("\n") for text in texts)
    step = 17 * (deep + 1) + 28
    # A name stands on its bar: a short one begins lower.
    above = ["\n" * (deep - text.count("\n")) for text in texts]
    base = in_order(alt.Chart(rows.assign(name=texts, above=above)), len(criteria))
    order = alt.EncodingSortField("place", op="max", order="descending")
    base = base.encode(alt.Y("step:N", sort=order, axis=None, title=None))
    down = 17 * (deep + 1) - step / 2 + 4 + BAR / 2
    track = base.mark_bar(color=COLOURS["band"], height=BAR - 2, yOffset=down)
    track = track.encode(x=alt.XValue(0))
    name = base.mark_text(
        align="left", baseline="top", lineBreak="\n", lineHeight=17, yOffset=4 - step / 2
    )
    name = name.encode(x=alt.XValue(0), text=alt.Text("label:N"), href=alt.Href("href:N"))
    bars = stacked_parts(base, criteria, down, layout)
    scores = alt.layer(track.encode(x2=alt.X2Value(left)), *bars, name)
    ranks = [track.encode(x2=alt.X2Value(right)), rank_shares(base, down, layout)]
    ranks = alt.layer(*ranks, rank_heading(right, layout))
    # Side by side by their widths, not by how far a long name reaches; as tall as there are rows.
    return alt.hconcat(
        scores.properties(width=left, height=alt.Step(step)),
        ranks.properties(width=right, height=alt.Step(step)),
        spacing=gap,
        bounds="flush",
        autosize=alt.AutoSizeParams(type="pad", resize=True),
    )


def in_order(chart, count):
    """A chart of `ranked_rows` with the score of each step, its rank and label, by `count` weights.

    c<n> is the contribution of the criterion of number n. Only the ranks shown are kept.
    """
    numbers = range(1, count + 1)
    total = "(" + " + ".join(f"w{n}" for n in numbers) + ")"
    for n in numbers:
        part = f"{total} > 0 ? datum.v{n} * w{n} / {total} : 0"
        chart = chart.transform_calculate(**{f"c{n}": part})
    # Rounded, so that what is equal but for the last digits of a float shares a rank.
    score = f"round(({' + '.join(f'datum.c{n}' for n in numbers)}) * 1e9) / 1e9"
    chart = chart.transform_calculate(score=score)
    # Of steps that share a rank the article's first stands first.
    chart = chart.transform_calculate(place="datum.score - datum.number * 1e-12")
    best_first = [alt.SortField("score", order="descending")]
    chart = chart.transform_window(rank="rank()", sort=best_first)
    chart = chart.transform_filter(f"{total} > 0 && datum.rank <= shown")
    chart = chart.transform_joinaggregate(sharing="count()", groupby=["rank"])
    before, after = label("tied").split("{rank}")  # what stands around a rank that several share
    before = before and f"(datum.sharing > 1 ? {in_expression(before)} : '') + "
    after = f"(datum.sharing > 1 ? {in_expression(after + ' ')} : ' ')"
    text = f"datum.above + {before}datum.rank + {after} + datum.name"
    return chart.transform_calculate(label=text)


def stacked_parts(base, criteria, down, layout):
    """The bars of contributions, `down` pixels below the middle of a step, and their numbers."""
    numbers = list(range(1, len(criteria) + 1))
    parts = base.transform_fold([f"c{number}" for number in numbers], as_=["part", "value"])
    parts = parts.transform_filter("datum.value > 0")
    parts = parts.transform_calculate(criterion="toNumber(slice(datum.part, 1))")
    unknown = in_expression(say(" ({note})", note=label("unknown")))
    words = expression(
        say("{criterion}{note}: {part} / {sum}"),
        criterion="datum.what",
        note=f"(datum.unknown ? {unknown} : '')",
        part="format(datum.value, '.2f')",
        sum="format(datum.score, '.2f')",
    )
    parts = parts.transform_calculate(
        unknown=" + ".join(f"datum.u{n} * (datum.criterion == {n})" for n in numbers),
        what=f"[{', '.join(map(json.dumps, criteria.values()))}][datum.criterion - 1]",
        sign="datum.value < 0.035 ? '' : datum.criterion + (datum.unknown ? '?' : '')",
    ).transform_calculate(said=words)
    x = alt.X("value:Q", stack="zero", scale=alt.Scale(domain=[0, 1], nice=False)).axis(
        orient="top",
        values=[0, 0.5] if layout.narrow else [0, 0.5, 1],
        grid=False,
        format="~g",
        title=label("score"),
        titleAnchor="start",
    )
    colours = [COLOURS[f"criterion-{(n - 1) % 8 + 1}"] for n in numbers]
    colours = alt.Scale(domain=numbers, range=colours)
    ink, paper = alt.value(COLOURS["ink"]), alt.value(COLOURS["paper"])
    bars = parts.mark_bar(height=BAR, yOffset=down, strokeWidth=1.5).encode(
        x,
        order=alt.Order("criterion:Q"),
        fill=alt.Color("criterion:N", scale=colours, legend=None),
        stroke=alt.StrokeValue(COLOURS["paper"]),
        fillOpacity=alt.condition("datum.unknown > 0", alt.value(0.25), alt.value(1)),
        tooltip=alt.Tooltip("said:N", title=" "),
    )
    signs = parts.mark_text(fontSize=12, yOffset=down).encode(
        alt.X("value:Q", stack="zero", bandPosition=0.5),
        order=alt.Order("criterion:Q"),
        text=alt.Text("sign:N"),
        color=alt.condition("datum.unknown > 0", ink, paper),
    )
    return bars, signs


def rank_shares(base, down, layout):
    """The shares of weightings in which a step takes each rank: a cell a rank, shaded by it."""
    words = expression(label("rank_share"), rank="datum.taken", share="format(datum.share, '.0%')")
    cells = base.transform_flatten(["taken", "share"])
    cells = cells.transform_calculate(at="datum.taken - 0.5", end="datum.taken + 0.5")
    cells = cells.transform_calculate(said=words)
    end = alt.ExprRef("ranks + 0.5")
    scale = alt.Scale(domainMin=0.5, domainMax=end, nice=False, zero=False)
    x = alt.X("at:Q", scale=scale).axis(
        orient="top",
        values=[1, 10, 20] if layout.narrow else [1, 5, 10, 15, 20, 25],
        grid=False,
        title=None,
        labelOverlap=False,
        labelFlush=False,
    )
    shade = alt.Scale(type="sqrt", domain=[0, 1], range=[0, 1])
    return cells.mark_bar(color=COLOURS["ink"], height=BAR, yOffset=down, binSpacing=0).encode(
        x,
        x2=alt.X2("end:Q"),
        fillOpacity=alt.FillOpacity("share:Q", scale=shade, legend=None),
        tooltip=alt.Tooltip("said:N", title=" "),
    )


def rank_heading(right, layout):
    """The heading of the ranks: a mark, since an axis title cannot follow a parameter.

    The shades do not follow sliders by themselves: they are of the weights given.
    """
    # A narrow heading breaks before the weightings.
    mark = re.search(r"\W*$", label("rank_axis").partition("{weightings}")[0])[0]
    broken = layout.narrow and mark
    text = f"replace(counted, {in_expression(mark)}, '\\n')" if broken else "counted"
    chart = alt.Chart(alt.InlineData([{}], name="heading")).mark_text(
        text=alt.ExprRef(text),
        align="right" if layout.narrow else "left",
        lineBreak="\n",
        lineHeight=16,
        color=COLOURS["muted"],
        dx=-2,
    )
    x, y = (right, -50) if layout.narrow else (0, -33)
    return chart.encode(x=alt.XValue(x), y=alt.YValue(y))


def steps_as_rows(ranked, words, names, criteria, play):
    """The steps of `steps_in_order` as rows of a table: rank, values in words, share of firsts."""
    order = ranked.order
    used = [name for name, counts in zip(criteria, play) if counts]
    values = [
        [label("valued", name=criteria[name], value=words.loc[step, name]) for name in used]
        for step in order.index
    ]
    ranks = [
        label("tied", rank=rank) if shared else str(rank)
        for rank, shared in zip(order["rank"], order.shared)
    ]
    columns = {
        "measure": [names[step] for step in order.index],
        "rank": ranks,
        "values": [joined(parts, "semicolon") for parts in values],
        "first_in": [percent(share) for share in ranked.near.loc[order.index, 1]],
    }
    table = pd.DataFrame({label(key): cells for key, cells in columns.items()})
    return table.assign(href="#step-" + order.index.map(fragment))


def steps_in_words(ranked, names, count):
    """The alt text of `steps_in_order`, of which `count` criteria are in play."""
    order = ranked.order
    first, last = order.index[0], order.index[-1]
    return say(
        "Stacked bars of {steps} steps for Jiangsu in the order of a weighted sum over {criteria} "
        "criteria, the first {drawn} drawn; beside each the share of weightings within {band} "
        "points in which it takes each rank. First: {first}, {score} of 1, first in {share} of "
        "those weightings. Last: {last}, {least}.",
        steps=len(order),
        criteria=count,
        drawn=int((order["rank"] <= SHOWN).sum()),
        band=BANDS[1],
        first=names[first],
        score=rounded(order.score[first]),
        share=percent(ranked.near[1][first]),
        last=names[last],
        least=rounded(order.score[last]),
    )
