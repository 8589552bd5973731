"""Validate the tables of a folder.

Frictionless has the schema, `clean` the bytes, `rules` what holds between columns. Everything that
is wrong becomes one list of findings.
"""

import re
from itertools import zip_longest
from pathlib import Path

from frictionless import FrictionlessException, Package

from casebook.evidence.clean import clean_cells, read_rows
from casebook.evidence.findings import EvidenceError, Finding
from casebook.evidence.rules import house_rules, wrong_links
from casebook.evidence.schema import bibliography, descriptor, languages, no_package, printed_in
from casebook.study import DATA


def validate(folder=DATA, changed=None):
    """All findings on the tables in `folder`: an empty list when the evidence can be used.

    What keeps a table from being read comes first, and last one line for what could not be asked
    because of it.

    `changed` names the one table that may not be as it was when all were valid: Frictionless, whose
    findings on a table depend on it and on those it refers to, then checks only that one and the
    tables that refer to it.
    """
    folder = Path(folder)
    try:
        package = descriptor(folder)
        schema = _schema(package)
    except EvidenceError as error:
        return error.findings
    causes, findings, rows, tables = _undescribed(folder, package), [], {}, {}
    for resource in package["resources"]:
        name, columns = resource["name"], [field["name"] for field in resource["schema"]["fields"]]
        header, records, wrong = read_rows(folder / resource["path"])
        causes += [*wrong, *_columns(resource["path"], header, columns)]
        findings += clean_cells(resource["path"], header, records)
        if header == columns:
            rows[name] = [header, *records]
            if all(len(record) == len(columns) for record in records):
                tables[name] = [dict(zip(columns, record)) for record in records]
    findings += _schema_findings(schema, package, rows, changed)
    try:
        sources = bibliography(folder)
        findings += wrong_links(sources)
    except EvidenceError as error:
        sources = None
        causes += error.findings
    if printed_in(package) in languages(package):
        findings += house_rules(tables, sources, package)
    else:
        expected = f"a language in which practices.csv has names: {', '.join(languages(package))}"
        language = printed_in(package)
        causes.append(Finding("datapackage.json", 0, "sources, language", language, expected))
    return sorted({*causes}) + sorted({*findings} - {*causes}) + _not_compared(package, tables)


def _schema(package):
    """A descriptor as a Frictionless Package. Raises EvidenceError if it is none."""
    try:
        return Package.from_descriptor(package)
    except (FrictionlessException, TypeError, AttributeError) as error:
        raise no_package(str(error)) from None


def _undescribed(folder, package):
    """Findings on files that are no table of the package."""
    described = {resource["path"] for resource in package["resources"]}
    return [
        Finding(path.name, 0, "", "a table", "to be described in datapackage.json")
        for path in sorted(folder.glob("[!.]*.csv"))
        if path.name not in described
    ]


def _columns(file, header, columns):
    """The finding on the first column of a header that is not the schema's."""
    if header and header != columns:
        pairs = zip_longest(header, columns, fillvalue="")
        name, column = next((name, column) for name, column in pairs if name != column)
        yield Finding(file, 1, column or name, name, "the columns " + ",".join(columns))


def _not_compared(package, tables):
    """The finding that stands for all that follows from tables that cannot be read whole."""
    unread = [table["path"] for table in package["resources"] if table["name"] not in tables]
    expected = f"{', '.join(unread)} to be mended first"
    return [Finding("codes.csv", 0, "", "not compared with all rows", expected)] if unread else []


def _schema_findings(schema, package, rows, changed):
    """What Frictionless finds in the `rows` of the tables, but for rows of another length."""
    broken = {resource.name for resource in schema.resources} - rows.keys()
    for name in broken:
        schema.remove_resource(name)
    for resource in schema.resources:
        keys = resource.schema.foreign_keys
        resource.schema.foreign_keys = [k for k in keys if k["reference"]["resource"] not in broken]
        # The rows as they were read, so that Frictionless parses no file. A function, because it
        # copies a list often.
        resource.path, resource.format = None, "inline"
        resource.data = lambda records=rows[resource.name]: iter(records)
    descriptors = {resource["name"]: resource for resource in package["resources"]}
    if changed is None:
        reports = [schema.validate()] if schema.resources else []
    else:
        reports = [resource.validate() for resource in _touched(schema, changed)]
    for task in (task for report in reports for task in report.tasks):
        header, *_ = lines = rows[task.name]
        for error in task.errors:
            row = getattr(error, "row_number", 0)
            if not row or len(lines[row - 1]) == len(header):
                yield _in_words(error, descriptors[task.name])


def _touched(schema, changed):
    """A table by its name, and those that refer to it, as Frictionless resources."""
    for resource in schema.resources:
        referred = {key["reference"]["resource"] for key in resource.schema.foreign_keys}
        if changed in {resource.name, *referred}:
            yield resource


def _in_words(error, resource):
    """A Frictionless error as a Finding."""
    file, row = resource["path"], getattr(error, "row_number", 0) or 0
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    if error.type == "foreign-key":
        referred = " and ".join(error.reference_field_names)
        expected = f"a value of {referred} in {error.reference_name}.csv"
        columns, value = " and ".join(error.field_names), " / ".join(error.field_cells)
        return Finding(file, row, columns, value, expected)
    if error.type == "primary-key":
        key = resource["schema"]["primaryKey"]
        value = " / ".join(error.cells[list(fields).index(column)] for column in key)
        expected = f"a key that no other row has ({re.sub('at position', '', error.note)})"
        return Finding(file, row, " and ".join(key), value, expected)
    column = getattr(error, "field_name", "")
    value = str(getattr(error, "cell", "") or getattr(error, "label", "") or "")
    return Finding(file, row, column, value, _expected(error, fields.get(column, {})))


def _expected(error, field):
    """What a Frictionless error on one cell expects of its field."""
    note, constraints = error.note or error.message, field.get("constraints", {})
    if error.type == "type-error":
        return field["type"]
    if 'constraint "enum"' in note:
        return "one of " + ", ".join(constraints["enum"])
    if 'constraint "pattern"' in note:
        if field["name"] == "actors":
            return "codes of actors in codes.csv, joined with “ | ”"
        return f"the pattern {constraints['pattern']}"
    if 'constraint "required"' in note:
        return "a value (none may be missing here)"
    if 'constraint "minimum"' in note or 'constraint "maximum"' in note:
        least, most = constraints.get("minimum", "…"), constraints.get("maximum", "…")
        return f"a number from {least} to {most}"
    return note
