"""Load the evidence tables, typed and validated, and make the joins that the chapters need.

`data/datapackage.json` is the only schema. Frictionless checks types, enumerations and keys against it;
this module adds what a table schema cannot say (byte-level cleanliness, house rules between columns) and
turns everything that is wrong into one list of findings.
"""

import copy
import csv
import hashlib
import html
import io
import json
import re
import unicodedata
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import zip_longest
from pathlib import Path

import pandas as pd
from frictionless import FrictionlessException, Package
from pybtex.database import parse_file
from pybtex.exceptions import PybtexError

from casebook.command import Problem, run
from casebook.edition import LANGUAGE, SOURCE, joined, label, missing_as, say
from casebook.inert import fragment, link
from casebook.study import DATA

NOT_MENTIONED, NOT_CODED, NOT_APPLICABLE = MISSING = ("not mentioned", "not coded", "not applicable")
JOIN = " | "
ROLES = ("pioneer", "target", "national")
HUES = 8  # colours of jurisdictions in theme.COLOURS, by place; with more pioneers they repeat
ARTICLE = ("title", "author", "journal", "date", "language")  # what the descriptor says of it
NEVER_EMPTY = ("provinces", "sections", "codes")  # what a study begins with; every other table may have no row yet
# Every file that this process took evidence from. To validate is not to take: what passes changes no output. A chapter is
# executed anew when one of its files changes (casebook.execute).
READ = set()

SHOWN = 16  # findings in a message: some take two lines of a screen
LONGEST = 20_000  # characters of a cell; the longest of today has some hundreds
FORMULA = re.compile(r"(?!-?\d+(\.\d+)?$)[=+\-@＝＋－＠]")
MARKUP = re.compile(r"[<>]")
# Nearly every cell: what a keyboard writes in English or Chinese, without a blank at an end, a formula, `<`, `>` or `&`.
PLAIN = re.compile(r"(?![ =+\-@])[ -%'-;=?-~\u4e00-\u9fff\u2018\u2019\u201c\u201d\u2013\u2014、。《》〔〕，；：？！（）…]+(?<! )")
WORD = re.compile(r"[^\W\d_]+")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
LATIN = re.compile("[A-Za-z]")
HALF_WIDTH = re.compile(rf"{HAN.pattern}[,;:?!]")
# Alphabets whose letters look alike; the words of a language stand in one of them.
ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN"}
# Marks that show nothing by themselves though Unicode does not class them as control or format characters.
UNSEEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


@cache
def hidden(char):
    """Whether a character shows nothing on a page, or changes how its neighbours show: control, direction, joiner, tag."""
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp") or ord(char) in UNSEEN


def code_point(char):
    """A character by its number, `U+202E`."""
    return f"U+{ord(char):04X}"


def shown(value):
    """A value as a message quotes it: its first 80 characters, whatever is hidden in them written out."""
    value = repr(value if len(value) <= 80 else value[:77] + "…")
    return "".join(c.encode("unicode_escape").decode() if hidden(c) else c for c in value)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with the evidence, in words for a person."""

    file: str
    row: int  # line in the file, the header being 1; 0 where the file as a whole is meant
    column: str  # empty where the row or the file is meant
    value: str
    expected: str

    def __str__(self):
        place = self.file + (f", row {self.row}" if self.row else "") + (f", column {self.column}" if self.column else "")
        return f"{place}: {shown(self.value)} – expected {self.expected}"


class EvidenceError(Problem):
    """The evidence cannot be used; `findings` says all that is wrong with it, the message as much as fits on a screen."""

    def __init__(self, findings):
        self.findings = sorted(findings)
        lines = [f"{len(self.findings)} finding(s) in the evidence:", *(f"  {finding}" for finding in self.findings[:SHOWN])]
        if rest := Counter(finding.file for finding in self.findings[SHOWN:]):
            files = ", ".join(f"{n} in {file}" for file, n in rest.items())
            lines.append(f"  and {rest.total()} more ({files}); all of them: python -m casebook.evidence")
        super().__init__("\n".join(lines))


def descriptor(folder=DATA):
    """The data package's descriptor as a dict. Raises EvidenceError if it is missing or no JSON."""
    path = Path(folder) / "datapackage.json"
    READ.add(path)
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        Package.from_descriptor(package, basepath=str(folder))
        article = (package.get("sources") or [{}])[0]
    except FileNotFoundError:
        raise EvidenceError([Finding(path.name, 0, "", "no such file", "the schema of the tables")]) from None
    except ValueError as error:
        raise EvidenceError([Finding(path.name, 0, "", str(error), "valid JSON in UTF-8")]) from None
    except (FrictionlessException, TypeError, AttributeError) as error:
        raise EvidenceError([Finding(path.name, 0, "", str(error), "a Frictionless data package of tables")]) from None
    expected = "a text: the article’s title, author, journal, date (YYYY-MM-DD) and language, in the first of the sources"
    if missing := [
        Finding(path.name, 0, f"sources, {key}", str(article.get(key)), expected) for key in ARTICLE if not article.get(key)
    ]:
        raise EvidenceError(missing)
    return package


def printed_in(package):
    """The language that the article is printed in, as the first of the descriptor's `sources` says."""
    return package["sources"][0]["language"]


def published_on(package):
    """The day on which the article was published, as a pandas Timestamp."""
    return pd.Timestamp(package["sources"][0]["date"])


def created_on(package):
    """The day of the data as they are, of a descriptor, as a pandas Timestamp; the article's where it does not say."""
    return pd.Timestamp(package.get("created", package["sources"][0]["date"]))


def languages(package):
    """The languages of the study: the suffixes of the columns that have the practices' names, in their order."""
    practices = next((r for r in package["resources"] if r["name"] == "practices"), {"schema": {"fields": ()}})
    return [field["name"].removeprefix("name_") for field in practices["schema"]["fields"] if field["name"].startswith("name_")]


def bibliography(folder=DATA):
    """references.bib as pybtex reads it: {key: entry}. Raises EvidenceError if it is missing or cannot be read."""
    path = Path(folder) / "references.bib"
    try:
        return parse_file(str(path), encoding="utf-8").entries
    except FileNotFoundError:
        raise EvidenceError([Finding(path.name, 0, "", "no such file", "the sources of the checks")]) from None
    except (PybtexError, UnicodeDecodeError) as error:
        raise EvidenceError([Finding(path.name, 0, "", str(error), "BibTeX in UTF-8, each key once")]) from None


def _cell_at(raw, position):
    """The (row, column) of a byte of a table that may be no valid one; the column is empty where it cannot be told."""
    before, header = (part.decode("utf-8", "replace") for part in (raw[:position], raw.split(b"\n", 1)[0]))
    start = before.rfind("\n") + 1
    row, cells, columns = before.count("\n") + 1, [before[start:]], []
    with suppress(csv.Error, StopIteration, RuntimeError):
        columns, cells = (next(csv.reader([line])) for line in (header.rstrip("\r"), before[start:] or '""'))
    at_end = raw[position : position + 1] == b"\r"  # of a line, not of one cell
    return row, "" if row == 1 or at_end or len(cells) > len(columns) else columns[len(cells) - 1]


def read_rows(path):
    """A table's header and records as lists of text, and the findings on its bytes and shape.

    Returns (header, records, findings). What is wrong with some lines does not hide the rest: records of another length
    than the header are reported and left as they are; both are empty only when the bytes cannot be read as a table.
    """
    name, findings = path.name, []

    def wrong(row, column, value, expected):
        findings.append(Finding(name, row, column, value, expected))

    if not path.exists():
        wrong(0, "", "no such file", "a table named in datapackage.json")
        return [], [], findings
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        wrong(1, "", "a byte order mark", "UTF-8 without one")
    for byte, value, expected in (
        (b"\r", "a carriage return", "lines that end in a line feed only"),
        (b"\x00", "a NUL byte", "text"),
    ):
        if byte in raw:
            wrong(*_cell_at(raw, raw.index(byte)), value, expected)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong(*_cell_at(raw, error.start), repr(raw[error.start : error.start + 4]), "UTF-8")
        return [], [], findings
    if raw and not raw.endswith((b"\n", b"\r")):
        wrong(raw.count(b"\n") + 1, "", "no line feed at the end", "a last line that ends as the others do")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    lines, reader, end = [], csv.reader(io.StringIO(text), strict=True), 0
    limit = csv.field_size_limit(len(text) + 1)  # ours is LONGEST, told below with its place
    try:
        for line in reader:
            lines.append(line)
            end = reader.line_num
    except csv.Error as error:
        wrong(end + 1, "", text.split("\n")[end], f"a well-formed line of CSV, each quote closed ({error})")
        return [], [], findings
    finally:
        csv.field_size_limit(limit)
    if not lines or (len(lines) < 2 and path.stem in NEVER_EMPTY):
        wrong(0, "", "no rows", "a header and at least one row" if path.stem in NEVER_EMPTY else "a header")
        return [], [], findings
    header, *records = lines
    for number, record in enumerate(records, start=2):
        if len(record) != len(header):
            wrong(number, "", f"{len(record)} cells", f"{len(header)}, as the header has (a stray or missing comma?)")
        elif max(map(len, record)) > LONGEST:
            for index, cell in enumerate(record):
                if len(cell) > LONGEST:
                    record[index] = cell[:LONGEST]
                    wrong(number, header[index], cell[:40], f"at most {LONGEST} characters, not {len(cell)}")
    return header, records, findings


@cache
def _look_alike(char):
    """What a character is a look-alike of, or an empty string: a radical or a compatibility form of a Han character, a letter
    or digit of another width, a digit of another script, a blank of another kind."""
    if unicodedata.category(char) == "Zs":
        return "" if char == " " else "a plain blank"
    plain = unicodedata.normalize("NFKC", char)
    if char.isdecimal():
        return "" if char.isascii() else str(unicodedata.decimal(char))
    if plain != char and (HAN.search(plain) or ("\uff21" <= char <= "\uff5a" and plain.isalpha())):
        return plain
    return "a Han character" if "\u2e80" <= char <= "\u2fff" or "\u31c0" <= char <= "\u31ef" else ""


@cache
def _alphabet(char):
    """The alphabet of a letter by its name in Unicode, or an empty string for scripts that are not confused with another."""
    script = unicodedata.name(char, "").split(" ")[0]
    return script if script in ALPHABETS else ""


def _unclean(column, cell):
    """What a cell should be instead of what it is, as no schema can say, or None."""
    plain = PLAIN.fullmatch(cell)
    return (None if plain else _unreadable(cell)) or (None if cell in MISSING else _other_language(column, cell))


def _other_language(column, cell):
    """What a cell in one of a pair of columns, `_en` and `_zh`, should be instead of another language, or None."""
    if column.endswith("_zh") and not HAN.search(cell):
        return "Chinese (are two cells swapped?)"
    if column.endswith("_zh") and (found := HALF_WIDTH.search(cell)):
        return f"Chinese punctuation, not {found[0]!r}"
    if column.endswith("_en") and not LATIN.search(cell):
        return "English (are two cells swapped?)"
    return None


def _unreadable(cell):
    """What a cell should be instead of blank, padded, run by a program, or not what it looks like, or None."""
    if not cell.strip():
        return f"a value or one of {', '.join(MISSING)}"
    if cell != cell.strip():
        return "no blank at either end"
    if FORMULA.match(cell):
        return "no formula (a spreadsheet would run it)"
    if MARKUP.search(cell) or ("&" in cell and html.unescape(cell) != cell):
        return "no markup (< or >, or an entity such as &lt;)"
    for char in filter(hidden, cell):
        return f"no control or invisible character ({code_point(char)})"
    for char in filter(_look_alike, cell):
        return f"{_look_alike(char)}, not its look-alike {char} ({code_point(char)})"
    if not unicodedata.is_normalized("NFC", cell):
        return "composed characters (Unicode’s normal form C)"
    for word in WORD.findall(cell):
        if len(scripts := {_alphabet(char) for char in word} - {""}) > 1:
            odd = next(char for char in word if _alphabet(char) not in ("", "LATIN"))
            mixed = " and ".join(name.title() for name in sorted(scripts))
            return f"a word in one alphabet; {word} mixes {mixed} ({odd} is {code_point(odd)})"
    return None


def _clean_cells(name, header, records):
    """Findings on single cells that no schema catches: blank, padded, formula-like, markup, invisible characters, look-alikes."""
    for number, record in enumerate(records, start=2):
        if len(record) != len(header):
            continue  # reported already; its cells stand under no column
        for column, cell in zip(header, record):
            if expected := _unclean(column, cell):
                yield Finding(name, number, column, cell, expected)


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


# What a row claims: no two rows of a table may claim the same.
CLAIMS = {
    "practices": ("province", "section", "evidence"),
    "figures": ("province", "section", "evidence"),
    "items": ("practice", "evidence"),
    "measures": ("section", "evidence"),
    "premises": ("section", "evidence"),
    "silences": ("theme", "keywords"),
}
# Columns whose cells are codes, and the codebook's variable for each; one cell may join several.
CODED = {
    "practices": {column: column for column in ("kind", "instrument", "level", "status", "actors")},
    "precedents": {"relation": "relation"},
    "alignments": {"relation": "relation"},
    "source_checks": {"verdict": "verdict"},
    "provinces": {"type": "type", "role": "role"},
    "premises": {"kind": "premise"},
    "assessments": {"answer": "answer"},
    "scales": {"criterion": "criterion"},
}


def _used_codes(tables):
    """Every code that a row carries: {(variable, code): (table, line, column, cell) of the first such row}."""
    used = {("missing", text): ("codes", 0, "", text) for text in MISSING}
    for table, rows in tables.items():
        for number, row in enumerate(rows, start=2):
            cells = [(variable, column) for column, variable in CODED.get(table, {}).items()]
            if table in ("readings", "assessments"):
                cells.append((row["variable"], "code"))
            for variable, column in cells:
                for code in set(row[column].split(JOIN)) - set(MISSING):
                    used.setdefault((variable, code), (table, number, column, row[column]))
    return used


def _house_rules(tables, bib, package):
    """Findings on rules between columns. `tables` maps a name to a list of dicts of text, `bib` is the set of keys of
    references.bib, or None where that cannot be read, `package` the descriptor, which says in which languages the texts are."""
    printed_name, own = f"name_{printed_in(package)}", languages(package)

    def wrong(table, number, column, row, expected):
        return Finding(f"{table}.csv", number, column, row.get(column, ""), expected)

    def rows(table):
        return enumerate(tables.get(table, ()), start=2)

    practices = {row["practice"]: row for row in tables.get("practices", ())}
    provinces = {row["province"] for row in tables.get("provinces", ())}
    chapters = {row["section"]: row["chapter"] for row in tables.get("sections", ())}
    divided = {section.rpartition(".")[0] for section in chapters}
    for number, row in rows("practices"):
        prefix = row["province"].rpartition("-")[2].lower() + "-"
        if row["province"] in provinces and not row["practice"].startswith(prefix):
            yield wrong("practices", number, "practice", row, f"an id that begins with {prefix} for {row['province']}")
        if row["section"] in divided:
            yield wrong("practices", number, "section", row, "a sub-section, or 0 for the opening paragraph")
        if row["status"] != "in_place" and row["note_en"] in MISSING:
            yield wrong("practices", number, "note_en", row, f"a note, because the status is {row['status']}")
        if (row["period_start"] in MISSING) != (row["period_end"] in MISSING) or row["period_start"] > row["period_end"]:
            yield wrong(
                "practices", number, "period_end", row, f"a period with both years in order (start {row['period_start']})"
            )
        for pair in ("note", "exception"):
            for other in own:
                if (row[f"{pair}_{SOURCE}"] in MISSING) != (row[f"{pair}_{other}"] in MISSING):
                    yield wrong("practices", number, f"{pair}_{other}", row, "every language or none")
        printed = set(re.findall(r"\d+", unicodedata.normalize("NFKC", row[printed_name] + row["evidence"])))
        for digits in re.findall(r"(?<!\d)\d+(?!\d|st|nd|rd|th)", row["name_en"]):
            if digits not in printed:
                yield wrong("practices", number, "name_en", row, f"numbers that {printed_name} or evidence prints, not {digits}")
    order = {section: place for place, section in enumerate(chapters)}
    for table in tables if chapters else ():
        before = 0
        for number, row in rows(table) if "section" in next(iter(tables[table]), {}) else ():
            place = order.get(row["section"], before)
            if place < before:
                yield wrong(
                    table, number, "section", row, "the rows in the order of sections.csv (is a row moved, or its section?)"
                )
            before = max(before, place)
    for table, claim in CLAIMS.items():
        claims = {}
        for number, row in rows(table):
            key = next(iter(row))  # a table's first column is its id
            first = claims.setdefault(tuple(row[column] for column in claim), row[key])
            if first != row[key]:
                yield wrong(table, number, claim[-1], row, f"{claim[-1]} that no other row claims (this is {first}’s)")
    for table in ("practices", "figures", "items", "premises", "recommendations", "measures"):
        for number, row in rows(table):
            if row["locator"] not in MISSING and row["evidence"].count(JOIN) != row["locator"].count(JOIN):
                yield wrong(table, number, "locator", row, "as many places as there are pieces of evidence")
    for number, row in rows("figures"):
        owner = practices.get(row["practice"])
        if owner and (owner["province"], owner["section"]) != (row["province"], row["section"]):
            yield wrong("figures", number, "practice", row, f"a practice of {row['province']} in {row['section']}")
    seen = {}
    for number, row in rows("items"):
        seen[row["practice"]] = seen.get(row["practice"], 0) + 1
        if row["position"] != str(seen[row["practice"]]):
            yield wrong(
                "items", number, "position", row, f"{seen[row['practice']]}, the next place in the list of {row['practice']}"
            )
    steps = {row["recommendation"]: row["section"] for row in tables.get("recommendations", ())}
    for number, row in rows("measures"):
        if steps.get(row["recommendation"], row["section"]) != row["section"]:
            yield wrong("measures", number, "section", row, f"{steps[row['recommendation']]}, the section of its recommendation")
    read = {}
    for _, row in rows("readings"):
        read.setdefault((row["practice"], row["variable"]), set()).add(row["code"])
    used = _used_codes(tables)
    known = {(row["variable"], row["code"]) for row in tables.get("codes", ())}
    for variable, code in sorted(used.keys() - known) if known else ():
        table, number, column, value = used[variable, code]
        yield Finding(f"{table}.csv", number, column, value, f"codes that codes.csv explains; it has no {variable}, {code}")
    ids = {next(iter(row.values())) for table in tables if table != "codes" for row in tables[table]}
    for number, row in rows("codes"):
        carried = used.get((row["variable"], row["code"]))
        if not carried and row["example"] in MISSING:
            continue  # the codebook goes before the rows: none carries it yet
        if not carried:
            yield wrong("codes", number, "code", row, f"a code of {row['variable']} that some row carries")
        if row["example"] not in ids:
            first = next(iter(tables[carried[0]][carried[1] - 2].values())) if carried and carried[1] else ""
            yield wrong(
                "codes", number, "example", row, "the id of a row" + (f" that carries it, such as {first}" if first else "")
            )
        elif row["example"] in practices and row["variable"] not in ("missing", "relation"):
            coded = set(practices[row["example"]].get(row["variable"], "").split(JOIN))
            if row["code"] not in coded | read.get((row["example"], row["variable"]), set()):
                yield wrong("codes", number, "example", row, f"a row that is coded {row['code']}")
        for practice in sorted(set(re.findall(r"[\w-]+", row["near_miss_en"])) & practices.keys()):
            coded = set(practices[practice].get(row["variable"], "").split(JOIN))
            if row["code"] in coded | read.get((practice, row["variable"]), set()):
                yield wrong("codes", number, "near_miss_en", row, f"a near miss; {practice} itself is coded {row['code']}")
    levels = {row["level"] for row in tables.get("scales", ()) if row["criterion"] == "legal_footing"}
    for number, row in rows("codes") if levels else ():
        if row["variable"] == "kind" and row["code"] not in levels:
            yield wrong("codes", number, "code", row, "a kind that has a level of legal_footing in scales.csv")
    for number, row in rows("source_checks"):
        if (row["verdict"] == "not found") != (row["source"] in MISSING):
            yield wrong("source_checks", number, "source", row, "a source, unless the verdict is “not found”, which has none")
        if row["source"] not in MISSING and bib is not None and row["source"] not in bib:
            yield wrong("source_checks", number, "source", row, "a key of references.bib")
    figures, linked = {row["figure"]: row for row in tables.get("figures", ())}, {}
    for number, row in rows("checked_rows"):
        if (row["practice"] in MISSING) == (row["figure"] in MISSING):
            yield wrong("checked_rows", number, "practice", row, "either a practice or a figure")
        if about := practices.get(row["practice"]) or figures.get(row["figure"]):
            linked.setdefault(row["check"], []).append((about["province"], about["section"]))
    for number, row in rows("source_checks"):
        for column, index in (("province", 0), ("section", 1)):
            known_of = sorted({about[index] for about in linked.get(row["check"], ())})
            if known_of and row[column] not in known_of:
                yield wrong("source_checks", number, column, row, f"{' or '.join(known_of)}, as its rows in checked_rows.csv say")
    for number, row in rows("context"):
        if bib is not None and row["source"] not in bib:
            yield wrong("context", number, "source", row, "a key of references.bib")
    for number, row in rows("sections"):
        parent = row["section"].rpartition(".")[0]
        if parent not in {"", *chapters}:
            yield wrong("sections", number, "section", row, f"a sub-section of a section; there is no {parent}")
        elif parent and chapters[parent] != row["chapter"]:
            yield wrong("sections", number, "chapter", row, "the chapter of its section")


def _links(entries):
    """Findings on the addresses of references.bib: each must lead to a page of the web."""
    urls = {key: re.sub(r"\\(?=[&%_#])", "", entry.fields["url"]) for key, entry in entries.items() if "url" in entry.fields}
    expected = "an address that begins with https:// or http://, without blanks and quotes"
    return [Finding("references.bib", 0, f"url of {key}", url, expected) for key, url in urls.items() if not link(url)]


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
    except EvidenceError as error:
        return error.findings
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
        findings += _clean_cells(resource["path"], header, records)
        if not wrong:
            tables[resource["name"]] = [dict(zip(header, record)) for record in records]
        elif header != columns or not all(finding.value.endswith(" cells") for finding in wrong):
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
        ragged = {"extra-cell", "missing-cell"}  # told already, with the number of cells
        tasks = [task for report in reports for task in report.tasks]
        errors = [(task.name, error) for task in tasks for error in task.errors if error.type not in ragged]
        findings += [_in_words(error, by_name[name]) for name, error in errors]
    try:
        entries = bibliography(folder)
        keys, findings = set(entries), findings + _links(entries)
    except EvidenceError as error:
        keys, findings = None, findings + error.findings
    if printed_in(package) not in languages(package):
        expected = f"a language in which practices.csv has names: {', '.join(languages(package))}"
        return sorted({*findings, Finding("datapackage.json", 0, "sources, language", printed_in(package), expected)})
    findings += _house_rules(tables, keys, package)
    return sorted(set(findings))


def _frame(folder, resource):
    """One table as a DataFrame: numbers typed (missing as NA), text as it stands, plus a column in the edition's
    language (`name`, `note`, …) for each that has one a language (`name_en`)."""
    frame = pd.read_csv(folder / resource["path"], dtype=str, keep_default_na=False)
    for field in resource["schema"]["fields"]:
        if field["type"] in ("integer", "number"):
            numbers = pd.to_numeric(frame[field["name"]].where(~frame[field["name"]].isin(MISSING)))
            frame[field["name"]] = numbers.astype("Int64" if field["type"] == "integer" else "Float64")
    for column in [c for c in frame if c.endswith(f"_{LANGUAGE}")]:
        frame[column.rpartition("_")[0]] = frame[column]
    return frame


def dated(row, period, year):
    """When a practice is dated, by the patterns of a period and of a year; the missing label where the article does not say."""
    if pd.notna(row.period_start):
        return period.format(row.period_start, row.period_end)
    return year.format(row.year) if pd.notna(row.year) else NOT_MENTIONED


class Evidence:
    """The tables as attributes (`practices`, `figures`, …: see datapackage.json), and the joins of them."""

    def __init__(self, folder=DATA):
        """The tables of `folder`. Raises EvidenceError with every finding if they are not valid."""
        findings = validate(folder)
        if findings:
            raise EvidenceError(findings)
        self.folder = Path(folder)
        self.package = descriptor(folder)
        self._resources = {resource["name"]: resource for resource in self.package["resources"]}

    def __getattr__(self, name):
        """A table, read when it is first asked for, so that `READ` has just the files that a chapter depends on."""
        resource = self.__dict__.get("_resources", {}).get(name)
        if resource is None:
            raise AttributeError(f"no table {name!r} is described in datapackage.json")
        READ.add(self.folder / resource["path"])
        table = self.__dict__[name] = _frame(self.folder, resource)
        return table

    @cached_property
    def digest(self):
        """The state of the evidence: SHA-256 over every file of the data package and references.bib, by name, as hexadecimal digits."""
        files = sorted(["datapackage.json", "references.bib", *(resource["path"] for resource in self.package["resources"])])
        whole = hashlib.sha256()
        for name in files:
            READ.add(self.folder / name)
            whole.update(f"{name}\0{hashlib.sha256((self.folder / name).read_bytes()).hexdigest()}\n".encode())
        return whole.hexdigest()

    @property
    def language(self):
        """The language of the article: the suffix of the columns that have its own words."""
        return printed_in(self.package)

    @property
    def published(self):
        """The day on which the article was published, as a pandas Timestamp."""
        return published_on(self.package)

    def code_name(self, variable, code):
        """A code's name in the edition's language; a missing value's label stands for itself, in that language too."""
        return self._code_names.get((variable, code), missing_as(code))

    @cached_property
    def _code_names(self):
        return {(row.variable, row.code): row.name_ for row in self.codes.rename(columns={"name": "name_"}).itertuples()}

    @cached_property
    def practice_names(self):
        """The name of each practice in the edition's language: {practice: name}."""
        return dict(zip(self.practices.practice, self.practices.name))

    @cached_property
    def sources(self):
        """references.bib as {key: fields}: title, who (author or publisher), short (last names) and date as plain text, url where
        there is one (a doi's too). A field that has a variant in the edition's language (`title_zh`) has that one's text."""
        READ.add(self.folder / "references.bib")
        found, own = {}, f"_{LANGUAGE}"
        for key, entry in bibliography(self.folder).items():
            fields = {name: re.sub(r"[{}]|\\(?=[&%_#])", "", value) for name, value in entry.fields.items()}
            fields |= {name.removesuffix(own): text for name, text in fields.items() if name.endswith(own)}
            who = joined(entry.persons.get("author", []), "semicolon") or fields.get("howpublished", "")
            last = [" ".join(person.last_names) for person in entry.persons.get("author", [])]
            several = "others" in last or len(last) > 2
            short = say("{author} et al.", author=last[0]) if several else joined(last, "both")
            url = link(f"https://doi.org/{fields['doi']}" if "doi" in fields and "url" not in fields else fields.pop("url", ""))
            date = fields.get("date") or fields.get("year", "")
            found[key] = {
                **({"url": url} if url else {}),
                **fields,
                "who": re.sub(r"[{}]", "", who),
                "short": short,
                "date": date,
            }
        return found

    def symbol(self, variable, code):
        """The symbol that stands beside a code's name, or an empty string."""
        found = self._symbols.get((variable, code), "")
        return "" if found in MISSING else found

    @cached_property
    def _symbols(self):
        return {(row.variable, row.code): row.symbol for row in self.codes.itertuples()}

    @cached_property
    def jurisdictions(self):
        """The rows of provinces.csv in the order in which charts and tables show them: pioneers, target, national body.

        Adds: place (from 1, in that order) and hue (the name of the colour: a pioneer's by its place, one grey for the others).
        """
        rows = self.provinces.sort_values("role", key=lambda role: role.map(ROLES.index), kind="stable").reset_index(drop=True)
        hue = [f"place-{at % HUES + 1}" if role == "pioneer" else "national" for at, role in enumerate(rows.role)]
        return rows.assign(place=rows.index + 1, hue=hue)

    def pioneers(self):
        """The pioneers in the order of provinces.csv: the columns of `jurisdictions`."""
        return self.jurisdictions[self.jurisdictions.role == "pioneer"].reset_index(drop=True)

    def subsections(self):
        """The sub-sections of the themes, in the article's order: not the opening, and nothing beside a recommendation."""
        number = self.sections.section
        theme = number.str.partition(".")[0]
        divided = number.isin(set(number.str.rpartition(".")[0]))
        outside = theme.isin({"0", *(section.partition(".")[0] for section in self.recommendations.section)})
        return self.sections[~divided & ~outside].reset_index(drop=True)

    def register(self):
        """Every practice, one row each, in the article's order, with names for its codes.

        Adds: province_name, type, role, place and hue (of `jurisdictions`), section_name, chapter, kind_name, instrument_name, level_name, status_name,
        actors_name, dated (year or period as text, or the missing label), href (its permanent address) and verdicts
        (of its checks, as symbols and words).
        """
        of_place = self.jurisdictions[["province", "name", "type", "role", "place", "hue"]].rename(
            columns={"name": "province_name"}
        )
        rows = self.practices.merge(of_place, on="province")
        order = {section: i for i, section in enumerate(self.sections.section)}
        rows = rows.merge(
            self.sections[["section", "name", "short", "chapter"]].rename(columns={"name": "section_name"}), on="section"
        )
        rows = rows.sort_values("section", key=lambda s: s.map(order), kind="stable").reset_index(drop=True)
        for variable in ("kind", "instrument", "level", "status"):
            rows[f"{variable}_name"] = [self.code_name(variable, code) for code in rows[variable]]
        rows["actors_name"] = [joined(self.code_name("actors", a) for a in actors.split(JOIN)) for actors in rows.actors]
        rows["dated"] = [dated(row, label("period"), label("year")) for row in rows.itertuples()]
        rows["href"] = "evidence.html#" + rows.practice.map(fragment)
        rows["verdicts"] = [self._verdicts_in_words(practice) for practice in rows.practice]
        return rows

    def _verdicts_in_words(self, practice):
        found = Counter(verdict for _, verdict in self.verdicts_of(practice=practice))
        words = [
            f"{self.symbol('verdict', v)} {self.code_name('verdict', v)}" + (f" ×{n}" if n > 1 else "") for v, n in found.items()
        ]
        return joined(words) or label("not_checked")

    def evidence_map(self):
        """Practices named, by sub-section and pioneer: section, short, province, province_name, type, place, hue, n
        (0 = not mentioned)."""
        places = self.pioneers()[["province", "name", "type", "place", "hue"]]
        grid = self.subsections()[["section", "short"]].merge(places, how="cross")
        counts = self.practices.groupby(["section", "province"]).size().rename("n").reset_index()
        grid = grid.merge(counts, how="left", on=["section", "province"]).rename(columns={"name": "province_name"})
        return grid.assign(n=grid.n.fillna(0).astype(int))

    def read_as(self, variable):
        """The practices that this book reads under `variable`: the register's columns plus code, code_name, reason."""
        rows = self.readings.query("variable == @variable")[["practice", "code", "reason"]]
        rows = rows.assign(code_name=[self.code_name(variable, code) for code in rows.code])
        return rows.merge(self.register(), on="practice")

    def alignments_of(self, *practices):
        """The pairs of listed items that this book reads together, of which both stand in the lists of `practices`: rows of
        alignments."""
        listed = self.items.item[self.items.practice.isin(practices)]
        return self.alignments[self.alignments.left.isin(listed) & self.alignments.right.isin(listed)]

    def checks_of(self, practice=None, figure=None):
        """The checks that speak of a practice (or of one figure): rows of source_checks, in their order.

        A practice's checks include those of its figures.
        """
        return self.source_checks.iloc[self._checks.get((practice, figure), [])]

    def verdicts_of(self, practice=None, figure=None):
        """The same checks as a list of (check, verdict): for what asks about every practice in turn."""
        ids, verdicts = self._checked
        return [(ids[place], verdicts[place]) for place in self._checks.get((practice, figure), [])]

    @cached_property
    def _checked(self):
        return self.source_checks.check.tolist(), self.source_checks.verdict.tolist()

    @cached_property
    def _checks(self):
        """Where in source_checks the checks stand: {(practice, None) or (None, figure): places in order}, grouped once for all."""
        place = {check: i for i, check in enumerate(self.source_checks.check)}
        owner, found = dict(zip(self.figures.figure, self.figures.practice)), defaultdict(set)
        for row in self.checked_rows.itertuples():
            for about in ((row.practice, None), (owner.get(row.figure), None), (None, row.figure)):
                found[about].add(place[row.check])
        return {about: sorted(places) for about, places in found.items()}

    def checked_years(self, rows):
        """The years that public sources give for the practices of `rows`: practice, checked_year, one row a check that has one."""
        seen = self.checked_rows[self.checked_rows.year.notna() & self.checked_rows.practice.isin(rows.practice)]
        return seen.rename(columns={"year": "checked_year"})[["practice", "checked_year"]]

    def precedents_of(self):
        """Every measure with each of its precedents, one row a pair; measures without one have none.

        Columns: measure, measure_name, recommendation, section_of_measure, relation, relation_name, reason, and the register's.
        """
        measures = self.measures.rename(columns={"name": "measure_name", "section": "section_of_measure"})
        rows = measures[["measure", "measure_name", "recommendation", "section_of_measure"]].merge(
            self.precedents[["measure", "practice", "relation", "reason"]], on="measure"
        )
        rows["relation_name"] = [self.code_name("relation", code) for code in rows.relation]
        return rows.merge(self.register(), on="practice")


def load(folder=DATA):
    """The evidence, typed and validated. Raises EvidenceError, with file, row, column, value and what was expected."""
    return Evidence(folder)


def main():
    """Command line: print every finding on the tables. Returns the exit code, 0 where there is none, else 1."""
    findings = validate()
    print("\n".join(map(str, findings)) or "the evidence is valid: every table follows the schema and the house rules")
    return 1 if findings else 0


if __name__ == "__main__":
    run(main)
