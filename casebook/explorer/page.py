"""The explorer as it stands on the page: the form above its chart, the ranking in words below it.

Both are complete for the state in which a reader finds them: equal weights, all precedents, all
steps. With scripts, static/explorer.js binds the form to the chart and keeps everything in step.
Without, the form is not shown, and the ranking of equal weights stays. In JupyterLab the chart has
sliders of its own.
"""

from functools import reduce
from math import isnan

from markupsafe import Markup

from casebook import escape, tables
from casebook.evidence import NOT_MENTIONED
from casebook.explorer import ranking
from casebook.explorer.ranking import SHOWN, percent, rounded
from casebook.tables import Table
from casebook.words import LABELS, joined, label, number, placed, sentences

EXPLORER_IN_LAB = (
    "<style>.jp-RenderedHTMLCommon .explorer-tool { display: none; }"
    " .explorer-list { list-style: none; }</style>"
)
FIGURE = "fig-priorities"

# Labels that the scripts write besides those that only the explorer has.
SHARED = (
    *("comma", "semicolon", "both", "placed", "valued", "tied"),
    *("axis_all", "axis_near", "rank_axis"),
)


def criteria(ev):
    """Names of the criteria in their fixed order: {code: name}."""
    return {code: ev.code_name("criterion", code) for code in ranking.CRITERIA}


def names(ev):
    """Names of the steps in the article's order: {measure: name}."""
    return dict(zip(ev.measures.measure, ev.measures.name))


# ---- pieces of HTML


def _each(template, rows):
    """A template filled with each of `rows`, one after the other."""
    return Markup("").join(Markup(template).format(*row) for row in rows)


def _select(name, text, options):
    """A labelled select of [(value, text)]."""
    select = '<label class="explorer-select">{}<select name="{}">{}</select></label>'
    return Markup(select).format(text, name, _each('<option value="{}">{}</option>', options))


def _checkboxes(name, legend, options, more=""):
    """A group of checkboxes, all checked, of [(value, text)]; `more` follows them."""
    box = (
        '<label class="explorer-check">'
        '<input type="checkbox" name="{}" value="{}" checked>{}</label>'
    )
    boxes = _each(box, [(name, value, text) for value, text in options])
    group = "<fieldset><legend>{}</legend>{}<div>{}</div></fieldset>"
    return Markup(group).format(legend, boxes, more)


def _rank(row):
    """A rank as it stands before a name: one that several steps share says so."""
    return label("tied", rank=row["rank"]) if row.shared else row["rank"]


# ---- the form


def _presets():
    button = (
        '<button type="button" data-preset="{}" aria-pressed="{}">'
        "<strong>{}</strong><span>{}</span></button>"
    )
    pressed = {name: str(name == "equal").lower() for name in ranking.PRESETS}
    return _each(
        button, [(n, pressed[n], label(f"x_{n}"), label(f"x_{n}_why")) for n in ranking.PRESETS]
    )


def highest(ev, criterion):
    """What the top of a criterion's scale means, in a few words."""
    scale = ev.scales[ev.scales.criterion == criterion]
    return label("x_highest", value=scale.name[scale.value.idxmax()])


def _weight(ev, place, code, name):
    """The slider and the number of one criterion; its `place` is the sign that the bars have."""
    off = code in ranking.OWN
    return Markup(
        '<div class="explorer-weight"{off}><label for="w-{code}">'
        '<span class="explorer-sign s{place}" aria-hidden="true">{place}</span> {name}</label>'
        '<input type="range" id="w-{code}" data-weight="{code}" min="0" max="{limit}" step="1"'
        ' value="{value}"{disabled} aria-describedby="q-{code}">'
        '<input type="text" inputmode="numeric" autocomplete="off" data-points="{code}"'
        ' value="{value}"{disabled} aria-label="{points}">'
        '<small id="q-{code}">{question}</small></div>'
    ).format(
        code=code,
        name=name,
        place=place,
        limit=ranking.LIMIT,
        value=ranking.EQUAL[place - 1],
        points=label("x_points", criterion=name),
        question=label("x_own_off") if off else highest(ev, code),
        off=Markup(" data-off") if off else "",
        disabled=Markup(" disabled") if off else "",
    )


def _step_filters(ev):
    """Selects for the steps that are compared."""
    every = ("", label("filter_all"))
    recommendations = ev.recommendations.merge(ev.sections[["section", "short"]], on="section")
    of_recommendation = [
        (r.recommendation, f"{r.section} {r.short}") for r in recommendations.itertuples()
    ]
    difficulties = ev.premises[ev.premises.kind == "difficulty"]
    return _select(
        "recommendation", label("x_recommendation"), [every, *of_recommendation]
    ) + _select(
        "difficulty",
        label("x_difficulty"),
        [every, *zip(difficulties.premise, difficulties.name)],
    )


def _precedent_filters(ev):
    """Checkboxes for the precedents that count: of which jurisdictions, of which relation."""
    kinds = {"": "every_pioneer", "province": "only_provinces"}
    kinds["municipality"] = "only_municipalities"
    quick = _each(
        '<button type="button" data-from="{}">{}</button>',
        [(kind, label(f"x_{text}")) for kind, text in kinds.items()],
    )
    pioneers = [(r.province, placed(r.name, r.type)) for r in ev.pioneers().itertuples()]
    relations = [(code, ev.code_name("relation", code)) for code in ranking.RELATIONS]
    return _checkboxes("jurisdictions", label("x_from"), pioneers, quick) + _checkboxes(
        "relations", label("x_relation"), relations
    )


def _band():
    """A select for the weightings that shades and percentages count."""
    draws = number(ranking.DRAWS)
    bands = [(band, label("x_near_band", band=band, draws=draws)) for band in ranking.BANDS]
    return _select("near", label("x_near"), [*bands, (0, label("x_near_all", draws=draws))])


def controls(ev):
    """The form as a Table: presets, a slider and a number for each weight, filters, what “sure”
    counts, and the live message."""
    answer = ranking.ranked(ev)
    weights = [_weight(ev, n, *names) for n, names in enumerate(criteria(ev).items(), start=1)]
    first = [(_rank(row), names(ev)[step]) for step, row in answer.order[:3].iterrows()]
    form = Markup(
        '<form class="explorer-form explorer-tool" autocomplete="off"><p>{start}</p>'
        '<div class="explorer-presets">{presets}</div>'
        '<fieldset class="explorer-weights"><legend>{legend}</legend>{weights}</fieldset>'
        '<details class="explorer-filters"><summary>{summary}</summary>{filters}</details>'
        '<p class="explorer-row">{band}<button type="reset">{reset}</button></p>'
        '<p class="explorer-notice" role="alert" hidden></p>'
        '<p class="explorer-said" role="status">{said}</p>'
        '<p class="explorer-top" aria-hidden="true">{top}</p></form>{style}'
    )
    return Table(
        form.format(
            start=label("x_start"),
            presets=_presets(),
            legend=label("x_weights", limit=ranking.LIMIT),
            weights=Markup("").join(weights),
            summary=label("x_filters"),
            filters=_step_filters(ev) + _precedent_filters(ev),
            band=_band(),
            reset=label("x_reset"),
            said=sentences(order_in_words(ev, answer)),
            top=_each("<span>{} {}</span>", first),
            style=Markup(EXPLORER_IN_LAB),
        )
    )


# ---- what the script says, too


def _quoted(name):
    """A step's name in quotes, as it stands in a sentence; quotes within it become inner ones."""
    return label("x_quoted", step=name.replace("“", "‘").replace("”", "’"))


def acceptability_in_words(of_ranks):
    """One step's rank acceptability near equal weights, a Series by rank, in words: its share of
    first places, the ranks of the middle nine tenths, the lowest rank."""
    reached = of_ranks.cumsum()
    low, high = (int((reached > edge - ranking.TIE).idxmax()) for edge in (0.05, 0.95))
    ranks = label("x_place" if low == high else "x_places", low=low, high=high)
    lowest = of_ranks[of_ranks > 0].index[-1]
    counted = label("x_of_near", band=ranking.BANDS[1])
    share = percent(of_ranks[1])
    return label("x_sure", share=share, weightings=counted, ranks=ranks, lowest=lowest)


def finding(ev):
    """The chart's title as it is published. It names the weights, so that it stays true when the
    sliders move."""
    answer = ranking.ranked(ev)
    first = answer.order.index[0]
    return label(
        "x_equal_first",
        step=_quoted(names(ev)[first]),
        near=percent(answer.near[1][first]),
        band=ranking.BANDS[1],
        draws=number(ranking.DRAWS),
    )


def settings_in_words(ev):
    """The weights, precedents and steps of the published ranking, in words."""
    weighted = zip(criteria(ev).items(), ranking.EQUAL)
    weights = [
        label("x_weight", criterion=name, points=points)
        for (code, name), points in weighted
        if code in ranking.EVIDENCE
    ]
    places = [placed(r.name, r.type) for r in ev.pioneers().itertuples()]
    codes = [ev.code_name("relation", code) for code in ranking.RELATIONS]
    related = reduce(lambda listed, code: label("x_relations", listed=listed, next=code), codes)
    chosen = label(
        "x_settings",
        weights=joined(weights),
        precedents=joined([joined(places), related], "semicolon"),
        steps=label("x_all_steps"),
    )
    return sentences([chosen, label("x_rounded")])


def order_in_words(ev, answer):
    """The order and how sure it is, as a list of sentences: the live message for the
    `ranking.Ranking` of equal weights."""
    near = ranking.BANDS[1]
    quoted, order = {step: _quoted(name) for step, name in names(ev).items()}, answer.order
    first = list(order.index[order["rank"] == 1])
    leaders = joined([quoted[step] for step in first], "both")
    if len(first) > 3:
        lines = [label("x_first_many", n=len(first))]
    elif len(first) > 1:
        lines = [label("x_first_shared", steps=leaders)]
    else:
        shares = {
            "overall": percent(answer.shares[1][first[0]]),
            "near": percent(answer.near[1][first[0]]),
        }
        draws = number(ranking.DRAWS)
        lines = [label("x_first", step=leaders, band=near, draws=draws, **shares)]
    following = order[order["rank"] > 1].index[:2]
    if len(following):
        lines.append(label("x_then", steps=joined([quoted[step] for step in following])))
    if len(first) > 1:
        return lines
    if ranking.dominates(answer.values).loc[first[0]].sum() == len(order) - 1:
        return [*lines, label("x_top")]
    if answer.change is None:
        return [*lines, label("x_fixed")]
    criterion, points, steps = answer.change
    how = f"x_point{'' if abs(points) == 1 else 's'}_{'more' if points > 0 else 'fewer'}"
    sentence = label(
        "x_fragile" if abs(points) <= near else "x_robust",
        change=label(how, points=abs(points)),
        criterion=criteria(ev)[criterion],
        step=joined([quoted[step] for step in steps], "both"),
    )
    return [*lines, sentence]


# ---- the ranking in words


def _items(ev):
    """The list's items, in the order of equal weights: rank, name, how sure, parts of the sum."""
    answer, words = ranking.ranked(ev), ranking.words(ev)
    measures, name_of = ev.measures.set_index("measure"), criteria(ev)
    precedents = ranking.counted_precedents(ev).measure.value_counts()
    item = Markup(
        '<li id="step-{id}" data-step="{id}"{late}><p class="step-head"><span class="step-rank">'
        '<span class="visually-hidden">{word} </span><b>{rank}</b></span>'
        ' <strong>{name}</strong> <span class="type">{section}</span></p>'
        '<p class="step-sure">{sure}</p><p class="step-parts">{parts}</p>'
        '<details class="explorer-tool"><summary>{open}</summary></details></li>'
    )
    for step, row in answer.order.iterrows():
        parts = [
            label(
                "x_part",
                criterion=name_of[code],
                value=words.loc[step, code],
                part=rounded(answer.parts.loc[step, code]),
            )
            for code in ranking.EVIDENCE
        ]
        yield item.format(
            id=step,
            late=Markup(' class="late"') if row["rank"] > SHOWN else "",
            word=label("x_rank"),
            rank=_rank(row),
            name=measures.name[step],
            section=measures.section[step],
            sure=acceptability_in_words(answer.near.loc[step]),
            parts=label("x_parts", sum=rounded(row.score), parts=label("x_plus").join(parts)),
            open=label("x_open", n=precedents[step]),
        )


def _judgement(ev):
    """What the script puts into an item that is opened: room for its precedents, and selects for
    the reader's own judgement."""
    select = (
        '<label class="explorer-select">{}<select data-own="{}"><option value="">{}</option>'
        "{}</select></label>"
    )
    selects = []
    for code in ranking.OWN:
        levels = ev.scales[ev.scales.criterion == code].sort_values("value", ascending=False)
        options = _each('<option value="{}">{}</option>', zip(levels.level, levels.name))
        selects.append((criteria(ev)[code], code, label("not_set"), options))
    return Markup(
        '<template class="explorer-inside"><div class="explorer-links"></div>'
        '<fieldset class="explorer-own"><legend>{}</legend>{}</fieldset></template>'
    ).format(label("x_judge"), _each(select, selects))


def _pair_table(ev):
    """The empty table of two steps, which the script fills: a row has its key in `data-row`."""
    row = (
        '<tr role="row" data-row="{}"><th scope="row" role="rowheader">{}</th>'
        '<td role="cell"></td><td role="cell"></td></tr>'
    )
    values = {"sum": label("x_sum"), **criteria(ev), "precedents": label("x_precedents")}
    lessons = ev.codes[ev.codes.variable == "lesson"]
    questions = {**dict(zip(lessons.code, lessons.name)), "silent": label("x_silent")}
    return Markup(
        '<table class="casebook cards" role="table" hidden>'
        '<caption class="visually-hidden">{caption}</caption>{columns}'
        '<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{criterion}</th>'
        '<th scope="col" role="columnheader"></th><th scope="col" role="columnheader"></th></tr>'
        '</thead><tbody role="rowgroup">{values}<tr role="row">'
        '<th colspan="3" scope="rowgroup" role="rowheader">{whole}</th></tr>{questions}</tbody>'
        "</table>"
    ).format(
        caption=label("x_compare"),
        columns=tables.html.columns([24, 38, 38]),
        criterion=label("x_criterion"),
        values=_each(row, values.items()),
        whole=label("x_of_recommendation"),
        questions=_each(row, questions.items()),
    )


def _compare(ev):
    """Two selects for steps side by side, and below them what the script says of the two."""
    choices = [("", label("x_choose")), *names(ev).items()]
    form = Markup(
        '<form class="explorer-compare explorer-tool"><h3>{}</h3><p class="explorer-row">{}{}</p>'
        '<div class="explorer-pair"><p hidden></p>{}</div></form>'
    )
    return form.format(
        label("x_compare"),
        _select("left", label("x_compare_first"), choices),
        _select("right", label("x_compare_second"), choices),
        _pair_table(ev),
    )


def _take_along():
    """The paragraph and the buttons for what a reader can take along."""
    kinds = {"link": "copy_link", "text": "copy_text", "csv": "csv", "print": "print"}
    buttons = _each(
        '<button type="button" data-take="{}">{}</button>',
        [(kind, label(f"x_{text}")) for kind, text in kinds.items()],
    )
    take = Markup(
        '<div class="explorer-take explorer-tool"><h3>{}</h3><p class="explorer-paragraph"></p>'
        '<p class="explorer-row">{}</p><p class="explorer-taken" role="status"></p></div>'
    )
    return take.format(label("x_take"), buttons)


def ranked_list(ev):
    """The ranking in words as a Table, two steps side by side, what can be taken along, and the
    data from which the page computes."""
    items = list(_items(ev))
    apart = joined([names(ev)[step] for step in ranking.ranked(ev).apart], "semicolon")
    view = Markup(
        '<div class="explorer-ranking"><h3 class="explorer-heading">{heading}</h3>'
        '<p class="explorer-settings">{settings}</p><ol class="explorer-list">{items}</ol>'
        '<p class="explorer-row explorer-tool">'
        '<button type="button" class="explorer-more" aria-expanded="false">{more}</button></p>'
        '<p class="explorer-apart"{hidden}>{apart}</p>{inside}{compare}{take}'
        '<script type="application/json" class="explorer-data">{data}</script></div>{style}'
    )
    return Table(
        view.format(
            heading=label("x_ranked"),
            settings=settings_in_words(ev),
            items=Markup("\n").join(items),
            more=label("x_more", n=len(items)),
            hidden="" if apart else Markup(" hidden"),
            apart=label("x_apart", steps=apart),
            inside=_judgement(ev),
            compare=_compare(ev),
            take=_take_along(),
            data=escape.in_script(data(ev)),
            style=Markup(EXPLORER_IN_LAB),
        )
    )


# ---- the data of the script


def _practices(ev):
    """What the script writes of each precedent and computes from it: {practice: {column: value}}.

    Columns of the register, in words; of those that can count also the levels of
    `ranking.counted_precedents`.
    """
    figures = {
        practice: joined(
            [label("measured", value=number(r.value), unit=r.unit) for r in rows.itertuples()],
            "semicolon",
        )
        for practice, rows in ev.figures.groupby("practice")
    }
    practices = {
        r.practice: {
            "province": r.province,
            "name": r.name,
            "href": r.href,
            "place": placed(r.province_name, r.type),
            "kind": r.kind_name,
            "status": r.status_name,
            "dated": label("undated") if r.dated == NOT_MENTIONED else r.dated,
            "figures": label("x_figure", figures=figures[r.practice])
            if r.practice in figures
            else "",
        }
        for r in ev.precedents_of().drop_duplicates("practice").itertuples()
    }
    levels = ["legal_footing", "specificity", "measured", "time_in_force", "begun"]
    counted = (
        ranking.counted_precedents(ev).drop_duplicates("practice").set_index("practice")[levels]
    )
    for practice, row in counted.iterrows():
        practices[practice] |= row.to_dict()
    return practices


def _measures(ev):
    """The steps in the article's order."""
    return ev.measures[["measure", "name", "section", "recommendation"]].to_dict("records")


def _assessments(ev):
    """What to ask of a recommendation before a lesson is drawn, answered, and what the article is
    silent on: {recommendation: {code: text, "silent": text}}."""
    answers = {}
    for recommendation, rows in ev.assessments.groupby("recommendation"):
        lessons = rows[rows.variable == "lesson"]
        silent = rows[(rows.variable != "lesson") & (rows.answer == "silent")]
        topics = [ev.code_name(r.variable, r.code) for r in silent.itertuples()]
        answers[recommendation] = {
            **dict(zip(lessons.code, lessons.text)),
            "silent": joined(topics) or label("x_none"),
        }
    return answers


def _csv_heads(ev):
    """Headings of the file that the script makes; one has a place, {band}, for points."""
    for key in ("rank", "step", "name", "section", "score"):
        yield label(f"x_csv_{key}")
    for code in criteria(ev):
        yield label(f"x_csv_{code}")
        for key in ("in_words", "weight", "part"):
            yield label(f"x_csv_{key}", criterion=label(f"x_csv_{code}"))
    for key in ("first_all", "best", "worst", "first_near", "precedents", "settings"):
        yield label(f"x_csv_{key}")


def data(ev):
    """What the page computes from, as one JSON object: rows by the names of their columns in data/,
    constants of `ranking` in lower case, labels under `words`."""
    difficulties = ev.premises[ev.premises.kind == "difficulty"].premise
    precedents = ev.measures[["measure"]].merge(ev.precedents, on="measure")
    precedents = precedents[["measure", "practice", "relation"]]
    counted = precedents.practice.isin(ranking.counted_precedents(ev).practice)
    own = [name for name in LABELS if name.startswith("x_")]
    constants = ("PRESETS", "BANDS", "LIMIT", "MIDDLE", "TIE", "DRAWS", "SEED", "STRIDE")
    return {
        "criteria": [
            {"code": c, "name": name, "own": c in ranking.OWN, "highest": highest(ev, c)}
            for c, name in criteria(ev).items()
        ],
        "scales": {
            criterion: {
                level: {"value": None if isnan(value) else value, "name": name}
                for level, (value, name) in levels.items()
            }
            for criterion, levels in ranking.scale_levels(ev).items()
        },
        "measures": _measures(ev),
        "practices": _practices(ev),
        "precedents": precedents[counted].to_dict("records"),
        "national": precedents[~counted].to_dict("records"),
        "jurisdictions": ev.pioneers()[["province", "name", "type"]].to_dict("records"),
        "relations": {code: ev.code_name("relation", code) for code in ranking.RELATIONS},
        "answers": {
            difficulty: list(ev.answers[ev.answers.premise == difficulty].recommendation)
            for difficulty in difficulties
        },
        "recommendations": list(ev.recommendations.recommendation),
        "assessments": _assessments(ev),
        "csv_heads": list(_csv_heads(ev)),
        "shown": SHOWN,
        "figure": FIGURE,
        **{name.lower(): getattr(ranking, name) for name in constants},
        "draws_in_words": number(ranking.DRAWS),
        "words": {name: label(name) for name in [*SHARED, *own] if not name.startswith("x_csv")},
    }
