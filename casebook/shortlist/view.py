"""The shortlist in JupyterLab: the same choice as one Altair view, with selections of its own."""

import altair as alt
import pandas as pd

from casebook.charts.own import finish
from casebook.charts.text import wrap
from casebook.charts.theme import COLOURS
from casebook.marks import MARKS
from casebook.shortlist import lines, ranking
from casebook.shortlist.candidates import candidates, links
from casebook.shortlist.page import LEVELS
from casebook.shortlist.state import EVIDENCE, LIMIT, State
from casebook.words import label, placed, say

DRAWN = 15  # ranks
ROW, PICKED_ROW = 52, 36  # pixels: three lines, two lines
UP = alt.ExprRef(
    "-7.5 * (length(split(datum.text, '\\n')) - 1)"
)  # of a name: its middle is the row's
NAME, SCORE, MARK = 360, 110, 36  # pixels: of a name, of the score, of one mark


def chart(ev, state=State()):
    """Practices in the order of sliders, with what is known of each; a click picks one.

    The sliders begin at the weights of `state`, or, in the article's order, all at one height. The
    selects choose a recommendation and a place. Below stand the practices that are picked.
    """
    rows = rows_of(ev)
    weights = state.points or (50,) * len(EVIDENCE)
    params = [
        alt.param(
            name=f"w{number}",
            value=points,
            bind=alt.binding_range(min=0, max=LIMIT, step=1, name=f"{number} {name} "),
        )
        for number, (name, points) in enumerate(
            zip([ev.code_name("criterion", code) for code in EVIDENCE], weights), start=1
        )
    ]
    recommendations = dict(zip(ev.recommendations.recommendation, ev.recommendations.name))
    places = {row.province: placed(row.name, row.type) for row in ev.pioneers().itertuples()}
    params += [
        _select("recommendation", say("Recommendation"), recommendations),
        _select("place", label("jurisdiction"), places),
    ]
    picked = alt.selection_point(name="picked", fields=["practice"], toggle="true", empty=False)
    heads = [label(f"s_q_{code}") for code in ev.codes.code[ev.codes.variable == "question"]]
    view = alt.vconcat(_list(rows, heads, picked), _picked(rows, picked), spacing=24)
    view.autosize = alt.AutoSizeParams(type="pad", resize=True)  # as rows come and go
    return finish(
        view.add_params(*params),
        rows[["name", "where", "since", "footing", *heads]].rename(
            columns={"name": label("practice"), "where": label("jurisdiction")}
        ),
        finding=say(
            "Practices in the order of the weights that you set, and what is known of them"
        ),
        counted=say(
            "A row is a practice that is a precedent of some step. Its bar is a weighted sum over "
            "fixed scales; its squares, small to large, are what is known under five questions. "
            "Click a row to pick it."
        ),
        caveat=say("It orders practices for looking at, ranks no place and shows no effect."),
        alt_text=say(
            "A list of {n} practices with a bar and five marks each, in the order of sliders; the "
            "first {drawn} ranks are drawn.",
            n=len(rows),
            drawn=DRAWN,
        ),
    )


def rows_of(ev):
    """A row for each practice: words, the values v1 to v6, and the marks by their heads."""
    rows, values = candidates(ev), ranking.values(ev)
    every = links(ev).groupby("practice").recommendation
    footing = ev.scales[ev.scales.criterion == "legal_footing"].set_index("level").name
    table = pd.DataFrame(
        {
            "practice": rows.practice,
            "number": range(len(rows)),
            "name": rows.name,
            "where": [placed(r.province_name, r.type) for r in rows.itertuples()],
            "place": rows.province,
            "recommendations": [" ".join(every.get_group(one)) for one in rows.practice],
            "since": [lines.since(row) for row in rows.itertuples()],
            "footing": rows.legal_footing.map(footing),
            "text": [wrap(lines.heading(r), 56) for r in rows.itertuples()],
        }
    )
    filled = values.loc[rows.practice, list(EVIDENCE)].fillna(ranking.FILL)
    for number, code in enumerate(EVIDENCE, start=1):
        table[f"v{number}"] = filled[code].to_numpy()
    for at, code in enumerate(ev.codes.code[ev.codes.variable == "question"]):
        table[label(f"s_q_{code}")] = [LEVELS.index(marks[at]) for marks in rows.known]
    return table


def _select(name, head, options):
    bind = alt.binding_select(
        options=["", *options], labels=[label("filter_all"), *options.values()], name=f"{head} "
    )
    return alt.param(name=name, value="", bind=bind)


def _list(rows, heads, picked):
    """The rows that the selects leave, the best first: name, score, and a block for each mark."""
    numbers = range(1, len(EVIDENCE) + 1)
    total = "(" + " + ".join(f"w{number}" for number in numbers) + ")"
    added = " + ".join(f"datum.v{number} * w{number}" for number in numbers)
    base = (
        alt.Chart(rows)
        .transform_filter(
            "(recommendation === '' || indexof(datum.recommendations, recommendation) >= 0)"
            " && (place === '' || datum.place === place)"
        )
        .transform_calculate(score=f"{total} > 0 ? ({added}) / {total} : 0")
        .transform_calculate(order="round(datum.score * 1e9) - datum.number * 1e-3")
        .transform_window(at="rank()", sort=[alt.SortField("order", order="descending")])
        .transform_filter(f"datum.at <= {DRAWN}")
        .encode(alt.Y("at:O", axis=None))
    )
    name = base.mark_text(align="left", lineBreak="\n", lineHeight=15, dy=UP).encode(
        x=alt.XValue(20),
        text="text:N",
        tooltip=[alt.Tooltip("name:N", title=label("practice")), alt.Tooltip("where:N", title=" ")],
    )
    bar = base.mark_bar(height=12).encode(
        alt.X("score:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, grid=False)),
        color=alt.value(COLOURS["national"]),
    )
    tick = base.transform_filter(picked).mark_point(
        shape=MARKS["✓"], filled=True, color=COLOURS["ink"], opacity=1, size=60
    )
    marks = (
        base.transform_fold(heads, as_=["question", "level"])
        .mark_square(color=COLOURS["ink"], opacity=1)
        .encode(
            alt.X("question:N", sort=heads, axis=alt.Axis(title=None, orient="top", labelAngle=0)),
            size=alt.Size("level:Q", scale=alt.Scale(domain=[0, 3], range=[6, 320]), legend=None),
        )
    )
    step = alt.Step(ROW)
    return alt.hconcat(
        alt.layer(name.add_params(picked), tick.encode(x=alt.XValue(7))).properties(
            width=NAME, height=step
        ),
        bar.properties(width=SCORE, height=step),
        marks.properties(width=MARK * len(heads), height=step),
        spacing=8,
    )


def _picked(rows, picked):
    """The practices that are picked, in words: name and place, since when, on what footing."""
    about = zip(rows.name, rows["where"], rows.since, rows.footing)
    texts = [
        wrap(
            f"{label('s_heading', name=n, place=p)}{label('semicolon')}{s}{label('comma')}{f}", 105
        )
        for n, p, s, f in about
    ]
    base = alt.Chart(rows[["practice", "number"]].assign(text=texts), title=say("Picked"))
    text = base.transform_filter(picked).mark_text(
        align="left", lineBreak="\n", lineHeight=15, dy=UP
    )
    return text.encode(alt.Y("number:O", axis=None), x=alt.XValue(0), text="text:N").properties(
        width=690, height=alt.Step(PICKED_ROW)
    )
