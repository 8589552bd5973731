"""The explorer of the last chapter as it stands on the page: the form above its chart, the ranking in words below it.

Both are complete for the state in which a reader finds them: equal weights, all precedents, all steps. With scripts,
`static/explorer.js` binds the form to the chart of the figure and keeps everything in step; without, the form is not
shown, and the ranking of equal weights stays. In JupyterLab the chart has sliders of its own.
"""

from functools import reduce

import pandas as pd
from markupsafe import Markup

from casebook import escape, tables
from casebook.evidence import NOT_MENTIONED
from casebook.explorer import ranking
from casebook.explorer.ranking import percent, rounded
from casebook.tables import Table
from casebook.words import LABELS, joined, label, number, placed, sentences

IN_LAB = "<style>.jp-RenderedHTMLCommon .explorer-tool { display: none; } .explorer-list { list-style: none; }</style>"
FIGURE = "fig-priorities"
SHOWN = 10  # places drawn and listed before somebody asks for all
# Words that the script needs besides those that only the explorer has.
SHARED = ("comma", "semicolon", "both", "placed", "valued", "tied", "axis_all", "axis_near", "rank_axis", "undated", "since", "of_pioneers", "not_set")  # fmt: skip


def criteria(ev):
    """Names of the criteria in their fixed order: {code: name}."""
    return {code: ev.code_name("criterion", code) for code in ranking.CRITERIA}


def names(ev):
    """Names of the steps in the article's order: {measure: name}."""
    return dict(zip(ev.measures.measure, ev.measures.name))


def _quoted(name):
    """A step's name in quotes, as it stands in a sentence; quotes within it become inner ones."""
    return label("x_quoted").format(name.replace("“", "‘").replace("”", "’"))


def _options(pairs):
    one = Markup('<option value="{}">{}</option>')
    return Markup("").join(one.format(value, text) for value, text in pairs)


def _select(name, text, pairs):
    return Markup('<label class="explorer-select">{}<select name="{}">{}</select></label>').format(text, name, _options(pairs))


def _highest(ev, criterion):
    """What the top of a criterion's scale means, in a few words."""
    rows = ev.scales[ev.scales.criterion == criterion]
    return label("x_highest").format(rows.name[rows.value.idxmax()])


def _checks(name, legend, pairs, more=""):
    one = Markup('<label class="explorer-check"><input type="checkbox" name="{}" value="{}" checked>{}</label>')
    boxes = Markup("").join(one.format(name, value, text) for value, text in pairs)
    return Markup("<fieldset><legend>{}</legend>{}<div>{}</div></fieldset>").format(legend, boxes, more)


def sign(place):
    """A criterion's number on its colour, as it stands in the bars."""
    return Markup('<span class="explorer-sign s{0}" aria-hidden="true">{0}</span>').format(place)


def _rank(row):
    """A rank as it stands before a name: one that several steps share says so."""
    return label("tied").format(row["rank"]) if row.shared else row["rank"]


def controls(ev):
    """The form: presets, a slider and a number for each weight, filters, what “sure” counts, and the live message."""
    answer = ranking.ranked(ev)
    preset = Markup('<button type="button" data-preset="{}" aria-pressed="{}"><strong>{}</strong><span>{}</span></button>')
    presets = Markup("").join(
        preset.format(name, "true" if name == "equal" else "false", label(f"x_{name}"), label(f"x_{name}_why"))
        for name in ranking.PRESETS
    )
    weight = Markup(
        '<div class="explorer-weight"{off}><label for="w-{code}">{sign} {name}</label>'
        '<input type="range" id="w-{code}" data-weight="{code}" min="0" max="{limit}" step="1" value="{value}"{disabled} aria-describedby="q-{code}">'
        '<input type="text" inputmode="numeric" autocomplete="off" data-points="{code}" value="{value}"{disabled} aria-label="{points}">'
        '<small id="q-{code}">{question}</small></div>'
    )
    weights = Markup("").join(
        weight.format(
            code=code,
            name=name,
            sign=sign(place),
            limit=ranking.LIMIT,
            value=ranking.EQUAL[place - 1],
            points=label("x_points").format(name),
            question=label("x_own_off") if code in ranking.OWN else _highest(ev, code),
            off=Markup(" data-off") if code in ranking.OWN else "",
            disabled=Markup(" disabled") if code in ranking.OWN else "",
        )
        for place, (code, name) in enumerate(criteria(ev).items(), start=1)
    )
    pioneers = ev.pioneers()
    quick = Markup('<button type="button" data-from="{}">{}</button>')
    quicks = Markup("").join(
        quick.format(kind, label(f"x_{text}"))
        for kind, text in (("", "every_pioneer"), ("province", "only_provinces"), ("municipality", "only_municipalities"))
    )
    every = [("", label("filter_all"))]
    recommendations = ev.recommendations.merge(ev.sections[["section", "short"]], on="section")
    difficulties = ev.premises[ev.premises.kind == "difficulty"]
    filters = (
        _select("recommendation", label("x_recommendation"), every + [(r.recommendation, f"{r.section} {r.short}") for r in recommendations.itertuples()])
        + _select("difficulty", label("x_difficulty"), every + [(r.premise, r.name) for r in difficulties.itertuples()])
        + _select("home", label("x_home"), [(home, label(f"x_home_{home}")) for home in ranking.HOME])
        + _checks("jurisdictions", label("x_from"), [(r.province, placed(r.name, r.type)) for r in pioneers.itertuples()], quicks)
        + _checks("relations", label("x_relation"), [(code, ev.code_name("relation", code)) for code in ranking.RELATIONS])
    )  # fmt: skip
    draws = number(ranking.DRAWS)
    bands = [(str(band), label("x_near_band").format(band, draws)) for band in ranking.BANDS]
    bands.append(("0", label("x_near_all").format(draws)))
    return Table(
        Markup(
            '<form class="explorer-form explorer-tool" autocomplete="off"><p>{start}</p><div class="explorer-presets">{presets}</div>'
            '<fieldset class="explorer-weights"><legend>{legend}</legend>{weights}</fieldset>'
            '<details class="explorer-filters"><summary>{summary}</summary>{filters}</details>'
            '<p class="explorer-row">{near}<button type="reset">{reset}</button></p>'
            '<p class="explorer-notice" role="alert" hidden></p>'
            '<p class="explorer-said" role="status">{said}</p><p class="explorer-top" aria-hidden="true">{top}</p></form>{style}'
        ).format(
            start=label("x_start"),
            presets=presets,
            legend=label("x_weights").format(ranking.LIMIT),
            weights=weights,
            summary=label("x_filters"),
            filters=filters,
            near=_select("near", label("x_near"), bands),
            reset=label("x_reset"),
            said=sentences(said(ev, answer)),
            top=Markup("").join(
                Markup("<span>{} {}</span>").format(_rank(row), names(ev)[step]) for step, row in answer.order[:3].iterrows()
            ),
            style=Markup(IN_LAB),
        )
    )


def sure(shares, step, counted):
    """One step's rank acceptability in words: how often first, the ranks of the middle nine tenths, the worst.

    `shares` is a DataFrame steps by ranks, `counted` says of which weightings.
    """
    own = shares.loc[step]
    low, high = (int((own.cumsum() > edge - ranking.TIE).idxmax()) for edge in (0.05, 0.95))
    ranks = label("x_place" if low == high else "x_places").format(low, high)
    return label("x_sure").format(percent(own[1]), counted, ranks, own[own > 0].index[-1])


def finding(ev):
    """What the chart shows as it is published, in a sentence that stays true when its sliders move: it names the weights."""
    answer = ranking.ranked(ev)
    first = answer.order.index[0]
    share, draws = percent(answer.near[1][first]), number(ranking.DRAWS)
    return label("x_equal_first").format(_quoted(names(ev)[first]), share, ranking.BANDS[1], draws)


def settings(ev):
    """The weights, precedents and steps of the published ranking, in words, as the page writes them for any other."""
    points = zip(criteria(ev).items(), ranking.EQUAL)
    weights = [label("x_weight").format(name, own) for (code, name), own in points if code in ranking.EVIDENCE]
    places = [placed(r.name, r.type) for r in ev.pioneers().itertuples()]
    relations = reduce(label("x_relations").format, [ev.code_name("relation", code) for code in ranking.RELATIONS])
    whose = joined([joined(places), relations], "semicolon")
    return sentences([label("x_settings").format(joined(weights), whose, label("x_home_all")), label("x_rounded")])


def said(ev, answer, near=ranking.BANDS[1]):
    """The order and how sure it is, in sentences: what the live message says for a `ranking.Ranking` with a first place."""
    name, order = {step: _quoted(text) for step, text in names(ev).items()}, answer.order
    first = list(order.index[order["rank"] == 1])
    if len(first) > 3:
        lines = [label("x_first_many").format(len(first))]
    elif len(first) > 1:
        lines = [label("x_first_shared").format(joined([name[step] for step in first], "both"))]
    else:
        share, close = (percent(shares[1][first[0]]) for shares in (answer.shares, answer.near))
        lines = [label("x_first").format(name[first[0]], share, close, near, number(ranking.DRAWS))]
    rest = order[order["rank"] > 1].index[:2]
    if len(rest):
        lines.append(label("x_then").format(joined([name[step] for step in rest])))
    if len(first) > 1:
        return lines
    if ranking.dominates(answer.values).loc[first[0]].sum() == len(order) - 1:
        lines.append(label("x_top"))
    elif answer.change is None:
        lines.append(label("x_fixed"))
    else:
        criterion, points, steps = answer.change
        how = f"x_point{'' if abs(points) == 1 else 's'}_{'more' if points > 0 else 'fewer'}"
        text = "x_fragile" if abs(points) <= near else "x_robust"
        who = joined([name[step] for step in steps], "both")
        lines.append(label(text).format(label(how).format(abs(points)), criteria(ev)[criterion], who))
    return lines


def ranked_list(ev):
    """The ranking in words, two steps side by side, what can be taken along, and the data from which the page computes."""
    answer, words = ranking.ranked(ev), ranking.words(ev)
    steps, of = ev.measures.set_index("measure"), criteria(ev)
    precedents = ranking.links(ev).measure.value_counts()
    home = ev.home.drop_duplicates("measure").set_index("measure").check
    items = []
    for step, row in answer.order.iterrows():
        parts = label("x_plus").join(
            label("x_part").format(of[code], words.loc[step, code], rounded(answer.parts.loc[step, code]))
            for code in ranking.EVIDENCE
        )
        at_home = (
            Markup(' <span class="step-home">{}{}</span>').format(label("x_at_home"), tables.check_badge(ev, home[step]))
            if step in home
            else ""
        )
        items.append(
            Markup(
                '<li id="step-{id}" data-step="{id}"{late}><p class="step-head"><span class="step-rank"><span class="visually-hidden">{word} </span>'
                '<b>{rank}</b></span> <strong>{name}</strong> <span class="type">{section}</span>{home}</p>'
                '<p class="step-sure">{sure}</p><p class="step-parts">{parts}</p>'
                '<details class="explorer-tool"><summary>{open}</summary></details></li>'
            ).format(
                id=step,
                late=Markup(' class="late"') if row["rank"] > SHOWN else "",
                word=label("x_rank"),
                rank=_rank(row),
                name=steps.name[step],
                section=steps.section[step],
                home=at_home,
                sure=sure(answer.near, step, label("x_of_near").format(ranking.BANDS[1])),
                parts=label("x_parts").format(rounded(row.score), parts),
                open=label("x_open").format(precedents[step]),
            )
        )  # fmt: skip
    apart = joined([steps.name[step] for step in answer.apart], "semicolon")
    chooser = _options([("", label("x_choose")), *names(ev).items()])
    select = Markup('<label class="explorer-select">{}<select name="{}">{}</select></label>')
    compare = Markup(
        '<form class="explorer-compare explorer-tool"><h3>{}</h3><p class="explorer-row">{}{}</p><div class="explorer-pair"></div></form>'
    ).format(
        label("x_compare"),
        select.format(label("x_compare_first"), "left", chooser),
        select.format(label("x_compare_second"), "right", chooser),
    )
    button = Markup('<button type="button" data-take="{}">{}</button>')
    take = Markup(
        '<div class="explorer-take explorer-tool"><h3>{}</h3><p class="explorer-paragraph"></p><p class="explorer-row">{}</p><p class="explorer-taken" role="status"></p></div>'
    ).format(
        label("x_take"),
        Markup("").join(
            button.format(kind, label(f"x_{text}"))
            for kind, text in (("link", "copy_link"), ("text", "copy_text"), ("csv", "csv"), ("print", "print"))
        ),
    )
    return Table(
        Markup(
            '<div class="explorer-ranking"><h3 class="explorer-heading">{}</h3><p class="explorer-settings">{}</p><ol class="explorer-list">{}</ol>'
            '<p class="explorer-row explorer-tool"><button type="button" class="explorer-more" aria-expanded="false">{}</button></p>'
            '<p class="explorer-apart"{}>{}</p>{}{}<script type="application/json" class="explorer-data">{}</script></div>{}'
        ).format(
            label("x_ranked"),
            settings(ev),
            Markup("\n").join(items),
            label("x_more").format(len(items)),
            "" if apart else Markup(" hidden"),
            label("x_apart").format(apart),
            compare,
            take,
            escape.in_script(data(ev)),
            Markup(IN_LAB),
        )
    )  # fmt: skip


def data(ev):
    """What the page computes from, as one JSON object: criteria, scales, steps, precedents, questions, presets, words."""
    register = ev.precedents_of()
    register = register.assign(where=[placed(r.province_name, r.type) for r in register.itertuples()])
    figures = ev.figures.groupby("practice").apply(
        lambda rows: label("x_figure").format(
            joined([label("measured").format(number(r.value), r.unit) for r in rows.itertuples()], "semicolon")
        ),
        include_groups=False,
    )
    shown = {
        (r.measure, r.practice): [
            r.name, r.href, r.where, r.kind_name, r.status_name, label("undated") if r.dated == NOT_MENTIONED else r.dated, r.relation_name, figures.get(r.practice, ""),
        ]
        for r in register.itertuples()
    }  # fmt: skip
    place = {step: at for at, step in enumerate(ev.measures.measure)}
    pairs = [
        [place[r.measure], r.province, r.relation, r.level, int(r.named), int(r.figure), None if pd.isna(r.year) else int(r.year), int(r.begun), *shown[r.measure, r.practice]]
        for r in ranking.links(ev).itertuples()
    ]  # fmt: skip
    national = [
        [place[m], *shown[m, p]]
        for m, p in register[register.role == "national"][["measure", "practice"]].itertuples(index=False)
    ]
    lessons, silent = {}, {}
    for r in ev.assessments.itertuples():
        if r.variable == "lesson":
            lessons.setdefault(r.recommendation, []).append([ev.code_name("lesson", r.code), r.text])
        elif r.answer == "silent":
            silent.setdefault(r.recommendation, []).append(ev.code_name(r.variable, r.code))
    difficulties = ev.premises[ev.premises.kind == "difficulty"].premise
    scales = {code: {} for code in ranking.CRITERIA}
    for r in ev.scales.itertuples():
        scales[r.criterion][r.level] = [float(r.value), r.name]
    return {
        "criteria": [[code, name, int(code in ranking.OWN)] for code, name in criteria(ev).items()],
        "scales": scales,
        "steps": [
            [r.measure, r.name, r.section, r.recommendation, int(r.measure in set(ev.home.measure))]
            for r in ev.measures.itertuples()
        ],
        "links": pairs,
        "national": national,
        "jurisdictions": [[r.province, r.name, r.type] for r in ev.pioneers().itertuples()],
        "relations": list(ranking.RELATIONS),
        "home": list(ranking.HOME),
        "answers": {d: list(ev.answers[ev.answers.premise == d].recommendation) for d in difficulties},
        "recommendations": list(ev.recommendations.recommendation),
        "lessons": lessons,
        "silent": silent,
        "presets": {name: list(weights) for name, weights in ranking.PRESETS.items()},
        "bands": list(ranking.BANDS),
        "shown": SHOWN,
        "figure": FIGURE,
        **{name.lower(): getattr(ranking, name) for name in ("LIMIT", "MIDDLE", "TIE", "DRAWS", "SEED", "STRIDE")},
        "draws_said": number(ranking.DRAWS),
        "year": int(ev.published.year),
        "words": {key: label(key) for key in LABELS if key.startswith("x_") or key in SHARED},
    }  # fmt: skip
