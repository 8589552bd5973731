"""Every practice of every pioneer, sub-section by sub-section, of which a reader compares two."""

from markupsafe import Markup

from casebook.tables.cells import since
from casebook.tables.html import Table
from casebook.tables.practices import entry, side_by_side
from casebook.words import label, placed, say


def compare(ev, rows, caption):
    """A table of sub-sections by pioneers, and above it the choice of two of them.

    `rows` are the register's, with seen_year (the year that a source gives, or missing). Without
    script all pioneers stand there; compare.js hides the others.
    """
    columns, sections = ev.pioneers(), ev.subsections()
    order = dict(zip(sections.section, sections.section + " " + sections.short))
    grid = side_by_side(
        ev,
        rows,
        "section",
        order,
        caption,
        corner=label("subsection"),
        kind="compare",
        line=_dated_entry,
    )
    return Table(_choice(columns) + Markup(grid.markup))


def _dated_entry(ev, row):
    """A practice in a cell, with its year in muted type: the article's, else a source's."""
    when = since(row)
    return entry(ev, row) + (Markup(' <span class="type">{}</span>').format(when) if when else "")


def _choice(columns):
    """The form above the table: one pioneer, and another; all where nothing is chosen."""
    options = Markup("").join(
        Markup('<option value="{}">{}</option>').format(row.province, placed(row.name, row.type))
        for row in columns.itertuples()
    )
    select = '<label>{}<select name="{}"><option value="">{}</option>{}</select></label>'
    selects = Markup("").join(
        Markup(select).format(text, name, label("filter_all"), options)
        for name, text in (("compare", say("Compare")), ("with", say("with")))
    )
    said = Markup('<p class="compare-said" role="status" data-said="{}"></p>')
    form = Markup('<form class="register-controls compare-controls">{}</form>').format(selects)
    return form + said.format(say("{one} beside {other}"))
