"""The register of all practices, and what a reader can take along of it."""

from markupsafe import Markup

from casebook import addresses
from casebook.escape import fragment
from casebook.evidence import JOIN, MISSING
from casebook.tables.cells import (
    also_printed,
    as_printed,
    date_cell,
    missing,
    or_missing,
    place,
    status,
    with_markup,
)
from casebook.tables.html import Table, nothing, table_element, table_row
from casebook.tables.sources import verdict_badges
from casebook.words import label, placed, say

SHARES = [27, 18, 21, 17, 17]  # of the table's width, for each column


def register(ev):
    """The whole register: one row a practice, with its address, place in the article, codes and
    checks.

    It is readable as it is; register.js adds search, filters and sorting. Rows of one sub-section
    and jurisdiction share a group with the id `cell-<section>-<province>`, to which the evidence
    map leads (`addresses.of_cell`).
    """
    rows = ev.register()
    if rows.empty:
        return nothing(say("The register"))
    filters = {
        "province": label("jurisdiction"),
        "section": say("Section"),
        "kind": say("Kind"),
        "instrument": say("Instrument"),
        "level": label("level"),
        "status": label("status"),
    }
    headers = [
        say("Practice and evidence"),
        label("jurisdiction"),
        say("Coded as"),
        say("Status and date"),
        label("checked"),
    ]
    groups = []
    for (section, province), members in rows.groupby(["section", "province"], sort=False):
        lines = [
            table_row(
                headers,
                _cells(ev, row),
                {"id": row.practice, **{f"data-{name}": getattr(row, name) for name in filters}},
            )
            for row in members.itertuples()
        ]
        groups.append(
            Markup('<tbody id="cell-{}-{}">{}</tbody>').format(
                section, province, Markup("\n").join(lines)
            )
        )
    caption = say("The register: {n} practices, in the article’s order", n=len(rows))
    columns = " ".join(f"minmax(0, {share}fr)" for share in SHARES)
    return Table(
        _controls(ev, rows, filters)
        + _count(len(rows))
        + table_element("cards register", caption, headers, SHARES, groups, f"--columns: {columns}")
    )


def _cells(ev, row):
    """The cells of a practice: name and evidence, place, codes, status and date, checks.

    Of evidence that is the name as printed, which stands above it, only the place is said.
    """
    printed = getattr(row, f"name_{ev.language}")
    pieces = Markup(" · ").join(
        Markup("{} <code>{}</code>").format("" if piece == printed else as_printed(ev, piece), at)
        for piece, at in zip(row.evidence.split(JOIN), row.locator.split(JOIN))
    )
    note = Markup('<p class="note">{}</p>').format(row.note) if row.note not in MISSING else ""
    name = Markup('<a class="row-link" href="#{}">{}</a>').format(fragment(row.practice), row.name)
    evidence = Markup('<p class="evidence" translate="no">{}</p>').format(pieces)
    chapter = Markup('<br><a href="{}">{} {}</a>').format(
        addresses.of_chapter(row.chapter), row.section, row.short
    )
    codes = {
        say("kind"): row.kind_name,
        say("instrument"): row.instrument_name,
        say("level"): row.level_name,
        say("actors"): row.actors_name,
    }
    return [
        name + also_printed(ev, row) + evidence + note,
        place(row) + chapter,
        Markup("<br>").join(
            with_markup(
                "valued", "name", '<span class="type">{}</span>', name=name, value=or_missing(value)
            )
            for name, value in codes.items()
        ),
        status(ev, row.status) + Markup("<br>") + date_cell(row),
        verdict_badges(ev, practice=row.practice) or missing(label("not_checked")),
    ]


def _controls(ev, rows, filters):
    """The form above the register: a search, and a choice for each of `filters`.

    `filters` is {column: heading}.
    """
    choices = Markup("").join(
        Markup('<label>{}<select name="{}"><option value="">{}</option>{}</select></label>').format(
            heading,
            name,
            label("filter_all"),
            Markup("").join(
                Markup('<option value="{}">{}</option>').format(*option)
                for option in _options(ev, rows, name)
            ),
        )
        for name, heading in filters.items()
    )
    form = Markup(
        '<form class="register-controls">'
        '<label>{}<input type="search" name="find"></label>{}</form>'
    )
    return form.format(label("search"), choices)


def _options(ev, rows, column):
    """The values of a column of the register that can be chosen: pairs of value and text."""
    if column == "province":
        places = rows.drop_duplicates("province").sort_values("place")
        return [(row.province, placed(row.province_name, row.type)) for row in places.itertuples()]
    if column == "section":
        sections = rows.drop_duplicates("section")
        return [(row.section, f"{row.section} {row.short}") for row in sections.itertuples()]
    codes, used = ev.codes.code[ev.codes.variable == column], set(rows[column])
    return [(code, ev.code_name(column, code)) for code in codes if code in used]


def _count(n):
    """The line above the register that register.js keeps up to date."""
    line = Markup('<p class="register-count" role="status" data-said="{}" data-none="{}">{}</p>')
    text = label("practices_shown")
    return line.format(text, label("none_shown"), text.format(shown=n, all=n))


def take_along():
    """Links to the register's files, beside it."""
    files = {
        "register.csv": "CSV",
        "register-excel.csv": say("CSV for Excel"),
        "register.xlsx": "XLSX",
        "data-package.zip": say("all tables (data package)"),
    }
    cited = {"citations.bib": "BibTeX", "citations.ris": "RIS", "citations.txt": "GB/T 7714"}
    return Table(
        Markup("<p>{}<br>{}</p>").format(
            Markup(say("Take it along: {files}")).format(files=_files(files)),
            Markup(say("To cite article, book or row: {files}")).format(files=_files(cited)),
        )
    )


def _files(names):
    """Links to downloads, {file: words}."""
    link = Markup('<a href="../downloads/{}" download>{}</a>')
    return Markup(" · ").join(link.format(*file) for file in names.items())
