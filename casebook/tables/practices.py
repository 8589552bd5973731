"""Tables of practices: side by side, by section, with their figures, items and precedents."""

import pandas as pd
from markupsafe import Markup, escape

from casebook import addresses
from casebook.evidence import JOIN, MISSING, NOT_MENTIONED
from casebook.evidence.agreement import agreed
from casebook.tables.cells import (
    also_printed,
    as_printed,
    bullets,
    date_cell,
    missing,
    place,
    practice_link,
    status,
    translated,
    with_markup,
    with_remark,
)
from casebook.tables.html import COLUMNS, Table, table
from casebook.tables.sources import references, verdict_badges
from casebook.words import joined, label, number, placed, say, some, when


def across(heads, rows, caption, kind):
    """A `table` with a column a jurisdiction after the first.

    More than `COLUMNS` of them go on in further tables, with their own heads.
    """
    places = len(heads) - 1
    count = max(1, -(-places // COLUMNS))
    each = -(-places // count)
    parts = [slice(at, at + each) for at in range(1, len(heads), each)]
    captions = [
        say("{caption} ({n} of {all})", caption=caption, n=n, all=count)
        for n in range(1, count + 1)
    ]
    markup = [
        table([heads[0], *heads[part]], [[row[0], *row[part]] for row in rows], title, kind).markup
        for part, title in zip(parts, captions if count > 1 else [caption])
    ]
    return Table("\n".join(markup))


def entry(ev, row, mark_status=True):
    """A practice in a cell: its name as a link, its verdicts, and its status if not in place."""
    line = practice_link(ev, row.practice) + verdict_badges(ev, practice=row.practice)
    if mark_status and row.status != "in_place":
        line += Markup(' <span class="status">{}</span>').format(status(ev, row.status))
    return line


def side_by_side(ev, rows, by, order, caption, provinces=None, corner="", kind="", line=entry):
    """A framework matrix: a column a jurisdiction, the practices in the cells.

    Its rows are the values of `by`, which `order` maps to their labels. A practice that is not
    reported in place says so; an empty cell reads “not mentioned”. `provinces` fixes the columns
    (default: the pioneers). `kind` is a class more, and `line` makes the text of a practice.
    """
    columns = ev.pioneers()
    if provinces is not None:
        columns = ev.jurisdictions.set_index("province").loc[list(provinces)].reset_index()
    heads = [corner, *(placed(r.name, r.type) for r in columns.itertuples())]
    body = []
    for value, text in order.items():
        cells = []
        for province in columns.province:
            members = rows[(rows[by] == value) & (rows.province == province)]
            entries = bullets(line(ev, row) for row in members.itertuples())
            cells.append(Markup("<ul>{}</ul>").format(entries) if entries else missing())
        body.append([text.replace("\n", " "), *cells])
    return across(heads, body, caption, kind=f"cards matrix {kind}".strip())


def practices(ev, rows, caption, extra=None):
    """A list of practices: names, jurisdiction, status and date, and kind or `extra`.

    `extra` maps a header to a function of a row that gives the cell; it takes the place of the
    kind, for lack of room.
    """
    extra = extra or {say("Kind"): lambda row: row.kind_name}
    body = [
        [
            entry(ev, row, mark_status=False) + also_printed(ev, row),
            place(row),
            status(ev, row.status) + Markup("<br>") + date_cell(row),
            *(make(row) for make in extra.values()),
        ]
        for row in rows.itertuples()
    ]
    heads = [label("practice"), label("jurisdiction"), say("Status and date"), *extra]
    return table(heads, body, caption)


def undated(ev, rows, caption):
    """Practices that have no date, which stand beside a time line."""
    heads = [label("practice"), label("jurisdiction"), label("subsection")]
    body = [[entry(ev, row), place(row), f"{row.section} {row.short}"] for row in rows.itertuples()]
    return table(heads, body, caption)


def figures(ev, ids, caption):
    """Figures that the article states: metric, value and unit, year, as printed, checks."""
    places = ev.provinces[["province", "name", "type"]].rename(columns={"name": "province_name"})
    rows = ev.figures.set_index("figure").loc[list(ids)].reset_index().merge(places, on="province")
    body = []
    for row in rows.itertuples():
        year = NOT_MENTIONED if pd.isna(row.year) else label("year", year=row.year)
        value = with_markup(
            "measured", "value", "<strong>{}</strong>", value=number(row.value), unit=row.unit
        )
        badges = verdict_badges(ev, figure=row.figure) or missing(label("not_checked"))
        pieces = (as_printed(ev, piece) for piece in row.evidence.split(JOIN))
        evidence = Markup(" · ").join(pieces)
        body.append([row.metric, place(row), value, year, evidence, badges])
    heads = [
        say("What is counted"),
        label("jurisdiction"),
        label("value"),
        say("Year"),
        say("As printed"),
        label("checked"),
    ]
    return table(heads, body, caption)


def items(ev, practice, caption):
    """The members of a list that the article spells out, in its order.

    They stand as printed, too, where the edition has other words.
    """
    rows = ev.items[ev.items.practice == practice]
    heads, body = [say("No."), say("Member")], [[r.position, r.name] for r in rows.itertuples()]
    if (rows.name != rows.evidence).any():
        heads.append(say("As printed"))
        body = [[*cells, as_printed(ev, text)] for cells, text in zip(body, rows.evidence)]
    return table(heads, body, caption)


def matched(ev, lists, caption):
    """Lists of items beside each other: what this book reads together, then what is in one alone.

    `lists` maps the practices that the lists are of to the heads of their columns. A row is a pair
    of `Evidence.alignments_of`, under its reason and relation; the last has all other items. They
    stand as printed, too, where the edition has other words.
    """
    items = ev.items[ev.items.practice.isin(lists)]
    of = items.set_index("item").practice
    words = {row.item: escape(row.name) + also_printed(ev, row) for row in items.itertuples()}
    pairs = ev.alignments_of(*lists)
    body = []
    for row in pairs.itertuples():
        cells = {of[item]: words[item] for item in (row.left, row.right)}
        why = with_remark(row.reason, ev.code_name("relation", row.relation))
        body.append([why, *(cells.get(practice, missing()) for practice in lists)])
    alone = items[~items.item.isin([*pairs.left, *pairs.right])]
    rest = (bullets(words[item] for item in alone.item[alone.practice == one]) for one in lists)
    others = [Markup("<ul>{}</ul>").format(one) if one else missing() for one in rest]
    body.append([say("In one list only"), *others])
    return table([label("relation"), *lists.values()], body, caption)


def context(ev):
    """Figures from public sources: a row a figure, a column a jurisdiction, sources below."""
    places = ev.jurisdictions[ev.jurisdictions.role != "national"]
    sources, body = references(ev), []
    for (metric, unit), rows in ev.context.groupby(["metric", "unit"], sort=False):
        cells = []
        for province in places.province:
            figures_of_place = rows[rows.province == province]
            if figures_of_place.empty:
                cells.append(missing(say("no exact figure seen")))
                continue
            row = figures_of_place.iloc[0]
            # The decimals are fixed, so that no figure of a row counts in myriads.
            decimals = len(f"{row.value:.2f}".rstrip("0").partition(".")[2])
            cells.append(with_remark(number(row.value, decimals), when(translated(row.date))))
        body.append([say("{metric}, {unit}", metric=metric, unit=unit), *cells])
    heads = [say("Figure"), *(placed(r.name, r.type) for r in places.itertuples())]
    caption = say("The jurisdictions in a few figures, with the date of each")
    grid = across(heads, body, caption, kind="cards")
    keys = dict.fromkeys(ev.context.source)
    notes = dict.fromkeys(note for note in ev.context.note if note not in MISSING)
    lines = bullets([*(sources[key] for key in keys), *notes])
    below = Markup("<details><summary>{}</summary><ul>{}</ul></details>")
    return Table(
        Markup(grid.markup) + below.format(say("Sources and caveats of these figures"), lines)
    )


def scales(ev):
    """The criteria by which the shortlist orders practices: question, and fixed scale in words."""
    questions = ev.codes[ev.codes.variable == "criterion"]
    body = []
    for code in questions.itertuples():
        rows = ev.scales[ev.scales.criterion == code.code]
        rows = rows.sort_values("value", ascending=False, kind="stable")
        levels = [
            label("valued", name=joined(level.name), value=number(value))
            for value, level in rows.groupby("value", sort=False)
        ]
        body.append([code.name, code.question, joined(levels, "semicolon")])
    heads = [say("Criterion"), say("Question"), say("Fixed scale, from 0 to 1")]
    return table(heads, body, say("What the shortlist orders practices by"))


def measures(ev, recommendation):
    """The steps of one recommendation: name, precedents, and what the addressee had before.

    At most `FIRST` precedents stand there: the closest, and of these those that a source shows. All
    of them, each with its reason, are in the shortlist, to which a link leads.
    """
    name = ev.recommendations.set_index("recommendation").loc[recommendation, "name"]
    seen = agreed(ev.precedents, ev.codings, ev.coders)
    pairs = closest_first(ev, ev.precedents_of().merge(seen, on=["measure", "practice"]))
    none, body = missing(say("none in this book’s reading")), []
    for step in ev.measures[ev.measures.recommendation == recommendation].itertuples():
        own = list(pairs[pairs.measure == step.measure].itertuples())
        had = ev.baseline[ev.baseline.measure == step.measure]
        facts = [with_remark(row.name, when(row.date)) for row in had.itertuples()]
        name_of_step = escape(step.name) + also_printed(ev, step)
        listed = _precedents(ev, own) if own else none
        shown = Markup("<ul>{}</ul>").format(bullets(facts)) if facts else missing()
        body.append([name_of_step, listed, shown])
    heads = [
        label("measure"),
        say("Precedents (this book’s reading)"),
        say("What a source shows before the article"),
    ]
    return table(heads, body, name)


FIRST = 2  # precedents of a step that stand open


def closest_first(ev, pairs):
    """Rows of precedents in the order in which a reader looks: the closest relation first.

    Of one relation, what a source shows comes before the rest, then what more codings have.
    """
    codes = list(ev.codes.code[ev.codes.variable == "relation"])
    ordered = pairs.assign(close=pairs.relation.map(codes.index), shown=ev.seen(pairs))
    return ordered.sort_values(
        ["close", "shown", "agreed"], ascending=[True, False, False], kind="stable"
    )


def _precedents(ev, rows):
    """The first precedents of a step, and below them the way to all in the shortlist."""
    line = Markup(say("{practice} – {jurisdiction}; {relation}"))
    first = bullets(
        line.format(practice=entry(ev, row), jurisdiction=place(row), relation=_relation(row))
        for row in rows[:FIRST]
    )
    words = some(
        "It in the shortlist, with the reason", "All {n} in the shortlist, with reasons", len(rows)
    )
    link = Markup('<ul>{}</ul><p><a href="{}">{}</a></p>')
    return link.format(first, addresses.of_step(rows[0].measure), words)


def _relation(row):
    """How a precedent is related to its step, and how many blind codings say so, unless all."""
    contested = say("{link} (in {agreed} of {of} blind codings)")
    name = row.relation_name
    if row.agreed != row.of:
        name = contested.format(link=name, agreed=row.agreed, of=row.of)
    return Markup("<strong>{}</strong>").format(name)


def assessment(ev, variable, caption):
    """Answers to the questions of one framework: a row a question, a column a recommendation.

    Each says who answers.
    """
    codes = ev.codes[ev.codes.variable == variable]
    recs = ev.recommendations
    answers = ev.assessments.set_index(["recommendation", "variable", "code"])
    body = []
    for code in codes.itertuples():
        head = Markup('{}<br><span class="type">{}</span>').format(code.name, code.question)
        cells = []
        for rec in recs.recommendation:
            row = answers.loc[(rec, variable, code.code)]
            if row.answer == "silent":
                cells.append(Markup('<span class="type">{}</span>').format(row.text))
            else:
                cells.append(with_remark(row.text, ev.code_name("answer", row.answer)))
        body.append([head, *cells])
    heads = [say("Question"), *(f"{r.section} {r.name}" for r in recs.itertuples())]
    return table(heads, body, caption)
