"""Change one thing at a time in every table, and see who notices: `make mutate SOURCE=path`.

A fault is one changed cell, row or head of the tables, made by a rule of its kind. Which columns a
kind applies to is read from datapackage.json. Each fault is planted in a copy of data/ and shown to
three nets in turn: the loader (`validation.validate`), the source check (`source.prove`), and the
accepted state that the reference notebooks were made from (`accept.unaccepted`). nbval replays
those notebooks; the method chapter shows the digest of all data, so that every change turns it red,
and the third net names the cell.

A fault counts as caught only if a message names its file, row, column and value. The report lists
what nobody names. It lists every change of a column that is taken from the article, too, if only
the accepted state noticed it. Bytes and characters that no table may have, whatever its columns,
are tests/test_evidence.py's: markup stands here for all of them.
"""

import argparse
import csv
import io
import os
import random
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from itertools import chain, islice, product
from multiprocessing import Pool
from pathlib import Path

import pandas as pd

from casebook import evidence
from casebook.evidence import DATA, JOIN, MISSING
from casebook.evidence.clean import read_rows
from casebook.evidence.findings import quoted
from casebook.evidence.validation import validate
from casebook.proof import accept
from casebook.proof import proofs as source
from casebook.proof.located import LOCATED

NETS = ("loader", "source check", "accepted state (nbval)")
UNNAMED, SURVIVED = "not named", "survived"
SEED_OF_FAULTS = 20200820
# Han characters that a reader takes for another one, in pairs.
TWINS = "未末已己土士日曰人入大太干千天夭治冶市巿广厂政攻北比"
TWINS += "理埋会合改攻立五工土第弟力刀万方主王民氏众从体休"
TWINS = dict(zip(TWINS[::2], TWINS[1::2])) | dict(zip(TWINS[1::2], TWINS[::2]))


@dataclass(frozen=True)
class Field:
    """A column as the schema has it, with the values that it may have, if they are listed."""

    is_key: bool
    is_text: bool  # words: neither numbers nor listed values
    values: tuple


@dataclass(frozen=True)
class DataTable:
    """A table as it stands: its file, fields, header and records."""

    name: str
    file: str
    fields: dict
    header: tuple
    records: tuple

    def written(self, header=None, records=None):
        """The bytes of the table's file, with another header or other records if they are given."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header or self.header)
        writer.writerows(self.records if records is None else records)
        return text.getvalue().encode()

    def key_of(self, row):
        """What names the record in line `row`: the values of its primary key."""
        record = zip(self.header, self.records[row - 2])
        return [cell for name, cell in record if self.fields[name].is_key]


@dataclass(frozen=True)
class Fault:
    """One thing to change: its kind and place; row 0 is the whole file, column "" the whole row."""

    table: str
    kind: str
    row: int = 0
    column: str = ""


def tables_of(folder):
    """The tables of a folder of data: {name: Table}, by datapackage.json."""
    resources = evidence.descriptor(folder)["resources"]
    rows = {one["name"]: read_rows(Path(folder) / one["path"])[:2] for one in resources}

    def values_of(table, column):
        header, records = rows[table]
        return tuple(dict.fromkeys(record[header.index(column)] for record in records))

    tables = {}
    for resource in resources:
        schema, (header, records) = resource["schema"], rows[resource["name"]]
        listed = {
            column: values_of(key["reference"]["resource"], referred)
            for key in schema.get("foreignKeys", ())
            for column, referred in zip(key["fields"], key["reference"]["fields"])
        }
        fields = {}
        for field in schema["fields"]:
            name, codes = field["name"], field.get("constraints", {}).get("enum", ())
            values = listed.get(name, tuple(codes))
            is_text = field["type"] == "string" and not values
            fields[name] = Field(name in schema["primaryKey"], is_text, values)
        name = resource["name"]
        tables[name] = DataTable(name, resource["path"], fields, tuple(header), records)
    return tables


# The kinds of changed cells. Each takes a Field and a cell, and gives the new cell, or None where
# it does not apply.


def _digit(field, cell):
    found = None if cell in MISSING else re.search(r"[0-9](?=[^0-9]*$)", cell)
    return found and f"{cell[: found.start()]}{(int(found[0]) + 1) % 10}{cell[found.end() :]}"


def _year(field, cell):
    found = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", cell)
    return found and f"{cell[: found.start()]}{int(found[0]) - 1}{cell[found.end() :]}"


def _next_value(field, cell):
    if cell not in field.values:
        return None
    return field.values[(field.values.index(cell) + 1) % len(field.values)]


def _worded(change):
    """A kind for columns of words: `change` gives the new cell of the old one, or None."""
    return lambda field, cell: change(cell) if field.is_text and cell not in MISSING else None


def _twin(cell):
    found = next((char for char in cell if char in TWINS), None)
    return found and cell.replace(found, TWINS[found], 1)


CELL_KINDS = {
    "digit": _digit,
    "year": _year,
    "another value": _next_value,
    "unknown value": lambda field, cell: f"{cell}-x" if field.is_key or field.values else None,
    "made missing": lambda field, cell: MISSING[cell == MISSING[0]],
    "emptied": lambda field, cell: "",
    "piece dropped": lambda field, cell: cell.rpartition(JOIN)[0] or None,
    "cut": _worded(lambda cell: cell[:-1] or None),
    "cut in front": _worded(lambda cell: cell[1:] or None),
    "lengthened": _worded(lambda cell: cell + ("的" if "\u4e00" <= cell[-1] <= "\u9fff" else "s")),
    "look-alike Han": _worded(_twin),
    "markup": lambda field, cell: f"{cell}<img src=x onerror=alert(1)>",
    "line feed": lambda field, cell: f"{cell[:1]}\n{cell[1:]}",
}

# The kinds of changed rows. Each takes the bytes of a line and of the next one, which is empty
# after the last, and gives the lines in their place, or None where it does not apply.
ROW_KINDS = {
    "deleted row": lambda line, following: [following],
    "doubled row": lambda line, following: [line, line, following],
    "moved row": lambda line, following: [following, line] if following else None,
    "stray comma": lambda line, following: [line + b",", following],
    "lost cell": lambda line, following: [line.rpartition(b",")[0], following],
    "line end of a row": lambda line, following: [line + b"\r", following],
}


def _swapped(cells):
    """The cells of a record, the first two in each other's place."""
    return (*cells[1::-1], *cells[2:])


# The kinds of changed heads. Each takes a Table, and gives the bytes of its file.
HEAD_KINDS = {
    "swapped heads": lambda table: table.written(_swapped(table.header)),
    "swapped columns": lambda table: table.written(
        _swapped(table.header), map(_swapped, table.records)
    ),
    "doubled head": lambda table: table.written((*table.header[:1] * 2, *table.header[2:])),
    "renamed head": lambda table: table.written((f"{table.header[0]}x", *table.header[1:])),
}


def _new_cell(table, fault):
    """The cell that a fault puts in the old one’s place, or None where its kind does not apply."""
    cell = table.records[fault.row - 2][table.header.index(fault.column)]
    new = CELL_KINDS[fault.kind](table.fields[fault.column], cell)
    return None if new == cell else new


def planted(table, fault):
    """The bytes of a table with a fault in it, or None where the fault cannot be."""
    if not fault.row:
        return HEAD_KINDS[fault.kind](table)
    if not fault.column:
        lines, at = table.written().split(b"\n"), fault.row - 1
        changed = ROW_KINDS[fault.kind](*lines[at : at + 2])
        return changed and b"\n".join([*lines[:at], *changed, *lines[at + 2 :]])
    new = _new_cell(table, fault)
    if new is None:
        return None
    records = [list(record) for record in table.records]
    records[fault.row - 2][table.header.index(fault.column)] = new
    return table.written(records=records)


def faults(tables):
    """Every fault of a full run: each kind in each column, or each table, that it applies to.

    Each is tried in one row, drawn anew for each table, column and kind, but always the same.
    """

    def in_a_row(table, column, kind, changed):
        rows = [*range(2, len(table.records) + 2)]
        random.Random(f"{SEED_OF_FAULTS} {table.name} {column} {kind}").shuffle(rows)
        drawn = (Fault(table.name, kind, row, column) for row in rows)
        return islice((fault for fault in drawn if changed(table, fault) is not None), 1)

    for table in tables.values():
        yield from (Fault(table.name, kind) for kind in HEAD_KINDS)
        for kind in ROW_KINDS:
            yield from in_a_row(table, "", kind, planted)
        for column, kind in product(table.fields, CELL_KINDS):
            yield from in_a_row(table, column, kind, _new_cell)


def sample(found, size):
    """A sample of `size` faults, the same every time.

    One of each kind and of each table comes first, then whatever the seed draws.
    """
    order = sorted(found, key=lambda fault: random.Random(f"{SEED_OF_FAULTS} {fault}").random())
    first = {}
    for fault in order:
        first.setdefault(("kind", fault.kind), fault)
        first.setdefault(("table", fault.table), fault)
    return [*dict.fromkeys([*first.values(), *order])][: max(size, len(first))]


# Columns that the article settles, in the tables whose rows stand in it and beside them.
DERIVED = """province section evidence text locator name_zh value unit year period_start period_end
place characters sha256 rows position keywords theme"""
DERIVED = {*DERIVED.split()}
BESIDE = {
    "figures": {"practice"},
    "items": {"practice"},
    "measures": {"recommendation"},
    "source_checks": {"province", "section"},
    "checked_rows": {"year", "value"},
}
# Derived in name only: no rule can hold, because another cell would be just as true of the article.
JUDGED = {
    "silences.keywords": "which words stand for a question is this book’s choice",
    "silences.theme": "the words may be missing from another theme as well",
    "silences.name_zh": "the article does not print what it is silent about",
    "sections.name_zh": "an opening has no heading; its name is this book’s",
    "source_checks.province": "a look-up without a row in checked_rows.csv is context",
    "source_checks.section": "a look-up without a row in checked_rows.csv is context",
    "checked_rows.year": "a second year printed in the same finding would pass",
    "checked_rows.value": "to leave a public source’s value out is this book’s choice",
    "places.province": "a place without a row decides nothing that the article contradicts",
}


def derived(fault):
    """Whether a fault changes a column that is taken from the article."""
    located = fault.table in (*LOCATED, "sections", "silences", "places")
    return (located and fault.column in DERIVED) or fault.column in BESIDE.get(fault.table, ())


def names_it(finding, table, fault, new):
    """Whether a finding names the fault: file, row, column and value, as far as it has them."""
    text = str(finding)
    if fault.kind == "deleted row":  # the row is not there any more: its file and key are named
        return table.file in text and any(key in text for key in table.key_of(fault.row))
    if Path(finding.file).name != table.file:
        return False
    if not fault.row:
        return finding.row == 1
    if not fault.column:
        doubled = fault.kind == "doubled row" and table.key_of(fault.row)[0] in text
        return doubled or finding.row in (fault.row, fault.row + 1)
    in_place = finding.row == fault.row and fault.column in finding.column.split(" and ")
    return in_place and quoted(new[:40])[1:-1] in text


@dataclass(frozen=True)
class Outcome:
    """What became of a fault."""

    fault: Fault
    named_by: str  # a net, UNNAMED or SURVIVED
    noticed_by: tuple  # of nets
    change: str  # old and new in short

    def __str__(self):
        fault, nets = self.fault, ", ".join(self.noticed_by) or "nobody"
        row = f", row {fault.row}" if fault.row else ""
        column = f", column {fault.column}" if fault.column else ""
        return f"{fault.table}.csv{row}{column}: {fault.kind}{self.change} [noticed by {nets}]"


class Workbench:
    """A copy of the data to plant faults in, and the three nets."""

    def __init__(self, folder, article):
        """`folder` is made as a copy of data/; `article` is the article's text."""
        self.folder = Path(shutil.copytree(DATA, folder))
        self.article, self.parts, self.tables = article, source.split(article), tables_of(folder)

    def _loader(self, table):
        return validate(self.folder, changed=table.name)

    def _source_check(self, table):
        path = self.folder / table.file
        try:
            found = source.prove(self.parts, source.read_tables(self.folder))
            text = path.read_text(encoding="utf-8")
        except evidence.EvidenceError as error:
            return error.findings
        prose = source.check_prose(self.article, self.folder, [(path, text)])
        return [*chain.from_iterable(found.values()), *prose]

    def _accepted_state(self, table):
        return accept.unaccepted(self.folder)

    def try_out(self, fault):
        """Plant a fault, ask one net after the other until one names it, and mend it."""
        table, new, change = self.tables[fault.table], None, ""
        if fault.column:
            new = _new_cell(table, fault)
            old = table.records[fault.row - 2][table.header.index(fault.column)]
            change = f": {quoted(old[:40])} → {quoted(new[:40])}"
        path = self.folder / table.file
        path.write_bytes(planted(table, fault))
        noticed, named_by = self._asked(table, fault, new)
        path.write_bytes(table.written())
        return Outcome(fault, named_by or (UNNAMED if noticed else SURVIVED), noticed, change)

    def _asked(self, table, fault, new):
        """Which nets notice the fault that is planted, and the first that names it, or None."""
        noticed = ()
        for name, net in zip(NETS, (self._loader, self._source_check, self._accepted_state)):
            try:
                findings = net(table)
            except (KeyError, ValueError, IndexError):
                if not noticed:  # a trace is no message, but nobody goes on after the loader's word
                    raise
                continue
            noticed += (name,) if findings else ()
            if any(names_it(finding, table, fault, new) for finding in findings):
                return noticed, name
        return noticed, None


def _start(folder, article):
    global _workbench
    _workbench = Workbench(Path(folder) / str(os.getpid()), article)


def _try_out(fault):
    return _workbench.try_out(fault)


def outcomes_of(found, article):
    """The outcomes of all faults, in their order."""
    with tempfile.TemporaryDirectory() as folder, Pool(None, _start, (folder, article)) as pool:
        return pool.map(_try_out, found, chunksize=8)


def _table(outcomes, of):
    """The text of a table: each group of faults by who named them."""
    groups = [getattr(outcome.fault, of) for outcome in outcomes]
    named_by = [outcome.named_by for outcome in outcomes]
    counts = pd.crosstab(groups, named_by, rownames=[of], margins=True, margins_name="all")
    columns = ["all", *NETS, UNNAMED, SURVIVED]
    return counts.reindex(columns=columns, fill_value=0).to_string(index_names=False)


def report(outcomes):
    """The report's lines, and whether anything failed: a survivor, or a catch without its place."""
    unnamed = [outcome for outcome in outcomes if outcome.named_by == UNNAMED]
    survived = [outcome for outcome in outcomes if outcome.named_by == SURVIVED]
    judged = {column: [] for column in JUDGED}
    holes = []
    for outcome in outcomes:
        if derived(outcome.fault) and not {*outcome.noticed_by} & {*NETS[:2]}:
            judged.get(f"{outcome.fault.table}.{outcome.fault.column}", holes).append(outcome)
    caught = len(outcomes) - len(unnamed) - len(survived)
    lines = [_table(outcomes, "kind"), "", _table(outcomes, "table"), ""]
    lines.append(f"{caught} of {len(outcomes)} caught and named ({caught / len(outcomes):.1%})")
    for title, some in (
        ("survived", survived),
        ("caught, but not named", unnamed),
        ("taken from the article, and noticed by the accepted state only", holes),
    ):
        lines += [f"{title}: {len(some)}", *(f"  {outcome}" for outcome in some)]
    lines.append("of a judged column, and noticed by the accepted state only:")
    for column, some in judged.items():
        if some:
            lines += [f"  {column} – {JUDGED[column]}", *(f"    {outcome}" for outcome in some)]
    return lines, bool(survived or unnamed or holes)


def main(arguments=None):
    """Plant the faults that the arguments ask for, and print who noticed them.

    Returns the exit code: 0 when every fault is caught and named, 1 if one is not, 2 when the
    article cannot be read.
    """
    parser = argparse.ArgumentParser(prog="casebook mutate", description=main.__doc__)
    asked = parser.add_argument
    asked("article", type=Path, nargs="?", default=source.article_file(), help="as UTF-8 text")
    asked("--sample", type=int, help="so many faults only, each kind and each table among them")
    options = parser.parse_args(arguments)
    if not options.article.exists():
        print(f"cannot read the article: {source.no_article(options.article)}", file=sys.stderr)
        return 2
    found = [*faults(tables_of(DATA))]
    if options.sample:
        found = sample(found, options.sample)
    lines, failed = report(outcomes_of(found, options.article.read_text(encoding="utf-8")))
    print("\n".join(lines))
    return int(failed)
