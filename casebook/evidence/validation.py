"""Validate the tables of a folder: the schema by Frictionless, the bytes by `clean`, the rules between columns by `rules`.

Everything that is wrong becomes one list of findings.
"""

import copy
import re
from itertools import zip_longest
from pathlib import Path

from frictionless import FrictionlessException, Package

from casebook.evidence.clean import BLANK, clean_cells, read_rows
from casebook.evidence.findings import EvidenceError, Finding
from casebook.evidence.rules import house_rules, links
from casebook.evidence.schema import bibliography, descriptor, languages, no_package, printed_in
from casebook.study import DATA


def _in_words(error, resource):
    """A Frictionless error as a Finding."""
    file = resource["path"]
    row = getattr(error, "row_number", 0) or 0
    if error.type == "foreign-key":
        own = " and ".join(error.field_names)
        there = " and ".join(error.reference_field_names)
        return Finding(file, row, own, " / ".join(error.field_cells), f"a value of {there} in {error.reference_name}.csv")
    if error.type == "primary-key":
        key = resource["schema"]["primaryKey"]
        columns = [field["name"] for field in resource["schema"]["fields"]]
        value = " / ".join(error.cells[columns.index(column)] for column in key)
        return Finding(
            file, row, " and ".join(key), value, f"a key that no other row has ({re.sub('at position', '', error.note)})"
        )
    column = getattr(error, "field_name", "")
    constraints = next((f.get("constraints", {}) for f in resource["schema"]["fields"] if f["name"] == column), {})
    note = error.note or error.message
    if error.type == "type-error":
        note = next(f["type"] for f in resource["schema"]["fields"] if f["name"] == column)
    elif 'constraint "enum"' in note:
        note = "one of " + ", ".join(constraints["enum"])
    elif 'constraint "pattern"' in note:
        note = (
            f"codes of {column} in codes.csv, joined with “ | ”"
            if column == "actors"
            else f"the pattern {constraints['pattern']}"
        )
    elif 'constraint "required"' in note:
        note = "a value (none may be missing here)"
    elif 'constraint "minimum"' in note or 'constraint "maximum"' in note:
        note = f"a number from {constraints.get('minimum', '…')} to {constraints.get('maximum', '…')}"
    return Finding(file, row, column, str(getattr(error, "cell", "") or getattr(error, "label", "") or ""), note)


def _touched(package, changed):
    """The names of a table and of those that refer to it."""
    for resource in package["resources"]:
        referred = {key["reference"]["resource"] for key in resource["schema"].get("foreignKeys", ())}
        if changed in {resource["name"], *referred}:
            yield resource["name"]


def validate(folder=DATA, changed=None):
    """All findings on the tables in `folder`: an empty list when the evidence can be used.

    `changed` names the one table that may not be as it was when all were valid: Frictionless, whose findings on a table
    depend on it and on those it refers to, then reads only that one and the tables that refer to it.
    """
    folder = Path(folder)
    try:
        package = descriptor(folder)
        Package.from_descriptor(package, basepath=str(folder))
    except EvidenceError as error:
        return error.findings
    except (FrictionlessException, TypeError, AttributeError) as error:
        return [no_package("datapackage.json", str(error))]
    findings, tables, broken = [], {}, set()
    listed = {resource["path"] for resource in package["resources"]}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in listed:
            findings.append(Finding(path.name, 0, "", "a table", "to be described in datapackage.json"))
    for resource in package["resources"]:
        header, records, wrong = read_rows(folder / resource["path"])
        columns = [field["name"] for field in resource["schema"]["fields"]]
        if header and header != columns:
            pairs = zip_longest(header, columns, fillvalue="")
            found, column = next((found, column) for found, column in pairs if found != column)
            wrong.append(Finding(resource["path"], 1, column or found, found, "the columns " + ",".join(columns)))
        findings += wrong
        findings += clean_cells(resource["path"], header, records)
        if not wrong:
            tables[resource["name"]] = [dict(zip(header, record)) for record in records]
        elif header != columns or not all(finding.value == BLANK or finding.value.endswith(" cells") for finding in wrong):
            broken.add(resource["name"])  # Frictionless reads on over ragged rows, but not over other bytes or columns
    checked = copy.deepcopy(package)
    checked["resources"] = [r for r in checked["resources"] if r["name"] not in broken]
    for resource in checked["resources"]:
        keys = resource["schema"].get("foreignKeys", [])
        resource["schema"]["foreignKeys"] = [k for k in keys if k["reference"]["resource"] not in broken]
    by_name = {resource["name"]: resource for resource in checked["resources"]}
    if checked["resources"]:
        whole = Package.from_descriptor(checked, basepath=str(folder))
        reports = (
            [whole.validate()] if changed is None else [whole.get_resource(n).validate() for n in _touched(checked, changed)]
        )
        errors = [(by_name[task.name], error) for report in reports for task in report.tasks for error in task.errors]
        # What follows from a blank line, or from a row with a cell too many or too few, is told already by its cause.
        told = {(finding.file, finding.row) for finding in findings if finding.value == BLANK or finding.value.endswith(" cells")}
        findings += [_in_words(error, of) for of, error in errors if (of["path"], getattr(error, "row_number", 0)) not in told]
    try:
        entries = bibliography(folder)
        keys, findings = set(entries), [*findings, *links(entries)]
    except EvidenceError as error:
        keys, findings = None, findings + error.findings
    if printed_in(package) not in languages(package):
        expected = f"a language in which practices.csv has names: {', '.join(languages(package))}"
        return sorted({*findings, Finding("datapackage.json", 0, "sources, language", printed_in(package), expected)})
    findings += house_rules(tables, keys, package)
    return sorted(set(findings))
