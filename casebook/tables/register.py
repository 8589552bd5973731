"""The register of all practices, and what a reader can take along of it."""

from markupsafe import Markup

from casebook import addresses
from casebook.escape import fragment
from casebook.evidence import JOIN, MISSING
from casebook.tables.cells import also_printed, date_cell, dressed, missing, place, printed, status
from casebook.tables.html import Table, columns, nothing
from casebook.tables.sources import verdict_badges
from casebook.words import label, placed, say


def register(ev):
    """The whole register: one row a practice, with its permanent address, place in the article, codes, checks and chapter.

    Readable as it is; register.js adds search, filters and sorting. Rows of one sub-section and jurisdiction share a
    group with the id `cell-<section>-<province>`, to which the evidence map leads.
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
    shares = [27, 18, 21, 17, 17]
    head = [
        say("Practice and evidence"),
        label("jurisdiction"),
        say("Coded as"),
        say("Status and date"),
        label("checked"),
    ]
    groups = []
    for (section, province), found in rows.groupby(["section", "province"], sort=False):
        lines = []
        for r in found.itertuples():
            pieces = Markup(" · ").join(
                Markup("{} <code>{}</code>").format(printed(ev, e), p)
                for e, p in zip(r.evidence.split(JOIN), r.locator.split(JOIN))
            )
            note = (
                Markup('<p class="note">{}</p>').format(r.note)
                if r.note not in MISSING
                else Markup("")
            )
            main = Markup(
                '<a class="row-link" href="#{address}">{name}</a>{printed}<p class="evidence">{pieces}</p>{note}'
            ).format(
                address=fragment(r.practice),
                name=r.name,
                printed=also_printed(ev, r),
                pieces=pieces,
                note=note,
            )
            where = place(r) + Markup('<br><a href="{}">{} {}</a>').format(
                addresses.of_chapter(r.chapter), r.section, r.short
            )
            codes = {
                say("kind"): r.kind_name,
                say("instrument"): r.instrument_name,
                say("level"): r.level_name,
                say("actors"): r.actors_name,
            }
            coded = Markup("<br>").join(
                dressed("valued", 0, '<span class="type">{}</span>', *pair)
                for pair in codes.items()
            )
            state = status(ev, r.status) + Markup("<br>") + date_cell(r)
            checked = verdict_badges(ev, practice=r.practice) or missing(label("not_checked"))
            data = Markup(" ").join(
                Markup('data-{}="{}"').format(f, getattr(r, f)) for f in filters
            )
            cells = [Markup('<th scope="row" role="rowheader">{}</th>').format(main)]
            cells += [
                Markup('<td role="cell" data-label="{}">{}</td>').format(h, c)
                for h, c in zip(head[1:], (where, coded, state, checked))
            ]
            lines.append(
                Markup('<tr role="row" id="{}" {}>{}</tr>').format(
                    r.practice, data, Markup("").join(cells)
                )
            )
        groups.append(
            Markup('<tbody role="rowgroup" id="cell-{}-{}">{}</tbody>').format(
                section, province, Markup("\n").join(lines)
            )
        )
    heads = Markup("").join(
        Markup('<th scope="col" role="columnheader">{}</th>').format(h) for h in head
    )
    options = []
    for f in filters:
        if f == "province":
            values = [
                (r.province, placed(r.province_name, r.type))
                for r in rows.drop_duplicates("province").sort_values("place").itertuples()
            ]
        elif f == "section":
            values = [
                (r.section, f"{r.section} {r.short}")
                for r in rows.drop_duplicates("section").itertuples()
            ]
        else:
            values = [
                (c, ev.code_name(f, c))
                for c in ev.codes.code[ev.codes.variable == f]
                if c in set(rows[f])
            ]
        options.append((f, values))
    controls = Markup("").join(
        Markup('<label>{}<select name="{}"><option value="">{}</option>{}</select></label>').format(
            filters[f],
            f,
            label("filter_all"),
            Markup("").join(
                Markup('<option value="{}">{}</option>').format(c, n) for c, n in values
            ),
        )
        for f, values in options
    )
    return Table(
        Markup(
            '<form class="register-controls"><label>{}<input type="search" name="find"></label>{}</form>'
        ).format(label("search"), controls)
        + Markup(
            '<p class="register-count" role="status" data-said="{}" data-none="{}">{}</p>'
        ).format(
            label("practices_shown"),
            label("none_shown"),
            label("practices_shown").format(len(rows), len(rows)),
        )
        + Markup(
            '<table class="casebook cards register" role="table" style="--columns: {}"><caption>{}</caption>'
        ).format(
            " ".join(f"minmax(0, {share}fr)" for share in shares),
            say("The register: {n} practices, in the article’s order", n=len(rows)),
        )
        + columns(shares)
        + Markup('<thead role="rowgroup"><tr role="row">{}</tr></thead>{}</table>').format(
            heads, Markup("\n").join(groups)
        )
    )


def take_along():
    """Links to the register's files, beside it."""
    files = {
        "register.csv": "CSV",
        "register-excel.csv": say("CSV for Excel"),
        "register.xlsx": "XLSX",
        "datapackage.json": say("data package"),
    }
    link = Markup('<a href="../downloads/{}" download>{}</a>')
    links = Markup(" · ").join(link.format(*file) for file in files.items())
    return Table(
        Markup("<p>{}</p>").format(Markup(say("Take it along: {files}")).format(files=links))
    )
