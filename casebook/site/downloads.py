"""The register as files to take along: a CSV, a copy for spreadsheets, a workbook."""

import io
import shutil
import zipfile

import pandas as pd

from casebook import escape
from casebook.addresses import of_row
from casebook.evidence import JOIN, languages
from casebook.evidence.wording import date_text
from casebook.site import citing
from casebook.tables.cells import translated
from casebook.words import LABELS, elsewhere, label, missing_as, say, site_of, the_book

NOT_CHECKED = "not checked"  # instead of checks and verdicts, in every edition


def named_register(ev):
    """The register as it is downloaded: every column of practices.csv, names, checks.

    One row is a practice. It is the same in every edition: codes, dates and names of places and
    sections are the source language's.
    """
    rows = ev.register()
    rows["province_name"] = rows.province.map(ev.provinces.set_index("province").name_en)
    rows["section_name"] = rows.section.map(ev.sections.set_index("section").name_en)
    rows["dated"] = [date_text(row, LABELS["period"], LABELS["year"]) for row in rows.itertuples()]
    checks = [ev.verdicts_of(practice=practice) for practice in rows.practice]
    for column, part in {"checks": 0, "verdicts": 1}.items():
        rows[column] = [JOIN.join(pair[part] for pair in pairs) or NOT_CHECKED for pairs in checks]
    names, notes = (
        [f"{column}_{language}" for language in languages(ev.package)]
        for column in ("name", "note")
    )
    columns = [
        "practice", "province", "province_name", "type", "section", "section_name", *names,
        "kind", "instrument", "level", "status", "dated", "actors",
        "evidence", "locator", "verdicts", "checks", *notes,
    ]  # fmt: skip
    return rows[columns]


def for_readers(ev):
    """The register as a spreadsheet shows it to the edition's readers.

    Headings, places, sections, dates, names of codes and missing values are in its language. Ids
    and locators stay as they are.
    """
    frame, in_words = named_register(ev), ev.register()
    for column in ("province_name", "section_name", "dated"):
        frame[column] = in_words[column]
    frame["type"] = frame.type.map(label)
    coded = ("kind", "instrument", "level", "status", "actors")
    for column, variable in (("verdicts", "verdict"), *zip(coded, coded)):
        frame[column] = [
            JOIN.join(ev.code_name(variable, code) for code in cell.split(JOIN))
            for cell in frame[column]
        ]
    frame = frame.replace({NOT_CHECKED: label("not_checked")}).map(missing_as)
    return frame.rename(
        columns=lambda column: label(f"col_{column}") if f"col_{column}" in LABELS else column
    )


def workbook(frame, day):
    """A DataFrame as the bytes of an XLSX workbook, with `day` as its date.

    Its first column has the ids of practices, which are links where the site's address is known. It
    has one sheet, a frozen header, and cells of text only, so that none runs as a formula. A
    workbook made twice is the same bytes.
    """
    # Here, and not above: the import takes a third of a second, in every build.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book, top = Workbook(), Alignment(vertical="top", wrap_text=True)
    sheet = book.active
    sheet.title = label("sheet")
    sheet.append(list(frame.columns))
    for record in frame.itertuples(index=False):
        sheet.append(["" if pd.isna(cell) else str(cell) for cell in record])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type, cell.alignment = "s", top
    for cell in sheet["A"][1:] if site_of() else ():
        cell.hyperlink, cell.style = elsewhere(of_row(cell.value)), "Hyperlink"
        cell.alignment = top
    for i, (_, cells) in enumerate(frame.items(), start=1):
        sheet.column_dimensions[get_column_letter(i)].width = min(
            60, max(12, cells.astype(str).str.len().quantile(0.9))
        )
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    book.properties.created = book.properties.modified = day
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # openpyxl stamps each member, and the modification time on saving.
    stamp = day.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    mark = b'<dcterms:modified xsi:type="dcterms:W3CDTF">'
    head, _, tail = members["docProps/core.xml"].partition(mark)
    members["docProps/core.xml"] = head + mark + stamp + tail[tail.index(b"<") :]
    return zipped(members, day)


def zipped(members, day):
    """A zip file as bytes, of `members` {name: bytes}, each with `day` as its date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            stamped = zipfile.ZipInfo(name, day.timetuple()[:6])
            archive.writestr(stamped, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def about(ev):
    """What is in the data package, whose it is and how it opens: its README.md, as text."""
    licence = ev.package["licenses"][0]
    tables = [
        f"- `{resource['path']}` – {translated(resource['description'])}"
        for resource in ev.package["resources"]
    ]
    paragraphs = [
        f"# {the_book('title')}",
        translated(ev.package["description"]),
        say("This is version {version} of the data.", version=ev.package["version"]),
        say(
            "Each table is a CSV file in UTF-8. `datapackage.json` says what its columns mean and "
            "which rows belong together; `frictionless validate datapackage.json` checks it. "
            "`references.bib` has the sources that rows name."
        ),
        say("In Excel a table is opened by *Data*, *From Text/CSV*, as UTF-8."),
        say(
            "Licence: {name}, {address}. The article is its author’s and is not in here.",
            name=licence["title"],
            address=licence["path"],
        ),
        "\n".join(tables),
    ]
    return "\n\n".join(paragraphs) + "\n"


def write_downloads(ev, folder):
    """Write register.csv, register-excel.csv, register.xlsx and the data package.

    The package is data-package.zip: the tables, datapackage.json, references.bib and a README.md.
    Each of its files but the last also lies there by itself. citations.bib, .ris and .txt have the
    article, the book and each row as they are cited.

    register-excel.csv begins with the mark by which Excel knows UTF-8. register.csv and the tables
    of the package are for programs: every cell as it stands in data/. What is made to be opened in
    a spreadsheet has no cell that one would run: register-excel.csv, register.xlsx and the CSV of
    each chart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    named_register(ev).to_csv(
        folder / "register.csv", index=False, lineterminator="\n", encoding="utf-8"
    )
    frame = for_readers(ev)
    safe = frame.map(escape.cell).rename(columns=escape.cell)
    safe.to_csv(
        folder / "register-excel.csv", index=False, lineterminator="\r\n", encoding="utf-8-sig"
    )
    (folder / "register.xlsx").write_bytes(workbook(frame, ev.published))
    members = {"README.md": about(ev).encode()}
    paths = [resource["path"] for resource in ev.package["resources"]]
    for name in ("datapackage.json", *paths, "references.bib"):
        shutil.copy(ev.folder / name, folder)
        members[name] = (ev.folder / name).read_bytes()
    (folder / "data-package.zip").write_bytes(zipped(members, ev.published))
    for ending, raw in citing.files(citing.works(ev)).items():
        (folder / f"citations.{ending}").write_bytes(raw)
