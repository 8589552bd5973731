"""Change one thing at a time in every table, and see who notices: `make mutate SOURCE=path/to/article.txt`.

A fault is one changed cell, row or file of the tables, made by a rule of its kind; which columns a kind applies to is read
from datapackage.json. Each is planted in a copy of data/ and shown to three nets in turn: the loader (`validation.validate`),
the source check (`source.prove`), and the accepted state that the reference notebooks were made from (`accept.unaccepted`,
which nbval replays: the method chapter shows the digest of all data, so that every change turns it red, and this names the
cell). It counts as caught only if a message names its file, row, column and value. What nobody names is listed, and so is
every change of a column that is taken from the article which only the accepted state noticed.
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
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from multiprocessing import Pool
from pathlib import Path

from casebook import evidence
from casebook.evidence import DATA, JOIN, MISSING
from casebook.evidence.clean import read_rows
from casebook.evidence.findings import quoted as shown
from casebook.evidence.validation import validate
from casebook.proof import accept
from casebook.proof import proofs as source
from casebook.proof.located import LOCATED

NETS = ("loader", "source check", "accepted state (nbval)")
UNNAMED, SURVIVED = "not named", "survived"
SEED = 20200820
HUGE = 10_000_000
ROW_KINDS = ("deleted row", "doubled row", "moved row", "stray comma", "lost cell", "line end of a row")
FILE_KINDS = ("swapped heads", "swapped columns", "doubled head", "renamed head", "GB 18030", "UTF-16", "byte order mark")
FILE_KINDS += ("line ends", "no last line end")
# Han characters that a reader takes for another one.
TWINS = [
    "未末",
    "已己",
    "土士",
    "日曰",
    "人入",
    "大太",
    "干千",
    "天夭",
    "治冶",
    "市巿",
    "广厂",
    "政攻",
    "北比",
    "理埋",
    "会合",
    "改攻",
    "立五",
    "工土",
    "第弟",
    "力刀",
    "万方",
    "主王",
    "民氏",
    "众从",
    "体休",
]
LATIN_TWINS = dict(zip("aceopxyi", "асеорхуі"))


@dataclass(frozen=True)
class Field:
    """A column as the schema has it: its type, its codes, and the values of the key that it refers to, if any."""

    name: str
    type: str
    codes: tuple = ()
    refers_to: str = ""
    values: tuple = ()
    key: bool = False

    @property
    def is_text(self):
        """Whether a cell is words, neither a number nor one of listed values."""
        return self.type == "string" and not self.codes and not self.refers_to


@dataclass(frozen=True)
class Table:
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
        return [cell for name, cell in zip(self.header, self.records[row - 2]) if self.fields[name].key]


@dataclass(frozen=True)
class Fault:
    """One thing to change: its kind, and where. Row 0 and an empty column mean the whole file or row."""

    table: str
    kind: str
    row: int = 0
    column: str = ""


def tables_of(folder):
    """The tables of a folder of data: {name: Table}, by datapackage.json."""
    package = evidence.descriptor(folder)
    read = {one["name"]: read_rows(Path(folder) / one["path"])[:2] for one in package["resources"]}

    def column(name, field):
        header, records = read[name]
        return tuple(record[header.index(field)] for record in records)

    tables = {}
    for resource in package["resources"]:
        name, schema, fields = resource["name"], resource["schema"], {}
        refers = {
            own: (key["reference"]["resource"], there)
            for key in schema.get("foreignKeys", ())
            for own, there in zip(key["fields"], key["reference"]["fields"])
        }
        for field in schema["fields"]:
            to = refers.get(field["name"])
            codes = tuple(field.get("constraints", {}).get("enum", ()))
            values = tuple(dict.fromkeys(column(*to))) if to else codes
            is_key = field["name"] in schema["primaryKey"]
            fields[field["name"]] = Field(field["name"], field["type"], codes, to[0] if to else "", values, is_key)
        tables[name] = Table(name, resource["path"], fields, tuple(read[name][0]), tuple(map(tuple, read[name][1])))
    return tables


# The kinds of changed cells. Each takes a Field and a cell, and gives the new cell, or None where it does not apply.


def _digit(field, cell, make=lambda digit: str((int(digit) + 1) % 10)):
    found = None if cell in MISSING else re.search(r"[0-9](?=[^0-9]*$)", cell)
    return found and cell[: found.start()] + make(found[0]) + cell[found.end() :]


def _year(field, cell):
    found = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", cell)
    return found and cell[: found.start()] + str(int(found[0]) - 1) + cell[found.end() :]


def _next_value(field, cell):
    """The value after `cell` among those that the column may have."""
    return field.values[(field.values.index(cell) + 1) % len(field.values)] if cell in field.values else None


def _of(table):
    return lambda field, cell: _next_value(field, cell) if field.refers_to == table else None


def _other_key(field, cell):
    return _next_value(field, cell) if field.refers_to and field.refers_to not in ("provinces", "sections") else None


def _other_code(field, cell):
    return _next_value(field, cell) if field.codes and not field.refers_to else None


def _missing(field, cell):
    return MISSING[(MISSING.index(cell) + 1) % 3] if cell in MISSING else MISSING[0]


def _words(change):
    """A kind for columns of words that are there: `change` gives the new cell of the old one, or None."""
    return lambda field, cell: change(cell) if field.is_text and cell not in MISSING else None


def _replaced(pairs):
    """A change that puts one character in the place of the first one that `pairs` has."""

    def change(cell):
        found = next((char for char in cell if char in pairs), None)
        return found and cell.replace(found, pairs[found], 1)

    return change


@cache
def _radicals():
    """Each Han character that has a radical or a compatibility form of the same look, with that form."""
    forms = map(chr, (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFA6E)))
    return {unicodedata.normalize("NFKC", form): form for form in reversed([*forms])}


def _cut(cell):
    return cell[:-1] if len(cell) > 1 else None


CELL_KINDS = {
    "digit": _digit,
    "year": _year,
    "homoglyph digit": lambda field, cell: _digit(field, cell, lambda digit: chr(0xFF10 + int(digit))),
    "swapped province": _of("provinces"),
    "neighbouring section": _of("sections"),
    "another key": _other_key,
    "broken key": lambda field, cell: f"{cell}-x" if field.key or field.refers_to else None,
    "another code": _other_code,
    "made missing": _missing,
    "emptied": lambda field, cell: "",
    "piece dropped": lambda field, cell: cell.rpartition(JOIN)[0] or None,
    "cut": _words(_cut),
    "cut in front": _words(lambda cell: cell[1:] or None),
    "lengthened": _words(lambda cell: cell + ("的" if "\u4e00" <= cell[-1] <= "\u9fff" else "s")),
    "look-alike Han, radical": _words(lambda cell: _replaced(_radicals())(cell)),
    "look-alike Han, twin": _words(_replaced({a: b for one, two in TWINS for a, b in ((one, two), (two, one))})),
    "look-alike letter": _words(_replaced(LATIN_TWINS)),
    "decomposed letter": _words(_replaced({"e": "e\u0301", "a": "a\u0301"})),
    "padded": lambda field, cell: f"{cell} ",
    "formula": lambda field, cell: "=1+1",
    "formula after a tab": lambda field, cell: "\t=1+1",
    "full-width formula": lambda field, cell: "＝1+1",
    "markup": lambda field, cell: f"{cell}<img src=x onerror=alert(1)>",
    "entity": lambda field, cell: f"{cell}&lt;b&gt;",
    "bidi override": lambda field, cell: f"{cell[:1]}\u202e{cell[1:]}",
    "soft hyphen": lambda field, cell: f"{cell[:1]}\u00ad{cell[1:]}",
    "variation selector": lambda field, cell: f"{cell[:1]}\ufe0f{cell[1:]}",
    "line feed": lambda field, cell: f"{cell[:1]}\n{cell[1:]}",
    "carriage return": lambda field, cell: f"{cell[:1]}\r{cell[1:]}",
    "NUL": lambda field, cell: f"{cell[:1]}\x00{cell[1:]}",
    "no UTF-8": lambda field, cell: f"{cell[:1]}\udcff{cell[1:]}",
    "open quote": lambda field, cell: f"\ue000{cell}",
    "10 MB": lambda field, cell: (cell * (HUGE // len(cell) + 1))[:HUGE],
    "swapped cells": None,  # with the next cell of its row
}
BYTES = ("line feed", "carriage return", "NUL", "no UTF-8", "open quote")  # kinds with no value to be quoted


def _new_cell(table, fault):
    """The cell that a fault puts in the place of the one that is there, or None where its kind does not apply."""
    record, index = table.records[fault.row - 2], table.header.index(fault.column)
    beside = record[index + 1] if index + 1 < len(record) else None
    change = CELL_KINDS[fault.kind]
    new = change(table.fields[fault.column], record[index]) if change else beside
    return None if new == record[index] else new


def planted(table, fault):
    """The bytes of a table with one fault in it, and the new cell (or None): a pure function of both, or None where the fault
    cannot be."""
    header, records, at = list(table.header), [list(record) for record in table.records], fault.row - 2
    raw = table.written()
    if fault.column:
        index, new = header.index(fault.column), _new_cell(table, fault)
        if new is None:
            return None
        if fault.kind == "swapped cells":
            records[at][index + 1] = records[at][index]
        records[at][index] = new
        text = table.written(records=[[cell.replace("\udcff", "\ue001") for cell in record] for record in records])
        # Bytes that no writer of CSV makes: a quote that is not closed, a byte that is no UTF-8.
        return text.replace("\ue000".encode(), b'"').replace("\ue001".encode(), b"\xff"), new
    if fault.row:
        lines = raw.split(b"\n")
        if fault.kind == "moved row":
            if at + 1 >= len(records):
                return None
            records[at : at + 2] = [records[at + 1], records[at]]
            return table.written(records=records), None
        line = lines[fault.row - 1]
        lines[fault.row - 1 : fault.row] = {
            "deleted row": [],
            "doubled row": [line, line],
            "stray comma": [line + b","],
            "lost cell": [line.rpartition(b",")[0]],
            "line end of a row": [line + b"\r"],
        }[fault.kind]
        return b"\n".join(lines), None
    if fault.kind in ("swapped heads", "swapped columns"):
        header[:2] = header[1::-1]
        if fault.kind == "swapped columns":
            records = [[*record[1::-1], *record[2:]] for record in records]
        return table.written(header, records), None
    if fault.kind in ("doubled head", "renamed head"):
        header[1] = header[0] if fault.kind == "doubled head" else header[1] + "x"
        return table.written(header), None
    text = raw.decode()
    return {
        "GB 18030": lambda: text.encode("gb18030"),
        "UTF-16": lambda: text.encode("utf-16"),
        "byte order mark": lambda: b"\xef\xbb\xbf" + raw,
        "line ends": lambda: raw.replace(b"\n", b"\r\n"),
        "no last line end": lambda: raw.rstrip(b"\n"),
    }[fault.kind](), None


def faults(tables, rows=1, seed=SEED):
    """Every fault of a full run, in a fixed order: each kind in each column (or each table) that it applies to, in `rows` rows.

    Which rows is drawn anew for each table, column and kind. A cell of 10 MB is tried in one column of a table only.
    """

    def drawn(table, column, kind):
        lines = [*range(2, len(table.records) + 2)]
        random.Random(f"{seed} {table.name} {column} {kind}").shuffle(lines)
        return (Fault(table.name, kind, line, column) for line in lines)

    for table in tables.values():
        yield from (fault for kind in FILE_KINDS if _changes(table, fault := Fault(table.name, kind)))
        for kind in ROW_KINDS:
            yield from islice((fault for fault in drawn(table, "", kind) if _changes(table, fault)), rows)
        for column, kind in product(table.fields, CELL_KINDS):
            if kind != "10 MB" or column == table.header[-1]:
                yield from islice((f for f in drawn(table, column, kind) if _new_cell(table, f) is not None), rows)


def _changes(table, fault):
    """Whether a fault of a row or a file can be in a table at all: the last row has none to be moved behind."""
    made = planted(table, fault)
    return made is not None and made[0] != table.written()


def sample(found, size, seed=SEED):
    """`size` of the faults, the same every time: first one of each kind and of each table, then whatever the seed draws."""
    order = sorted(found, key=lambda fault: random.Random(f"{seed} {fault}").random())
    kinds, names, first = set(), set(), []
    for fault in order:
        if fault.kind not in kinds or fault.table not in names:
            kinds.add(fault.kind)
            names.add(fault.table)
            first.append(fault)
    taken = set(first)
    return [*first, *(fault for fault in order if fault not in taken)][: max(size, len(first))]


# Columns that the article settles, in the tables whose rows stand in it and beside them.
DERIVED = {"province", "section", "evidence", "text", "locator", "name_zh", "value", "unit", "year", "period_start", "period_end"}
DERIVED |= {"place", "characters", "sha256", "rows", "position", "keywords", "theme"}
BESIDE = {
    "figures": {"practice"},
    "items": {"practice"},
    "measures": {"recommendation"},
    "source_checks": {"province", "section"},
    "checked_rows": {"year", "value"},
}
# Derived in name only: no rule can hold, because another cell would be just as true of the article.
JUDGED = {
    (
        "silences",
        "keywords",
    ): "which words stand for a question is this book’s choice; the article proves only that none is printed",
    ("silences", "theme"): "which theme is asked is this book’s choice; the words may be missing from another theme as well",
    ("silences", "name_zh"): "what a silence is called is this book’s wording; the article does not print it",
    (
        "sections",
        "name_zh",
    ): "the opening paragraphs of the article and of section 5 have no heading; their names are this book’s",
    ("source_checks", "province"): "a look-up without a row in checked_rows.csv is context; its place is this book’s choice",
    ("source_checks", "section"): "a look-up without a row in checked_rows.csv is context; its place is this book’s choice",
    ("checked_rows", "year"): "a year that a public source gives; a second year printed in the same finding would pass",
    ("checked_rows", "value"): "a value that a public source gives; leaving it out is this book’s choice",
    ("places", "province"): "a place to which no row is attributed decides nothing that the article could contradict",
}


def derived(fault):
    """Whether a fault changes a column that is taken from the article."""
    located = fault.table in (*LOCATED, "sections", "silences", "places")
    return (located and fault.column in DERIVED) or fault.column in BESIDE.get(fault.table, ())


def names_it(finding, table, fault, new):
    """Whether a finding's message names the fault: file, row, column and value, as far as the fault has them."""
    text = str(finding)
    if fault.kind == "deleted row":  # the row is not there any more: its file and key are named
        return table.file in text and any(key in text for key in table.key_of(fault.row))
    if Path(finding.file).name != table.file:
        return False
    if not fault.row:
        return fault.kind not in ("swapped heads", "swapped columns", "doubled head", "renamed head") or finding.row == 1
    if not fault.column:
        return finding.row in (fault.row, fault.row + 1) or (fault.kind == "doubled row" and table.key_of(fault.row)[0] in text)
    if fault.kind in BYTES:
        return finding.row == fault.row
    columns = [fault.column]
    if fault.kind == "swapped cells":
        columns.append(table.header[table.header.index(fault.column) + 1])
    old = table.records[fault.row - 2][table.header.index(fault.column)]
    values = [shown(value[:40])[1:-1] for value in ((new, old) if fault.kind == "swapped cells" else (new,))]
    in_place = finding.row == fault.row and any(column in finding.column.split(" and ") for column in columns)
    return in_place and any(value in text for value in values)


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: who named it (or `UNNAMED`, `SURVIVED`), who noticed it at all, and old and new in short."""

    fault: Fault
    named_by: str
    noticed_by: tuple
    change: str

    def __str__(self):
        fault = self.fault
        place = f", row {fault.row}" * bool(fault.row) + f", column {fault.column}" * bool(fault.column)
        return f"{fault.table}.csv{place}: {fault.kind}{self.change} [noticed by {', '.join(self.noticed_by) or 'nobody'}]"


class Bench:
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
        return [*(finding for findings in found.values() for finding in findings), *prose]

    def _accepted_state(self, table):
        return accept.unaccepted(self.folder)

    def try_out(self, fault):
        """Plant a fault, ask one net after the other until one names it, and mend it: an Outcome."""
        table = self.tables[fault.table]
        raw, new = planted(table, fault)
        path = self.folder / table.file
        whole = path.read_bytes()
        path.write_bytes(raw)
        noticed, named_by = [], None
        try:
            for name, net in zip(NETS, (self._loader, self._source_check, self._accepted_state)):
                try:
                    findings = net(table)
                except (KeyError, ValueError, IndexError):
                    if not noticed:  # a trace is no message; after a finding of the loader nobody would have gone on
                        raise
                    findings = []
                if findings:
                    noticed.append(name)
                if any(names_it(finding, table, fault, new) for finding in findings):
                    named_by = name
                    break
        finally:
            path.write_bytes(whole)
        change = ""
        if fault.column:
            old = table.records[fault.row - 2][table.header.index(fault.column)]
            change = f": {shown(old[:40])} → {shown(new[:40])}"
        return Outcome(fault, named_by or (UNNAMED if noticed else SURVIVED), tuple(noticed), change)


def _start(folder, article):
    global _bench
    _bench = Bench(Path(folder) / str(os.getpid()), article)


def _try_out(fault):
    return _bench.try_out(fault)


def outcomes_of(found, article, processes=None):
    """The outcomes of all faults, in their order."""
    with tempfile.TemporaryDirectory() as folder, Pool(processes, _start, (folder, article)) as pool:
        return pool.map(_try_out, found, chunksize=8)


def _table(outcomes, of):
    """Lines of a table: each group of outcomes by who named them."""
    heads = ("total", *NETS, UNNAMED, SURVIVED)
    groups = {}
    for outcome in outcomes:
        groups.setdefault(of(outcome.fault), Counter()).update([outcome.named_by])
    groups["all"] = Counter(outcome.named_by for outcome in outcomes)
    yield " " * 26 + "  ".join(heads)
    for name, count in groups.items():
        cells = (count.total(), *(count[head] for head in heads[1:]))
        yield f"{name:26}" + "  ".join(f"{cell:{len(head)}}" for head, cell in zip(heads, cells))


def report(outcomes):
    """The report's lines, and whether anything failed: a survivor, or a catch that does not name its place."""
    failed = [outcome for outcome in outcomes if outcome.named_by in (UNNAMED, SURVIVED)]
    late = [o for o in outcomes if derived(o.fault) and not set(o.noticed_by) & set(NETS[:2])]
    holes = [o for o in late if (o.fault.table, o.fault.column) not in JUDGED]
    caught = len(outcomes) - len(failed)
    lines = [*_table(outcomes, lambda fault: fault.kind), "", *_table(outcomes, lambda fault: fault.table), ""]
    lines.append(f"{caught} of {len(outcomes)} caught and named ({caught / len(outcomes):.1%})")
    for title, some in (
        ("survived", [o for o in failed if o.named_by == SURVIVED]),
        ("caught, but not named", [o for o in failed if o.named_by == UNNAMED]),
        ("taken from the article, and noticed by the accepted state only", holes),
    ):
        lines += [f"{title}: {len(some)}", *(f"  {outcome}" for outcome in some)]
    judged = [o for o in late if o not in holes]
    lines.append(f"of a judged column, and noticed by the accepted state only: {len(judged)}")
    for (table, column), reason in JUDGED.items():
        own = [o for o in judged if (o.fault.table, o.fault.column) == (table, column)]
        lines += [f"  {table}.{column} – {reason}"] * bool(own) + [f"    {outcome}" for outcome in own]
    return lines, bool(failed or holes)


def main(arguments=None):
    """Command line: exit code 0 when every fault is caught and named, 1 if one is not, 2 when the article cannot be read."""
    parser = argparse.ArgumentParser(prog="casebook mutate", description="Plant faults in a copy of the data; see who notices.")
    parser.add_argument("article", type=Path, nargs="?", default=source.article_file(), help="the article as UTF-8 text")
    parser.add_argument("--sample", type=int, help="so many faults only, each kind and each table among them")
    parser.add_argument("--rows", type=int, default=1, help="rows that a kind is tried in, for each column (1)")
    parser.add_argument("--seed", type=int, default=SEED, help="another draw of rows and of the sample")
    options = parser.parse_args(arguments)
    if not options.article.exists():
        print(f"cannot read the article: {source.no_article(options.article)}", file=sys.stderr)
        return 2
    found = [*faults(tables_of(DATA), options.rows, options.seed)]
    if options.sample:
        found = sample(found, options.sample, options.seed)
    lines, failed = report(outcomes_of(found, options.article.read_text(encoding="utf-8")))
    print("\n".join(lines))
    return int(failed)
