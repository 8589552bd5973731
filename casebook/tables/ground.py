"""What stands around the article: what the addressee had, what came later, what is known."""

from markupsafe import Markup

from casebook.tables.cells import cell_markup, place, translated
from casebook.tables.html import table
from casebook.tables.practices import practice_link
from casebook.tables.sources import references
from casebook.words import joined, label, say, when


def sourced(ev, row, sources):
    """A fact with the source that shows it, and of what kind that is, on a line of their own."""
    kind = label(f"source_{ev.sources[row.source]['kind']}")
    line = Markup(say("{reference} ({kind})")).format(reference=sources[row.source], kind=kind)
    return Markup('{}<br><span class="type">{}</span>').format(cell_markup(row.fact), line)


def baseline(ev, rows, caption):
    """What sources show the addressee had before the article: step, date, fact and source.

    `rows` are some of `ev.baseline`, with step (its name).
    """
    sources = references(ev)
    body = [[row.step, when(row.date), sourced(ev, row, sources)] for row in rows.itertuples()]
    return table([label("measure"), say("When"), say("What a source shows")], body, caption)


def later(ev, rows, caption):
    """What became of practices after the article: practice, what and when, fact and source.

    `rows` are some of `ev.later`, with the columns of the register.
    """
    sources, body = references(ev), []
    for row in rows.itertuples():
        name = practice_link(ev, row.practice) + Markup("<br>") + place(row)
        change = Markup("{}<br>{}").format(ev.code_name("change", row.change), when(row.date))
        body.append([name, change, sourced(ev, row, sources)])
    heads = [label("practice"), say("What became of it"), say("What a source shows")]
    return table(heads, body, caption)


def origins(ev, caption):
    """Where sources see the first trial of a practice: practice, place and date, what they say."""
    body = []
    for row in ev.origins.itertuples():
        where = Markup("{}<br>{}").format(row.place, when(translated(row.date)))
        body.append([practice_link(ev, row.practice), where, row.note])
    heads = [label("practice"), say("First seen in"), say("What a source says of it")]
    return table(heads, body, caption)


def benefits(ev, caption):
    """The benefits that the article asserts: the benefit, of which practices, why it is read so."""
    body = []
    for row in ev.benefits.itertuples():
        of = (practice_link(ev, practice) for practice in row.practices.split(" | "))
        body.append([row.name, Markup(joined(of, "semicolon")), row.reason])
    heads = [say("Benefit asserted"), say("Of which practices"), label("reason")]
    return table(heads, body, caption)
