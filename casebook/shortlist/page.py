"""The shortlist as it stands on the page: filters, questions, the rows, the memo.

It is complete for the state in which a reader finds it: every practice, by recommendation. With
scripts, static/shortlist.js filters, orders, compares and makes the memo. Without, the form is not
shown; the rows and the questions of the memo stay. In JupyterLab `chart` has selections of its own.
"""

from math import isnan

from markupsafe import Markup

from casebook import escape
from casebook.marks import again, bars
from casebook.shortlist import lines, markdown, ranking
from casebook.shortlist.candidates import (
    addressee,
    candidates,
    coded_blind,
    fixed_values,
    links,
    marks_of,
    scales,
)
from casebook.shortlist.state import (
    COMPARED,
    CRITERIA,
    FOUND,
    LIMIT,
    OWN,
    PICKED,
    QUESTIONS,
    SEEN,
    VERSION,
    State,
    allowed,
)
from casebook.tables.cells import bullets, cell_markup, missing, practice_link, since, status
from casebook.tables.html import Table, nothing, table_element, table_row
from casebook.words import LABELS, joined, label, placed, say

# The rows as on the page, where a style sheet has the same: a grid, and below each all the rest.
IN_LAB = (
    "<style>.jp-RenderedHTMLCommon :is(.shortlist-tool, table.rows .sure, "
    "table.rows th.more) { display: none; } "
    ".jp-RenderedHTMLCommon table.rows, table.rows :is(caption, thead, tbody) { display: block; } "
    ".jp-RenderedHTMLCommon table.rows tr { display: grid; max-width: none; "
    "grid-template-columns: 27fr 10fr 14fr repeat(5, 11fr); } "
    ".jp-RenderedHTMLCommon table.rows :is(.group th, .more) { grid-column: 1 / -1; } "
    ".jp-RenderedHTMLCommon table.rows td { white-space: normal; }</style>"
)
OF_ROWS = ("priority", "feasibility", "pick")  # fields of a state whose values are practices
SHOWN = 10  # rows listed before somebody asks for all
EXAMPLES = 3  # words to look for that are suggested: the shortest names
SHARES = [33, 11, 16, 8, 8, 8, 8, 8]  # of the table's width, for each column of a row
# Room for two pictures that the script draws, and for what they say in words.
SURE = Markup(
    '<span class="pictures"><svg class="ranks" aria-hidden="true" viewBox="0 0 1 1"'
    ' preserveAspectRatio="none"><path></path></svg><svg class="parts" aria-hidden="true"'
    ' viewBox="0 0 1 1" preserveAspectRatio="none"></svg></span><span class="words"></span>'
)
# Classes of the columns after the first.
KINDS = ("since", "footing", *["known"] * 5, "sure", "more")
LEVELS = ("silent", "asserted", "described", "figure")  # as many bars of a mark


def tool(ev):
    """The whole of it as a Table: every practice that is a precedent, and what works on them."""
    rows = candidates(ev)
    if rows.empty:
        return nothing(say("The shortlist"))
    view = Markup(
        '<div class="shortlist" id="shortlist-tool">{form}{key}{table}'
        '<p class="shortlist-tool"><button type="button" class="shortlist-all"'
        ' aria-expanded="false">{every}</button></p>'
        '<div class="shortlist-compare" hidden></div>{memo}{tray}{templates}'
        '<script type="application/json" class="shortlist-data">{data}</script></div>{style}'
    )
    return Table(
        view.format(
            form=_form(ev),
            key=_key(ev),
            table=_table(ev, rows),
            every=label("s_all", n=len(rows)),
            memo=_memo(ev),
            tray=_tray(),
            templates=_templates(ev),
            data=escape.in_script(data(ev)),
            style=Markup(IN_LAB),
        )
    )


# ---- the form


def _each(template, rows):
    """A template filled with each of `rows`, one after the other."""
    return Markup("").join(Markup(template).format(*row) for row in rows)


def _select(name, text, options, hidden=False):
    """A labelled select of [(value, text)], of which the first chooses everything."""
    select = '<label{}>{}<select name="{}"><option value="">{}</option>{}</select></label>'
    options = _each('<option value="{}">{}</option>', options)
    hides = Markup(" hidden") if hidden else ""
    return Markup(select).format(hides, text, name, label("filter_all"), options)


def _filters(ev):
    """A select for each filter, and the button that leaves them on a phone."""
    codes = allowed(ev)
    recommendations = list(ev.recommendation_labels.items())
    places = [(row.province, placed(row.name, row.type)) for row in ev.pioneers().itertuples()]
    choices = {
        "recommendation": (say("Recommendation"), recommendations),
        "step": (label("measure"), list(zip(ev.measures.measure, ev.measures.name))),
        "place": (label("jurisdiction"), places),
        "type": (say("Type of place"), [(c, label(c)) for c in codes["type"]]),
        "status": (label("status"), [(c, ev.code_name("status", c)) for c in codes["status"]]),
        "kind": (say("Kind"), [(c, ev.code_name("kind", c)) for c in codes["kind"]]),
        "source": (say("Public sources"), [(c, label(f"s_{c}")) for c in codes["source"]]),
        "coding": (say("Do the codings agree?"), [(c, label(f"s_{c}")) for c in codes["coding"]]),
    }
    idle = {"coding"} if not coded_blind(ev) else ()  # it would choose nothing
    fields = Markup("").join(
        _select(name, *choice, hidden=name in idle) for name, choice in choices.items()
    )
    return Markup(
        '<button type="button" class="shortlist-open">{}</button>'
        '<dialog class="shortlist-filters" aria-label="{}" open><div><label class="find">{}'
        '<input type="search" name="find" maxlength="{}"></label>{}</div>'
        '<p class="shortlist-close"><button type="button" hidden>{}</button>'
        '<button type="button"></button></p></dialog>'
    ).format(
        label("s_filters"),
        label("s_filters"),
        label("s_find", words=joined(sorted(candidates(ev).name, key=len)[:EXAMPLES])),
        FOUND,
        fields,
        label("s_reset"),
    )


def _questions(ev):
    """A button for the article's order, and one for each question."""
    button = '<button type="button" data-ask="{}" aria-pressed="{}">{}</button>'
    asks = ["", *QUESTIONS]
    rows = [
        (ask, str(not ask).lower(), label(f"s_ask_{ask or 'none'}", **addressee(ev)))
        for ask in asks
    ]
    return Markup(
        '<div class="shortlist-questions" role="group" aria-label="{}"><p>{}</p>{}</div>'
    ).format(label("s_ask"), label("s_ask"), _each(button, rows))


def _weights(ev):
    """A slider and a number for each criterion, folded until somebody asks a question."""
    weights = Markup("").join(
        Markup(
            '<div class="shortlist-weight"><label for="w-{code}">'
            '<span class="shortlist-sign s{place}" aria-hidden="true">{place}</span> {name}</label>'
            '<input type="range" id="w-{code}" data-weight="{code}" min="0" max="{limit}" step="1"'
            ' value="0" aria-describedby="q-{code}">'
            '<input type="text" inputmode="numeric" autocomplete="off" data-points="{code}"'
            ' value="0" aria-label="{points}"><small id="q-{code}">{question}</small></div>'
        ).format(
            code=code,
            place=place,
            name=ev.code_name("criterion", code),
            limit=LIMIT,
            points=label("s_points", criterion=ev.code_name("criterion", code)),
            question=question_of(ev, code),
        )
        for place, code in enumerate(CRITERIA, start=1)
    )
    return Markup(
        '<details class="shortlist-weights" hidden><summary>{}</summary><div>{}</div></details>'
    ).format(label("s_weights"), weights)


def question_of(ev, criterion):
    """What a criterion asks of a practice, as the codebook has it."""
    codes = ev.codes[ev.codes.variable == "criterion"].set_index("code")
    return codes.question[criterion]


def _form(ev):
    """The form above the rows: filters, questions, weights, what is said of the order."""
    return Markup(
        '<form class="shortlist-form shortlist-tool" autocomplete="off">{filters}{questions}'
        '{weights}<p><button type="button" class="shortlist-unrate" hidden>{unrate}</button></p>'
        '<p class="shortlist-notice" role="alert" hidden></p>'
        '<p class="shortlist-said" role="status">{said}</p></form>'
    ).format(
        filters=_filters(ev),
        questions=_questions(ev),
        weights=_weights(ev),
        unrate=label("s_unrate"),
        said=label("s_listed", n=len(candidates(ev))),
    )


def _key(ev):
    """What the marks mean: one of each, with its word."""
    pictures = [bars(full, len(LEVELS) - 1, _picture(level)) for full, level in enumerate(LEVELS)]
    words = [_level(ev, level) for level in LEVELS]
    marks = _each("<li>{} {}</li>", list(zip(pictures, words)))
    names = joined(name for _, name in lines.names_of(ev, "question"))
    sure = Markup('<p class="shortlist-pictures" hidden>{}</p>').format(label("s_pictures"))
    return Markup('<div class="shortlist-key"><p>{}</p><ul>{}</ul>{}</div>').format(
        say("How much article and sources tell of {questions}:", questions=names), marks, sure
    )


def _picture(level):
    """The id of the bars of a level, a picture of the words that stand beside it."""
    return f"level-{level}"


# ---- the rows


def _level(ev, level):
    """A level of knowledge in words."""
    return label("s_silent") if level == "silent" else ev.code_name("known", level)


def _table(ev, rows):
    """Every practice, by the recommendation whose step it is a precedent of first."""
    every = links(ev)
    questions = ev.codes[ev.codes.variable == "question"]
    heads = [
        label("practice"),
        say("Since"),
        say("Legal footing"),
        *(label(f"s_q_{code}") for code in questions.code),
        say("How sure"),
        say("More"),
    ]
    first = every.drop_duplicates("practice").set_index("practice").recommendation
    groups = []
    for recommendation in ev.recommendations.itertuples():
        members = rows[rows.practice.map(first) == recommendation.recommendation]
        title = Markup(
            '<tr class="group{}"><th colspan="{}" scope="rowgroup">{} {}</th></tr>'
        ).format(
            " late" if members.index.min() >= SHOWN else "",
            len(heads),
            recommendation.section,
            recommendation.name,
        )
        listed = [
            table_row(
                heads,
                _cells(ev, row, every[every.practice == row.practice]),
                {
                    "id": f"pick-{row.practice}",
                    "data-practice": row.practice,
                    "data-printed": getattr(row, f"name_{ev.language}"),
                }
                | ({"class": "late"} if row.Index >= SHOWN else {}),
                KINDS,
            )
            for row in members.itertuples()
        ]
        if listed:
            groups.append(Markup("<tbody>{}\n{}</tbody>").format(title, Markup("\n").join(listed)))
    groups.append(Markup('<tbody class="ordered"></tbody>'))
    caption = Markup("<span>{}</span>").format(label("s_caption", n=len(rows), all=len(rows)))
    shares = [*SHARES, 0, 0]
    columns = " ".join(f"minmax(0, {share}fr)" for share in SHARES)
    style = f"--columns: {columns}"
    return table_element("cards rows", caption, heads, shares, groups, style, KINDS)


def _cells(ev, row, own):
    """The cells of a practice: name and place, date, footing, marks, how sure, all the rest."""
    head = Markup(
        '<span class="head"><label class="shortlist-tool pick"><input type="checkbox" name="pick"'
        ' value="{}" aria-label="{}"></label><span class="what"><b class="rank" hidden></b>{}<br>'
        '<span class="type">{}</span>{}</span></span>'
    ).format(
        row.practice,
        label("s_pick", practice=row.name),
        practice_link(ev, row.practice),
        placed(row.province_name, row.type),
        Markup(" {}").format(
            Markup('<span class="status">{}</span>').format(status(ev, row.status))
        )
        if row.status != "in_place"
        else "",
    )
    marks = [_mark(ev, row.practice, *mark) for mark in marks_of(ev, row.practice)]
    return [
        head,
        since(row) or missing(lines.since(row)),
        _footing(ev, row),
        *marks,
        SURE,
        _more(ev, row, own),
    ]


def _footing(ev, row):
    """The legal footing of a practice: the level of scales.csv, in words."""
    scale = ev.scales[ev.scales.criterion == "legal_footing"].set_index("level").name
    return cell_markup(scale[row.legal_footing])


def _mark(ev, practice, question, level):
    """What is known under a question as bars; it leads to the reason, under the row."""
    to = question if level != "silent" else "silent"
    head = ev.code_name("question", question)
    title = label("valued", name=head, value=_level(ev, level))
    return Markup('<a class="knows" href="#{}" title="{}">{}<span>{}</span></a>').format(
        escape.fragment(lines.anchor_of(practice, to)),
        title,
        again(_picture(level)),
        _level(ev, level),
    )


def _more(ev, row, own):
    """All that is said of a practice, folded."""
    said = Markup("").join(lines.in_html(line) for line in lines.of_practice(ev, row, own))
    return Markup('<details><summary>{}</summary><div class="lines">{}</div></details>').format(
        label("s_more"), said
    )


# ---- what is made of the rows


def _memo(ev):
    """The memo before anything is picked: its questions, and what holds of every memo."""
    questions = bullets(lines.every_question(ev))
    caveats = bullets(markdown.caveats(ev))
    return Markup(
        '<section class="shortlist-memo" aria-label="{memo}"><h3>{memo}</h3><p>{empty}</p>'
        '<ul class="memo-questions">{questions}</ul><p><strong>{shows}</strong></p>'
        '<ul class="memo-caveats">{caveats}</ul></section>'
    ).format(
        memo=say("The memo"),
        empty=say("Of every practice, before a lesson is drawn from it, ask:"),
        questions=questions,
        shows=say("What this does not show"),
        caveats=caveats,
    )


def _tray():
    """The line that stays in sight while something is picked."""
    button = '<button type="button" data-do="{}">{}</button>'
    buttons = [(do, label(f"s_{do}")) for do in ("compare", "memo", "clear")]
    return Markup(
        '<div class="shortlist-tray shortlist-tool" hidden><span role="status"></span>{}</div>'
    ).format(_each(button, buttons))


def _templates(ev):
    """What the script puts into a row that is opened: the reader's own judgement."""
    selects = []
    for code in OWN:
        levels = ev.scales[ev.scales.criterion == code].sort_values("value", ascending=False)
        options = _each('<option value="{}">{}</option>', zip(levels.level, levels.name))
        selects.append((ev.code_name("criterion", code), code, label("not_set"), options))
    select = '<label>{}<select data-own="{}"><option value="">{}</option>{}</select></label>'
    return Markup(
        '<template class="shortlist-own"><fieldset><legend>{}</legend>{}</fieldset></template>'
    ).format(label("s_judge", **addressee(ev)), _each(select, selects))


# ---- the data of the script


def _number(value):
    """A value as JSON has it: null is unknown."""
    return None if isnan(value) else value


def data(ev):
    """What the page computes from, as one JSON object: rows by the names of their columns in data/,
    constants in lower case, labels under `words`."""
    rows, fixed, every = candidates(ev), fixed_values(ev), links(ev)
    place = {practice: at for at, practice in enumerate(rows.practice)}
    scale = scales(ev)
    practices = [
        {
            "practice": row.practice,
            "place": row.province,
            "type": row.type,
            "status": row.status,
            "kind": row.kind,
            "source": row.source,
            "values": [_number(value) for value in fixed.loc[row.practice]],
        }
        for row in rows.itertuples()
    ]
    constants = {
        name: getattr(ranking, name.upper()) for name in ("tie", "band", "draws", "seed", "stride")
    }
    own = [name for name in LABELS if name.startswith("s_")]
    shared = ("comma", "semicolon", "tied", "nothing")
    return {
        "criteria": [
            {"code": c, "name": ev.code_name("criterion", c), "question": question_of(ev, c)}
            for c in CRITERIA
        ],
        "own": {code: scale[code] for code in OWN},
        "levels": {
            code: dict(zip(levels.level, levels.name))
            for code, levels in ev.scales[ev.scales.criterion.isin(OWN)].groupby("criterion")
        },
        "closeness": scale["closeness"],
        "practices": practices,
        "links": [
            [place[row.practice], row.measure, row.recommendation, row.relation, row.codings]
            for row in every.itertuples()
        ],
        "measures": [[row.measure, row.recommendation] for row in ev.measures.itertuples()],
        "names": {
            "place": dict(zip(ev.provinces.province, ev.provinces.name)),
            "recommendation": dict(zip(ev.recommendations.recommendation, ev.recommendations.name)),
        },
        "questions": QUESTIONS,
        "allowed": {name: codes for name, codes in allowed(ev).items() if name not in OF_ROWS},
        "seen": SEEN,
        "version": VERSION,
        "limit": LIMIT,
        "picked": PICKED,
        "compared": COMPARED,
        "shown": SHOWN,
        "fill": list(ranking.FILL.values()),
        "few": lines.FEW,
        "found": FOUND,
        **constants,
        "memo": {
            "title": markdown.title(ev, State()),
            "ofAll": say("Of all of them"),
            "caveats": markdown.caveats(ev),
            "cited": markdown.cited_book(ev),
            "shows": say("What this does not show"),
        },
        "words": {name: label(name) for name in [*shared, *own]}
        | {name: label(name, **addressee(ev)) for name in ("s_ask_alike", "s_file")},
    }
