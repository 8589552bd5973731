"""The bytes and characters of a table: what no schema can say of them.

Every function here reads text as it stands in the file. What the columns mean is not its business.
"""

import csv
import html
import io
import re
import unicodedata
from contextlib import suppress
from functools import cache, lru_cache, partial

from casebook.evidence.findings import Finding, code_point, is_hidden
from casebook.evidence.schema import MISSING

# What a study begins with; every other table may have no row yet.
NEVER_EMPTY = ("provinces", "sections", "codes")
# The remedy for what Excel and the like make of a table.
SAVED_SO = "; Excel saves otherwise: save the file so in a text editor or LibreOffice"
LONGEST = 20_000  # characters of a cell; the longest of today has some hundreds
FORMULA_CELL = re.compile(r"(?!-?\d+(\.\d+)?$)[=+\-@＝＋－＠]")
MARKUP = re.compile(r"[<>]")
# Nearly every cell: what a keyboard writes in English or Chinese, without a blank at an end, a
# formula, `<`, `>` or `&`.
ORDINARY = re.compile(
    r"(?![ =+\-@])[ -%'-;=?-~\u4e00-\u9fff\u2018\u2019\u201c\u201d\u2013\u2014"
    r"、。《》〔〕，；：？！（）…]+(?<! )"
)
WORD = re.compile(r"[^\W\d_]+")
HAN_LETTER = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
LATIN_LETTER = re.compile("[A-Za-z]")
HALF_WIDTH = re.compile(rf"{HAN_LETTER.pattern}[,;:?!]")
# Alphabets whose letters look alike; the words of a language stand in one of them.
ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN"}


def _cell_at(raw, position):
    """The (row, column) of a byte of a table.

    The table may be no valid one. The column is empty where it cannot be told.
    """
    before = raw[:position].decode("utf-8", "replace")
    row, start = before.count("\n") + 1, before.rpartition("\n")[2]
    header = raw.partition(b"\n")[0].decode("utf-8", "replace")
    of_line = raw[position : position + 1] == b"\r"  # not of one cell
    with suppress(csv.Error):
        columns, cells = csv.reader([header.rstrip("\r"), start or '""'])
        if row > 1 and not of_line and len(cells) <= len(columns):
            return row, columns[len(cells) - 1]
    return row, ""


def read_rows(path):
    """A table's header and records as lists of text, and the findings on its bytes and shape.

    Returns (header, records, findings), which callers share and must not change: a process parses
    the same bytes once. What is wrong with some lines does not hide the rest. A record of another
    length than the header is reported and left as it is. Both are empty only when the bytes cannot
    be read as a table.
    """
    if not path.exists():
        expected = "a table named in datapackage.json"
        return [], [], [Finding(path.name, 0, "", "no such file", expected)]
    return _parsed(path.name, path.read_bytes())


@lru_cache(maxsize=64)
def _parsed(name, raw):
    text, findings = _text(name, raw)
    if text is None:
        return [], [], findings
    lines, broken = _csv_lines(name, text)
    stem = name.removesuffix(".csv")
    if not broken and (not lines or (len(lines) < 2 and stem in NEVER_EMPTY)):
        expected = "a header and at least one row" if stem in NEVER_EMPTY else "a header"
        broken = [Finding(name, 0, "", "no rows", expected)]
    if broken:
        return [], [], findings + broken
    header, *records = lines
    return header, records, [*findings, *_shape(name, header, records)]


def _text(name, raw):
    """The text of a table's bytes, and the findings on them.

    Each line ends with a line feed. The text is None where no table can be made of it.
    """
    found = partial(Finding, name)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        value = repr(raw[error.start : error.start + 4])
        expected = f"UTF-8, not GBK or another encoding{SAVED_SO}"
        return None, [found(*_cell_at(raw, error.start), value, expected)]
    header = text.removeprefix("\ufeff").partition("\n")[0].rstrip("\r")
    if "," not in header and re.search(r"[;\t]", header):
        return None, [found(1, "", header, f"a comma between two cells{SAVED_SO}")]
    habits = []
    if text.startswith("\ufeff"):
        habits.append("a byte order mark")
    if text.count("\n") == text.count("\r\n") > 0:
        habits.append("a carriage return in every line")
    findings = []
    if habits:
        expected = f"plain UTF-8, lines that end in a line feed only{SAVED_SO}"
        findings.append(found(1, "", " and ".join(habits), expected))
    elif b"\r" in raw:
        expected = "lines that end in a line feed only"
        findings.append(found(*_cell_at(raw, raw.index(b"\r")), "a carriage return", expected))
    if b"\x00" in raw:
        findings.append(found(*_cell_at(raw, raw.index(b"\x00")), "a NUL byte", "text"))
    if raw and not raw.endswith((b"\n", b"\r")):
        expected = "a last line that ends as the others do"
        findings.append(found(raw.count(b"\n") + 1, "", "no line feed at the end", expected))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", ""), findings


def _csv_lines(name, text):
    """The lines of a CSV as lists of cells, and the finding that ends them, if one does."""
    lines, reader, end = [], csv.reader(io.StringIO(text), strict=True), 0
    # Our own limit is LONGEST, which `_shape` reports with its place.
    limit = csv.field_size_limit(len(text) + 1)
    try:
        for line in reader:
            lines.append(line)
            end = reader.line_num
    except csv.Error as error:
        expected = f"a well-formed line of CSV, each quote closed ({error})"
        return [], [Finding(name, end + 1, "", text.split("\n")[end], expected)]
    finally:
        csv.field_size_limit(limit)
    return lines, []


def _shape(name, header, records):
    """Findings on blank, ragged and endless records.

    A cell over LONGEST is cut, so that no message repeats it.
    """
    for number, record in enumerate(records, start=2):
        if not record:
            yield Finding(name, number, "", "a blank line", "a row; the last one ends the file")
        elif len(record) != len(header):
            hint = "a stray or missing comma, or a cell with one and without quotes?"
            expected = f"{len(header)}, as the header has ({hint})"
            yield Finding(name, number, "", f"{len(record)} cells", expected)
        elif max(map(len, record)) > LONGEST:
            for index, cell in enumerate(record):
                if len(cell) > LONGEST:
                    record[index] = cell[:LONGEST]
                    expected = f"at most {LONGEST} characters, not {len(cell)}"
                    yield Finding(name, number, header[index], cell[:40], expected)


@cache
def _look_alike(char):
    """What a character is a look-alike of, or an empty string.

    Look-alikes are a radical or a compatibility form of a Han character, a letter or digit of
    another width, a digit of another script, and a blank of another kind.
    """
    if unicodedata.category(char) == "Zs":
        return "" if char == " " else "a plain blank"
    plain = unicodedata.normalize("NFKC", char)
    if char.isdecimal():
        return "" if char.isascii() else str(unicodedata.decimal(char))
    is_wide_letter = "\uff21" <= char <= "\uff5a" and plain.isalpha()
    if plain != char and (HAN_LETTER.search(plain) or is_wide_letter):
        return plain
    return "a Han character" if "\u2e80" <= char <= "\u2fff" or "\u31c0" <= char <= "\u31ef" else ""


@cache
def _alphabet(char):
    """The alphabet of a letter; empty for one that resembles no other."""
    script = unicodedata.name(char, "").split(" ")[0]
    return script if script in ALPHABETS else ""


def unclean(column, cell):
    """What a cell should be instead of what it is, as no schema can say, or None."""
    plain = ORDINARY.fullmatch(cell)
    return (None if plain else _unreadable(cell)) or (
        None if cell in MISSING else _other_language(column, cell)
    )


def _other_language(column, cell):
    """What a cell of a column `_en` or `_zh` should be instead of another language, or None."""
    if column.endswith("_zh") and not HAN_LETTER.search(cell):
        return "Chinese (are two cells swapped?)"
    if column.endswith("_zh") and (mark := HALF_WIDTH.search(cell)):
        return f"Chinese punctuation, not {mark[0]!r}"
    if column.endswith("_en") and not LATIN_LETTER.search(cell):
        return "English (are two cells swapped?)"
    return None


def _unreadable(cell):
    """What a cell should be instead of blank, padded, a formula or a look-alike, or None."""
    if not cell.strip():
        return f"a value or one of {', '.join(MISSING)}"
    if cell != cell.strip():
        return "no blank at either end"
    if FORMULA_CELL.match(cell):
        return "no formula (a spreadsheet would run it)"
    if MARKUP.search(cell) or ("&" in cell and html.unescape(cell) != cell):
        return "no markup (< or >, or an entity such as &lt;)"
    for char in filter(is_hidden, cell):
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


def clean_cells(name, header, records):
    """Findings on single cells that no schema catches, by `unclean`."""
    for number, record in enumerate(records, start=2):
        if len(record) != len(header):
            continue  # reported already; its cells stand under no column
        for column, cell in zip(header, record):
            if expected := unclean(column, cell):
                yield Finding(name, number, column, cell, expected)
