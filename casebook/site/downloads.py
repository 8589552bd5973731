"""The register as files to take along: the canonical CSV, a copy for spreadsheets, and a workbook."""

import io
import shutil
import zipfile

import pandas as pd

from casebook import escape
from casebook.evidence import JOIN, languages
from casebook.wording import date_text
from casebook.words import LABELS, label, missing_as


def register(ev):
    """The register with its checks, one row a practice, as it is downloaded: every column of practices.csv, names beside codes.

    It is the same in every edition: codes, dates and names of places and sections are the source language's.
    """
    rows = ev.register()
    rows["province_name"] = rows.province.map(ev.provinces.set_index("province").name_en)
    rows["section_name"] = rows.section.map(ev.sections.set_index("section").name_en)
    rows["dated"] = [date_text(row, LABELS["period"], LABELS["year"]) for row in rows.itertuples()]
    checks = [ev.verdicts_of(practice=practice) for practice in rows.practice]
    rows["verdicts"] = [
        JOIN.join(verdict for _, verdict in found) or "not checked" for found in checks
    ]
    rows["checks"] = [JOIN.join(check for check, _ in found) or "not checked" for found in checks]
    names, notes = (
        [f"{column}_{language}" for language in languages(ev.package)]
        for column in ("name", "note")
    )
    columns = [
        "practice", "province", "province_name", "type", "section", "section_name", *names, "kind", "instrument", "level",
        "status", "dated", "actors", "evidence", "locator", "verdicts", "checks", *notes,
    ]  # fmt: skip
    return rows[columns]


def for_readers(ev):
    """The register as a spreadsheet shows it to the edition's readers: headings, places, sections, dates, names of codes and
    missing values in its language; ids and locators as they are."""
    frame, own = register(ev), ev.register()
    frame[["province_name", "section_name", "dated"]] = own[
        ["province_name", "section_name", "dated"]
    ]
    frame["type"] = frame.type.map(label)
    for column, variable in {
        "verdicts": "verdict",
        **{name: name for name in ("kind", "instrument", "level", "status", "actors")},
    }.items():
        frame[column] = [
            JOIN.join(ev.code_name(variable, code) for code in cell.split(JOIN))
            for cell in frame[column]
        ]
    frame = frame.replace({"not checked": label("not_checked")}).map(missing_as)
    return frame.rename(
        columns=lambda column: label(f"col_{column}") if f"col_{column}" in LABELS else column
    )


def workbook(frame, day):
    """A DataFrame as the bytes of an XLSX workbook of a `day` (a workbook made twice must be the same bytes): one sheet, a frozen header, text cells only, nothing run as a formula."""
    from openpyxl import (
        Workbook,
    )  # a third of a second, for a build that needs no new workbook, too
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
    for i, (_, cells) in enumerate(frame.items(), start=1):
        sheet.column_dimensions[get_column_letter(i)].width = min(
            60, max(12, cells.astype(str).str.len().quantile(0.9))
        )
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    book.properties.created = book.properties.modified = day
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for (
            name
        ) in old.namelist():  # openpyxl stamps each member, and the modification time on saving
            data = old.read(name)
            if name == "docProps/core.xml":
                stamp = day.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                head, mark, tail = data.partition(b'<dcterms:modified xsi:type="dcterms:W3CDTF">')
                data = head + mark + stamp + tail[tail.index(b"<") :]
            new.writestr(zipfile.ZipInfo(name, day.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write(ev, folder):
    """Write register.csv, register-excel.csv (with the mark by which Excel knows UTF-8), register.xlsx and the data package.

    register.csv and the tables of the package are for programs: every cell as it stands in data/. What is made to be opened in a
    spreadsheet has no cell that one would run: register-excel.csv, register.xlsx and the CSV of each chart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    register(ev).to_csv(folder / "register.csv", index=False, lineterminator="\n", encoding="utf-8")
    frame = for_readers(ev)
    safe = frame.map(escape.cell).rename(columns=escape.cell)
    safe.to_csv(
        folder / "register-excel.csv", index=False, lineterminator="\r\n", encoding="utf-8-sig"
    )
    (folder / "register.xlsx").write_bytes(workbook(frame, ev.published))
    shutil.copy(ev.folder / "datapackage.json", folder)
    for resource in ev.package["resources"]:
        shutil.copy(ev.folder / resource["path"], folder)
