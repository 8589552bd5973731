"""Prove the evidence against the article: `make check-source SOURCE=path/to/article.txt`.

The article is its author's and is not part of the project, so this check reads it from outside. Text is compared
after NFKC and removal of white space, in every language; which one it is, datapackage.json says. One run proves seven things
and reports all that is wrong at once:

1. hashes and places: each paragraph has the recorded hash, each locator is where its evidence stands;
2. attribution: the last jurisdiction named before the evidence is the row's own (names resolve by places.csv), and a figure
   belongs to the practice whose words it stands in, or whose list it counts;
3. names and kinds: a name in the language of the article is its evidence as printed, or names.csv says why not; a title's
   last word is its kind, and what calls itself a draft is one;
4. numbers and years: printed in the row's own evidence, beside their unit, and no printed year is left out; a checked year or
   value is printed in its check;
5. completeness: every title, quoted name and number after the opening is claimed by a row or listed in uncoded.csv, and each
   paragraph has as many rows as sections.csv records;
6. silences: no keyword of a question that the article is said not to touch is printed in its theme;
7. no run of 40 characters of the article's prose (100 where it is written in letters) stands anywhere in the repository.
"""

import argparse
import csv
import hashlib
import os
import re
import subprocess
import sys
import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from pathlib import Path

from casebook import study
from casebook.evidence import DATA, JOIN, MISSING, EvidenceError, Finding
from casebook.evidence.clean import read_rows
from casebook.evidence.validation import validate
from casebook.study import ROOT

RUN = 40  # characters of Chinese prose
LETTERS = 100  # about as much in a language that is written in letters, where a name alone may have 40 of them
LOCATED = ("practices", "figures", "items", "premises", "recommendations", "measures", "uncoded")
LONG = 100  # characters of a line that is running text: what stands above the first such line is the page's own
# What may stand before a heading, once blanks are gone: 1.  1.1  (1)  1)  iv.  （一）  一、  一是
HAN_DIGITS = "[一二三四五六七八九十]+"
NUMBERED = rf"(?:\((?:\d+|[a-zA-Z]+|{HAN_DIGITS})\)|(?:\d+(?:\.\d+)*|[a-zA-Z]|[ivxIVX]+)[.):、]|\d+(?:\.\d+)*|第?{HAN_DIGITS}[、是章节])?"
STOP = "。.:!?"  # ends a heading that its paragraph goes on after
# A full stop within a number ends no sentence. Abbreviations do (“St. Mary”): sentences are asked for only to hold a row stricter.
SENTENCE = re.compile(r"[。!?！？]|(?<!\d)\.|\.(?!\d)")
TITLE = re.compile(r"《[^》]*》")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
DATE = re.compile(rf"\d{{4}}年(\d{{1,2}}月|末)?|(?:\d{{1,2}})?(?:{MONTH})?\d{{4}}|{MONTH}\d{{1,2}},\d{{4}}")
PERIOD = re.compile(r"(\d{4})[-–](\d{4})(?:年|(?![\d\u4e00-\u9fff]))")
# A year: four digits that 年 or 版 follows, or beside which nothing Chinese and no letter stands that it might count.
YEAR = re.compile(r"\d{4}(?=年|版)|(?<![\d\u4e00-\u9fff.,])(?:19|20)\d\d(?![\w%.,])")
MAYBE_YEAR = re.compile(r"\d{4}(?=年|版)|(?<![\d\u4e00-\u9fff.,])(?:19|20)\d\d(?![\d\u4e00-\u9fff%])")
# What a document is, by the last word of its title (before brackets).
ENDINGS = {
    "plan": ("规划", "计划", "方案", "纲要"),
    "policy": ("意见", "决定", "要点", "任务"),
    "legislation": ("条例", "规定", "办法"),
    "standard": ("标准", "细则", "体系"),
    "report": ("报告",),
}
DRAFT = re.compile("草案|[Dd]raft")
HAN = re.compile(r"[\u4e00-\u9fff]")
HAN_NUMERALS = {n: i for i, n in enumerate("零一二三四五六七八九")} | {"十": 10}
# A number: Arabic digits, or Chinese numerals before a measure word. The measure words are those that the article counts with.
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?万?|[一二三四五六七八九十百千万]+(?=[项个大部条])")


def normalise(text):
    """`text` after NFKC, without any white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def printed_name():
    """The column that has names in the language of the article."""
    return f"name_{study.article()['language']}"


def digest(text):
    """SHA-256 of normalised text, as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def headings(folder=DATA):
    """The sections of `folder` in their order: {number: its `heading`}."""
    rows = read_rows(Path(folder) / "sections.csv")
    printed = rows[0].index(f"name_{study.article()['language']}")
    return {row[0]: heading(row[0], row[printed]) for row in rows[1]}


def heading(number, name):
    """A section's heading as the article prints it, normalised; an empty text for those without: the opening, 0, and what stands
    before a first sub-section, such as 5.0."""
    return "" if number.rpartition(".")[2] == "0" else normalise(name)


def split(article, sections=None):
    """The article's text by section: a dict from number (`0`, `1`, `1.1` …) to (heading, normalised text).

    `sections` are those to look for, as `headings` gives them (default: the study's). A heading stands at the beginning of a line,
    after a number or none. Where the line has nothing else, the lines up to the next heading are the section's text; where the
    line goes on after a full stop or a colon, it is itself the section's text. A section that has sub-sections holds its heading
    only. The opening begins with the first long line. Raises ValueError if a heading is not found, or text belongs nowhere.
    """
    sections = headings() if sections is None else sections
    divided = {number.rpartition(".")[0] for number in sections}
    wanted = [number for number, heading in sections.items() if heading]
    found, lines, last = {}, {number: [] for number in sections}, "0"
    for line in filter(None, map(normalise, article.splitlines())):
        following = wanted[len(found)] if len(found) < len(wanted) else None
        begun = following and re.fullmatch(rf"{NUMBERED}{re.escape(sections[following])}([{STOP}]?)(.*)", line)
        if begun and (begun[1] or not begun[2]):
            last, runs_on = following, bool(begun[2])
            found[last] = sections[last]
            lines[last] = [line] if runs_on else []
            ended = runs_on and last == wanted[-1]  # what follows the last paragraph is the page's own
        elif not found:
            lines["0"] = [*lines.get("0", ()), line]
        elif last in divided:
            if f"{last}.0" not in lines:
                raise ValueError(
                    f"section {last} prints a text before its first sub-section: it needs a row {last}.0 ({line[:RUN]}…)"
                )
            lines[f"{last}.0"].append(line)
        elif not ended:
            lines[last].append(line)
    if len(found) < len(wanted):
        after = f" after that of section {last}" if found else ""
        lost = wanted[len(found)]
        raise ValueError(
            f"this is not the article, or not its heading: section {lost}, “{sections[lost]}” (sections.csv), "
            f"was looked for at the beginning of a line{after}, with or without a number before it, and not found"
        )
    above = lines.pop("0", [])
    long = next((place for place, line in enumerate(above) if len(line) > LONG), len(above) - 1)
    texts = {number: "".join(parts) for number, parts in lines.items()}
    if "0" in sections:
        texts["0"] = "".join(above[max(long, 0) :])
    if empty := [number for number in sections if not texts[number] and number not in divided]:
        raise ValueError(f"this is not the article: no text was found for section {', '.join(empty)}")
    return {n: (own, own if n in divided else texts[n]) for n, own in sections.items()}


def number(text):
    """The value of a number as the article prints it (`86.3万`, `十`, `250`, `1,200`), or None."""
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)(万?)", text.replace(",", "")):
        value = float(found[1]) * (10_000 if found[2] else 1)
        return round(value, 6)
    if text in HAN_NUMERALS:
        return HAN_NUMERALS[text]
    return None


@dataclass
class Row:
    """A row of a located table, with its place in the file."""

    table: str
    line: int
    cells: dict
    owner: dict = field(default_factory=dict)  # the cells of an item's practice

    @property
    def pieces(self):
        """Its pieces of evidence, normalised."""
        return [normalise(piece) for piece in self.cells.get("evidence", self.cells.get("text", "")).split(JOIN)]

    @property
    def places(self):
        """Its locators as (section, offset, length)."""
        found = re.findall(r"(\d+(?:\.\d+)*)@(\d+)\+(\d+)", self.cells["locator"])
        return [(section, int(offset), int(length)) for section, offset, length in found]

    def wrong(self, column, expected):
        return Finding(f"data/{self.table}.csv", self.line, column, self.cells.get(column, ""), expected)


def read(folder):
    """The tables in `folder` as {table: [Row]}. Raises EvidenceError if one of them cannot be read."""
    tables, findings = {}, []
    for path in sorted(Path(folder).glob("*.csv")):
        header, records, wrong = read_rows(path)
        findings += wrong
        tables[path.stem] = [Row(path.stem, n, dict(zip(header, record))) for n, record in enumerate(records, start=2)]
    missing = {*LOCATED, "sections", "places", "names", "source_checks", "checked_rows"} - set(tables)
    findings += [Finding(f"{table}.csv", 0, "", "no such file", "a table of the evidence") for table in sorted(missing)]
    if findings:
        raise EvidenceError(findings)
    practices = {row.cells["practice"]: row.cells for row in reversed(tables["practices"])}
    for row in tables["items"]:
        row.owner = practices.get(row.cells["practice"], {})
    return tables


def own(row, column):
    """A row's section or province; an item has its practice's. Empty where there is none."""
    return row.cells.get(column, row.owner.get(column, ""))


def check_places(parts, tables):
    """Hashes, headings, locators, and the names of places."""
    for section in sorted(parts.keys() - {row.cells["section"] for row in tables["sections"]}):
        yield Finding("data/sections.csv", 0, "section", section, "a row for every section of the article")
    for row in tables["places"]:
        name, (section, offset, length) = normalise(row.cells["place"]), (*row.places, ("", 0, 0))[0]
        there = parts.get(section, ("", ""))[1][offset : offset + length]
        if name != there:
            first = first_printed(parts, name)
            yield row.wrong("place", f"a name that the article prints at {row.cells['locator']}, {there[:RUN]!r}")
            yield row.wrong("locator", f"{first}, where it prints {name} first" if first else "a place; the name is not printed")
    for row in tables["sections"]:
        heading, text = parts.get(row.cells["section"], ("", ""))
        if row.cells["sha256"] != digest(text):
            yield row.wrong("sha256", f"{digest(text)}, the hash of the paragraph in this article")
        if row.cells["characters"] != str(len(text)):
            yield row.wrong("characters", f"{len(text)}, the length of the paragraph in this article")
        if heading and normalise(row.cells[printed_name()]) != heading:
            yield row.wrong(printed_name(), f"the heading as printed, {heading}")
    for table in LOCATED:
        for row in tables[table]:
            section = own(row, "section")
            text = parts.get(section, ("", ""))[1]
            if len(row.places) != len(row.pieces):
                yield row.wrong("locator", f"a place for each of {len(row.pieces)} piece(s) of evidence")
                continue
            for piece, (where, offset, length) in zip(row.pieces, row.places):
                if where != section:
                    yield row.wrong("locator", f"a place in {section}, the row's own section")
                    yield row.wrong("section" if "section" in row.cells else "practice", f"{where}, where its evidence stands")
                elif text[offset : offset + length] != piece:
                    there = text.find(piece)
                    hint = f"it stands at {section}@{there}+{len(piece)}" if there >= 0 else "it is not printed there at all"
                    yield row.wrong("locator", f"the place of {piece!r} in {section}; {hint}")
                    if there < 0 or length != len(piece):
                        column = "evidence" if "evidence" in row.cells else "text"
                        yield row.wrong(
                            column, f"what {where}@{offset}+{length} prints, {text[offset : offset + length][:RUN]!r}"
                        )


def first_printed(parts, name):
    """The locator of a name where the article prints it first, or None."""
    found = ((section, text.find(name)) for section, (_, text) in parts.items())
    return next((f"{section}@{offset}+{len(name)}" for section, offset in found if offset >= 0), None)


@lru_cache(maxsize=64)
def namings(text, places):
    """Where a text names a place, in order: (offset, length, jurisdiction). `places` are pairs of a name and a jurisdiction."""
    # Of two names that begin at one place the longer is meant.
    return sorted((f.start(), len(name), province) for name, province in places for f in re.finditer(re.escape(name), text))


def named_before(text, offset, places):
    """The jurisdiction named last at or before `offset`, or None. `places` maps a name to a jurisdiction."""
    named = namings(text, tuple(places.items()))
    last = bisect_right(named, offset, key=itemgetter(0))
    return named[last - 1][2] if last else None


@lru_cache
def sentences(text):
    """Where the sentences of a text begin."""
    return [0, *(found.end() for found in SENTENCE.finditer(text))]


def sentence(text, offset):
    """Where the sentence that `offset` stands in begins."""
    begins = sentences(text)
    return begins[bisect_right(begins, offset) - 1]


def named_in_sentence(text, offset, places):
    """All jurisdictions named in the sentence of `offset`, before it."""
    before = text[sentence(text, offset) : offset]
    return {province for name, province in places.items() if name in before}


def check_attribution(parts, tables, exceptions=None):
    """The last jurisdiction named before each piece of evidence is the row's own, or the row says why not.

    A date may stand before the jurisdiction that acted on it: it must stand in the sentence of the row's other evidence.
    A member of a list belongs to its practice's jurisdiction, and stands after the member before it.
    `exceptions`, if given, is a list that receives the rows which carry a reason.
    """
    places = {normalise(row.cells["place"]): row.cells["province"] for row in tables["places"]}
    before = {}
    for row in tables["items"]:
        last = before.get(row.cells["practice"], -1)
        if row.places and row.places[0][1] <= last:
            yield row.wrong("locator", f"a place after character {last}, where the member before it stands")
        before[row.cells["practice"]] = row.places[0][1] if row.places else last
    for table in ("practices", "figures", "items"):
        for row in tables[table]:
            text = parts.get(own(row, "section"), ("", ""))[1]
            province = own(row, "province")
            dates = [offset for piece, (_, offset, _) in zip(row.pieces, row.places) if DATE.fullmatch(piece)]
            names = [offset for _, offset, _ in row.places if offset not in dates]
            if {sentence(text, o) for o in dates} - {sentence(text, o) for o in names}:
                yield row.wrong("evidence", "a date that stands in the same sentence as the rest of the evidence")
            named = {named_before(text, offset, places) for offset in names}
            excused = row.cells.get("exception_en", MISSING[2]) not in MISSING
            if excused and exceptions is not None:
                exceptions.append(row)
            if excused and named == {province}:
                yield row.wrong("exception_en", "no exception: the rule holds for this row")
            if excused and not all(province in named_in_sentence(text, offset, places) for offset in names):
                yield row.wrong("province", "a jurisdiction that the sentence names before the evidence, exception or not")
            if not excused and named != {province}:
                others = ", ".join(sorted(n or "none" for n in named - {province}))
                for column in ("province",) if "province" in row.cells else ("locator", "practice"):
                    yield row.wrong(column, f"{others}, the jurisdiction named last before the evidence (or a written exception)")
    yield from check_owners(tables)


def check_owners(tables):
    """A figure's number stands in the words of its practice, or right after the practice's list, or it belongs to none."""
    words, lists, ended = {}, {}, {}  # words: by each character that they cover; ended: the lists, by where they end
    for row in tables["practices"]:
        for piece, (section, offset, length) in zip(row.pieces, row.places):
            for place in () if DATE.fullmatch(piece) else range(offset, offset + length):
                words.setdefault((section, place), []).append((row.cells["practice"], offset + length))
    for row in tables["items"]:
        if row.places:
            section, offset, length = row.places[-1]
            lists[row.cells["practice"]] = (section, offset + length)
    for practice, end in lists.items():
        ended.setdefault(end, []).append(practice)
    for row in tables["figures"]:
        for piece, (section, offset, length) in zip(row.pieces, row.places):
            if DATE.fullmatch(piece):
                continue
            inside = [practice for practice, end in words.get((section, offset), ()) if offset + length <= end]
            # Between a list and its count stand one or two characters (“and the like”, “these”).
            after = [practice for gap in range(3) for practice in ended.get((section, offset - gap), ())]
            if row.cells["practice"] not in (inside or after or [MISSING[2]]):
                yield row.wrong(
                    "practice",
                    f"{' or '.join(inside or after or [MISSING[2]])}, in whose words or after whose list {piece} stands",
                )


def check_names(tables):
    """Every name in the article's language is its row's evidence as printed, or listed in names.csv; what titles say of kind and
    status holds."""
    column = printed_name()
    listed = {row.cells["row"]: row for row in tables["names"]}
    named = {}
    for table in (table for table in LOCATED if tables[table] and column in tables[table][0].cells):
        for row in tables[table]:
            key, name = next(iter(row.cells.values())), normalise(row.cells[column])
            as_printed = [piece for piece in row.pieces if not DATE.fullmatch(piece)]
            if not HAN.search(name):  # an English name is told without the marks that the article quotes it in
                as_printed += [piece.strip('“”"') for piece in as_printed]
            named[key] = name in as_printed
            if key in listed and normalise(listed[key].cells[column]) != name:
                yield row.wrong(column, f"{listed[key].cells[column]}, the name that names.csv gives a reason for")
            elif key not in listed and not named[key]:
                yield row.wrong(
                    column, f"the name as its evidence prints it, {' or '.join(as_printed)} (or a reason in names.csv)"
                )
    for key, row in listed.items():
        if named.get(key, True):
            is_printed = "a name that is not as printed; this one is, and needs no reason"
            yield row.wrong("row", is_printed if key in named else f"the id of a row that has a {column}")
    for row in tables["practices"]:
        name = normalise(row.cells[column])
        draft = DRAFT.search(row.cells["evidence"]) if row.cells["kind"] == "legislation" else None
        if bool(draft) != (row.cells["status"] == "draft"):
            yield row.wrong(
                "status", f"draft, as its evidence says {draft[0]}" if draft else "draft only where the evidence of a law says so"
            )
        if name.startswith("《"):
            title = re.sub(r"\(.*\)|[《》]", "", name)
            kind = next((kind for kind, words in ENDINGS.items() if title.endswith(words)), row.cells["kind"])
            if row.cells["kind"] != kind:
                yield row.wrong("kind", f"{kind}, by the last word of {row.cells[column]}")


def check_numbers(tables):
    """Every value and every year is printed in the row's own evidence, beside its unit, and no printed year is left out."""
    for row in tables["figures"]:
        value, unit = float(row.cells["value"]), normalise(row.cells["unit"])
        printed = [(number(m[0]), piece[m.end() :].strip("”")) for piece in row.pieces for m in NUMBER.finditer(piece)]
        # A measure word of one character may have the counted thing after it; a longer unit is all that follows.
        beside = {after for _, after in printed if after == unit or (len(unit) == 1 and after.startswith(unit))}
        if not beside:
            yield row.wrong("unit", f"what follows a number in the evidence {row.cells['evidence']}")
        if value not in [found for found, after in printed if after in beside]:
            yield row.wrong("value", f"a number printed before {unit} in the evidence {row.cells['evidence']}")
    for table in ("practices", "figures"):
        for row in tables[table]:
            evidence = JOIN.join(row.pieces)
            years, period = YEAR.findall(PERIOD.sub("", evidence)), PERIOD.search(evidence)
            if row.cells["year"] in MISSING and years:
                yield row.wrong("year", f"{' or '.join(years)}, which the row's own evidence prints")
            for column in {"year", "period_start", "period_end"} & row.cells.keys():
                if row.cells[column] in MISSING[1:]:
                    yield row.wrong(column, f"{MISSING[0]}, where the evidence prints none")
            if row.cells["year"] not in (*MISSING, *years, *MAYBE_YEAR.findall(evidence)):
                yield row.wrong("year", f"a year printed in the evidence {row.cells['evidence']}")
            for group, column in enumerate(("period_start", "period_end"), start=1):
                given = row.cells.get(column, MISSING[0])
                if given not in MISSING and (not period or given != period[group]):
                    yield row.wrong(column, f"a period printed in the evidence {row.cells['evidence']}")
                if given in MISSING and period and column in row.cells:
                    yield row.wrong(column, f"{period[group]}, which the row's own evidence prints")
    language = study.article()["language"]
    told = (f"claim_{language}", f"finding_{language}")
    checks = {row.cells["check"]: normalise("".join(row.cells[c] for c in told)) for row in tables["source_checks"]}
    for row in tables["checked_rows"]:
        text = checks.get(row.cells["check"], "")
        if row.cells["year"] not in MISSING and row.cells["year"] not in re.findall(r"(?<!\d)\d{4}(?!\d)", text):
            yield row.wrong("year", f"a year that {' or '.join(told)} of {row.cells['check']} prints")
        values = [number(found) for found in NUMBER.findall(text)]
        if row.cells["value"] not in MISSING and float(row.cells["value"]) not in values:
            yield row.wrong("value", f"a number that {' or '.join(told)} of {row.cells['check']} prints")


def marked(text):
    """What a reader would ask for in a paragraph: its titles, quoted names and numbers, as (offset, text)."""
    for pattern in (TITLE, QUOTED, NUMBER):
        for found in pattern.finditer(text):
            yield found.start(), found[0]


def rows_of(tables):
    """How many rows of the located tables have their evidence in each section: a Counter."""
    return Counter(own(row, "section") for table in LOCATED for row in tables[table])


def check_completeness(parts, tables, count=None):
    """Every title, quoted name and number after the opening lies within a claimed place.

    `count`, if given, is a dict that receives how many of each kind were accounted for.
    """
    # For each character of a section, how far a claimed place reaches that begins there; a locator may be out of the text.
    claimed = {section: [0] * (len(text) + 1) for section, (_, text) in parts.items()}
    for table in LOCATED:
        for row in tables[table]:
            for section, offset, length in row.places:
                if offset < len(reach := claimed.get(section, ())):
                    reach[offset] = max(reach[offset], offset + length)
    rows = rows_of(tables)
    for row in tables["sections"]:
        there = rows[row.cells["section"]]
        if row.cells["rows"] != str(there):
            yield row.wrong(
                "rows", f"{there}, the rows whose evidence stands there (is one lost or doubled? else run make locate)"
            )
    for section, (own_heading, text) in parts.items():
        if section == "0":
            continue
        reach = list(accumulate(claimed[section], max))
        begins = max(text.find(own_heading), 0)  # after its own number, where its heading stands in the same line
        for offset, mark in (found for found in marked(text) if found[0] >= begins):
            if offset + len(mark) <= reach[offset]:
                if count is not None:
                    kind = "titles" if mark[0] == "《" else "quoted names" if mark[0] in '“"' else "numbers"
                    count[kind] = count.get(kind, 0) + 1
            else:
                expected = "a row whose locator covers it, or a line in data/uncoded.csv"
                yield Finding(f"article, section {section}", 0, f"character {offset}", mark, expected)


def check_silences(parts, tables):
    """No keyword of a question that the article is said not to touch is printed in its theme."""
    for row in tables.get("silences", ()):
        text = "".join(body for section, (_, body) in parts.items() if section.startswith(f"{row.cells['theme']}."))
        for word in row.cells["keywords"].split(JOIN):
            if normalise(word) in text:
                yield row.wrong("keywords", f"words that section {row.cells['theme']} does not print; {word} stands there")


def runs(text, length):
    """All runs of `length` characters in normalised text without its titles, one after the other."""
    text = TITLE.sub("", normalise(text))
    return (text[i : i + length] for i in range(len(text) - length + 1))


# What a checkout without git may hold beside the project's own files.
MADE = {".git", ".venv", "_build", "__pycache__", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints", ".hypothesis"}


def repository_files(root):
    """The text files of the project: what git tracks or would track, or where `root` is no checkout every file not `MADE`."""

    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout

    try:
        own = Path(git("rev-parse", "--show-toplevel").strip()).samefile(root)
        # Separated by NUL: git quotes names that are not ASCII otherwise.
        paths = [root / name for name in git("ls-files", "-coz", "--exclude-standard").split("\0") if name] if own else None
    except (OSError, subprocess.CalledProcessError):
        paths = None
    if paths is None:
        paths = [path for path in sorted(root.rglob("*")) if not MADE & set(path.relative_to(root).parts)]
    for path in paths:
        if path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def check_prose(article, root, files=None):
    """No file of the repository (or of `files`, pairs of a path under `root` and its text) holds a run of the article's prose
    outside titles."""
    chinese = bool(HAN.search(article))
    length = RUN if chinese else LETTERS
    source = set(runs(article, length))
    for path, text in repository_files(root) if files is None else files:
        found = source.intersection(runs(text, length)) if HAN.search(text) or not chinese else ()
        if found:
            yield Finding(str(path.relative_to(root)), 0, "", min(found), f"no run of {length} characters of the article’s prose")


def locate(parts, folder):
    """Write the locators, lengths, hashes and numbers of rows of the tables in `folder` anew from the article.

    A piece that stands more than once keeps its recorded place if its row's jurisdiction was the last one named there;
    otherwise it takes the first such place, or the first of all.
    """
    tables = read(folder)
    places = {normalise(row.cells["place"]): row.cells["province"] for row in tables["places"]}
    for table in (*LOCATED, "sections", "places"):
        for row in tables[table]:
            if table == "sections":
                text = parts[row.cells["section"]][1]
                rows = rows_of(tables)[row.cells["section"]]
                row.cells.update(characters=str(len(text)), sha256=digest(text), rows=str(rows))
                continue
            if table == "places":
                row.cells["locator"] = first_printed(parts, normalise(row.cells["place"])) or MISSING[2]
                continue
            section = own(row, "section")
            text = parts.get(section, ("", ""))[1]
            now = dict(zip(row.pieces, row.places))
            found = []
            for piece in row.pieces:
                offsets = [m.start() for m in re.finditer(re.escape(piece), text)]
                right = [o for o in offsets if own(row, "province") in ("", named_before(text, o, places))] or offsets
                kept = [o for s, o, _ in [now.get(piece, ("", -1, 0))] if s == section and o in right]
                best = (kept or right or [None])[0]
                found.append(MISSING[2] if best is None else f"{section}@{best}+{len(piece)}")
            row.cells["locator"] = JOIN.join(found) if MISSING[2] not in found else MISSING[2]
        if not tables[table]:
            continue
        with (Path(folder) / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(tables[table][0].cells), lineterminator="\n")
            writer.writeheader()
            writer.writerows(row.cells for row in tables[table])


def prove(parts, tables, exceptions=None, count=None):
    """Every proof but that of prose, of the tables as `read` gives them: {what is proven: findings}."""
    return {
        "hashes, headings and places": list(check_places(parts, tables)),
        "attribution": list(check_attribution(parts, tables, exceptions)),
        "names and kinds": list(check_names(tables)),
        "numbers and years": list(check_numbers(tables)),
        "completeness": list(check_completeness(parts, tables, count)),
        "silences": list(check_silences(parts, tables)),
    }


def check(article, folder=DATA, root=None, changed=None):
    """Run all seven checks of the tables in `folder` against the article's text, after their own validation.

    `changed` names the one table that may not be as it was when all were valid (see `validate`).
    Returns (findings, report): the findings sorted, and the report's lines for a person. Raises ValueError if the
    text is not the article. Tables that cannot be proven because they are no valid tables are findings, too.
    """
    parts, invalid = split(article), validate(folder, changed)
    prose = list(check_prose(article, root or ROOT))
    exceptions, count = [], {}
    try:
        tables = read(folder)
        results = prove(parts, tables, exceptions, count) | {"no prose of the article in the repository": prose}
    except (EvidenceError, KeyError, ValueError):
        if not invalid:
            raise
        findings = sorted({*invalid, *prose})
        lines = ["FAIL  the tables are not valid; they cannot be proven until they are:", *(f"      {f}" for f in findings)]
        return findings, lines
    results = {"tables follow their schema": invalid, **results} if invalid else results
    located = sum(len(row.places) for table in LOCATED for row in tables[table])
    lines = [f"{len(tables['sections'])} sections, {len(tables['practices'])} practices, {located} places in the article"]
    for name, findings in results.items():
        lines.append(f"{'ok  ' if not findings else 'FAIL'}  {name}" + (f": {len(findings)} finding(s)" if findings else ""))
        lines += [f"      {finding}" for finding in findings]
        if name == "attribution":
            lines += [f"      exception: {row.cells['practice']}: {row.cells['exception_en']}" for row in exceptions]
        if name == "completeness":
            lines.append("      accounted for: " + ", ".join(f"{n} {kind}" for kind, n in sorted(count.items())))
            lines.append(f"      left out with a reason: {len(tables['uncoded'])} (data/uncoded.csv)")
    return sorted({finding for findings in results.values() for finding in findings}), lines


def article_file():
    """Where the article's text is looked for: SOURCE, or the shared folder beside the project."""
    return Path(os.environ.get("SOURCE", ROOT.parent / "shared" / "article.txt"))


def no_article(path):
    """What to say where the article is not at hand."""
    return f"no article at {path}; it is its author's and no part of this repository: save its page as text and give SOURCE=path"


def main(arguments=None):
    """Command line: exit code 0 when all is proven, 1 on a finding, 2 when the article cannot be read.

    Without the article the check is skipped, with a line that says so and exit code 0; in CI it may not be.
    """
    parser = argparse.ArgumentParser(prog="casebook source", description="Prove the evidence against the article's text.")
    parser.add_argument("article", type=Path, nargs="?", default=article_file(), help="the article's page, saved as UTF-8 text")
    parser.add_argument("--locate", action="store_true", help="write locators, lengths and hashes into data/ first")
    options = parser.parse_args(arguments)
    if not options.article.exists() and not os.environ.get("CI"):
        print(f"skipped: {no_article(options.article)}")
        return 0
    try:
        article = options.article.read_text(encoding="utf-8")
        parts = split(article)
    except FileNotFoundError:
        print(f"cannot read the article: {no_article(options.article)}", file=sys.stderr)
        return 2
    except UnicodeDecodeError:
        print(f"cannot read the article: {options.article} is not text in UTF-8", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"cannot read the article: {options.article}: {error}", file=sys.stderr)
        return 2
    try:
        if options.locate:
            locate(parts, DATA)
        findings, lines = check(article)
    except EvidenceError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    print("every claim stands where its row says" if not findings else f"{len(findings)} finding(s)")
    return 1 if findings else 0
