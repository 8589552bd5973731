"""Every practice of every pioneer, sub-section by sub-section, of which a reader compares two."""

import pandas as pd
from markupsafe import Markup

from casebook.evidence import NOT_MENTIONED
from casebook.tables.cells import bullets, missing
from casebook.tables.html import Table
from casebook.tables.practices import across, entry
from casebook.words import label, placed, say


def compare(ev, rows, caption):
    """A table of sub-sections by pioneers, and above it the choice of two of them.

    `rows` are the register's, with seen_year (the year that a source gives, or missing). Without
    script all pioneers stand there; compare.js hides the others.
    """
    columns = ev.pioneers()
    heads = [label("subsection"), *(placed(r.name, r.type) for r in columns.itertuples())]
    cells = dict(list(rows.groupby(["section", "province"])))
    body = []
    for section in ev.subsections().itertuples():
        members = [cells.get((section.section, province)) for province in columns.province]
        lists = [missing() if of is None else _listed(ev, of) for of in members]
        body.append([f"{section.section} {section.short}", *lists])
    grid = across(heads, body, caption, kind="cards matrix compare")
    return Table(_choice(columns) + Markup(grid.markup))


def _listed(ev, rows):
    """The practices of one cell as a list, each with its year in muted type."""
    entries = []
    for row in rows.itertuples():
        if row.dated != NOT_MENTIONED:
            when = row.dated
        elif pd.isna(row.seen_year):
            when = None
        else:
            when = say("{year}, by a source", year=label("year", year=row.seen_year))
        dated = Markup(' <span class="type">{}</span>').format(when) if when else ""
        entries.append(entry(ev, row) + dated)
    return Markup("<ul>{}</ul>").format(bullets(entries))


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
