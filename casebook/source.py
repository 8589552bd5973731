"""Prove the evidence against the article: `make check-source SOURCE=path/to/article.txt`.

The article is its author's and is not part of the project, so this check reads it from outside. Text is compared
after NFKC and removal of white space. One run proves six things and reports all that is wrong at once:

1. hashes and places: each paragraph has the recorded hash, each locator is where its evidence stands;
2. attribution: the last jurisdiction named before the evidence is the row's own (names resolve by places.csv);
3. numbers and years: printed in the row's own evidence, beside their unit;
4. completeness: every title, quoted name and number of sections 1 to 5 is claimed by a row or listed in uncoded.csv;
5. silences: no keyword of a question that the article is said not to touch is printed in its theme;
6. no run of 40 characters of the article's prose stands anywhere in the repository.
"""

import argparse
import csv
import hashlib
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from casebook.command import run
from casebook.evidence import DATA, JOIN, MISSING, EvidenceError, Finding, read_rows, validate

RUN = 40
LOCATED = ("practices", "figures", "items", "premises", "recommendations", "measures", "uncoded")
HEADING = re.compile(r"^[一二三四五]、(.+)$")
SUBHEADING = re.compile(r"^\([一二三]\)(.+)$")
LESSON = re.compile(r"^[一二三四]是([^。]+)。")
TITLE = re.compile(r"《[^》]*》")
QUOTED = re.compile(r"“[^”]*”")
DATE = re.compile(r"\d{4}年(\d{1,2}月|末)?")
HAN = re.compile(r"[\u4e00-\u9fff]")
HAN_NUMERALS = {n: i for i, n in enumerate("零一二三四五六七八九")} | {"十": 10}
# A number: Arabic digits, or Chinese numerals before a measure word. The measure words are those that the article counts with.
NUMBER = re.compile(r"\d+(?:\.\d+)?万?|[一二三四五六七八九十百千万]+(?=[项个大部条])")


def normalise(text):
    """`text` after NFKC, without any white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def digest(text):
    """SHA-256 of normalised text, as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def split(article):
    """The article's text by section: a dict from number (`0`, `1`, `1.1` … `5.4`) to (heading, normalised text).

    Sections 1 to 5 hold their heading only; 0 and 5.0 are paragraphs without a heading. Raises ValueError if
    the text has not the expected parts.
    """
    parts, theme, last = {}, 0, None
    for line in filter(None, map(normalise, article.splitlines())):
        if heading := HEADING.match(line):
            theme += 1
            last = str(theme)
            parts[last] = (heading[1], heading[1])
        elif theme and (sub := SUBHEADING.match(line)):
            number = sum(key.startswith(f"{theme}.") for key in parts) + 1
            last = f"{theme}.{number}"
            parts[last] = (sub[1], "")
        elif theme == 5 and (lesson := LESSON.match(line)):
            number = sum(key.startswith("5.") for key in parts)
            parts[f"5.{number}"] = (lesson[1], line)
        elif last == "5" and "5.0" not in parts:
            parts["5.0"] = ("", line)
        elif theme and last and last in parts and not parts[last][1]:
            parts[last] = (parts[last][0], line)
        elif not theme and len(line) > 100:
            parts["0"] = ("", line)
    expected = {"0", *"12345", *(f"{t}.{s}" for t in range(1, 5) for s in range(1, 4)), *(f"5.{s}" for s in range(5))}
    if set(parts) != expected:
        lost = ", ".join(sorted(expected - set(parts))) or "none"
        raise ValueError(f"this is not the article, whose opening and sections 1 to 5.4 were looked for; not found: {lost}")
    return parts


def number(text):
    """The value of a number as the article prints it (`86.3万`, `十`, `250`), or None."""
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)(万?)", text):
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

    @property
    def pieces(self):
        """Its pieces of evidence, normalised."""
        return [normalise(piece) for piece in self.cells.get("evidence", self.cells.get("text", "")).split(JOIN)]

    @property
    def places(self):
        """Its locators as (section, offset, length)."""
        found = re.findall(r"(\d(?:\.\d)?)@(\d+)\+(\d+)", self.cells["locator"])
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
    missing = {*LOCATED, "sections", "places"} - set(tables)
    findings += [Finding(f"{table}.csv", 0, "", "no such file", "a table of the evidence") for table in sorted(missing)]
    if findings:
        raise EvidenceError(findings)
    return tables


def own(row, tables, column):
    """A row's section or province; an item has its practice's. Empty where there is none."""
    if column in row.cells or "practice" not in row.cells:
        return row.cells.get(column, "")
    return next((p.cells[column] for p in tables["practices"] if p.cells["practice"] == row.cells["practice"]), "")


def check_places(parts, tables):
    """Hashes, headings, locators, and the names of places."""
    for section in sorted(parts.keys() - {row.cells["section"] for row in tables["sections"]}):
        yield Finding("data/sections.csv", 0, "section", section, "a row for every section of the article")
    whole = "".join(text for _, text in parts.values())
    for row in tables["places"]:
        if normalise(row.cells["place"]) not in whole:
            yield row.wrong("place", "a name that the article prints")
    for row in tables["sections"]:
        heading, text = parts.get(row.cells["section"], ("", ""))
        if row.cells["sha256"] != digest(text):
            yield row.wrong("sha256", f"{digest(text)}, the hash of the paragraph in this article")
        if row.cells["characters"] != str(len(text)):
            yield row.wrong("characters", f"{len(text)}, the length of the paragraph in this article")
        if heading and normalise(row.cells["name_zh"]) != heading:
            yield row.wrong("name_zh", f"the heading as printed, {heading}")
    for table in LOCATED:
        for row in tables[table]:
            section = own(row, tables, "section")
            text = parts.get(section, ("", ""))[1]
            if len(row.places) != len(row.pieces):
                yield row.wrong("locator", f"a place for each of {len(row.pieces)} piece(s) of evidence")
                continue
            for piece, (where, offset, length) in zip(row.pieces, row.places):
                if where != section:
                    yield row.wrong("locator", f"a place in {section}, the row's own section")
                elif text[offset : offset + length] != piece:
                    there = text.find(piece)
                    hint = f"it stands at {section}@{there}+{len(piece)}" if there >= 0 else "it is not printed there at all"
                    yield row.wrong("locator", f"the place of {piece!r} in {section}; {hint}")
            if "name_zh" in row.cells and table == "practices":
                titles = TITLE.findall(normalise(row.cells["evidence"]))
                if titles and normalise(row.cells["name_zh"]) != titles[0]:
                    yield row.wrong("name_zh", f"the title as printed, {titles[0]}")


def named_before(text, offset, places):
    """The jurisdiction named last at or before `offset`, or None. `places` maps a name to a jurisdiction."""
    # Of two names that begin at one place the longer is meant.
    named = [
        (found.start(), len(name), province)
        for name, province in places.items()
        for found in re.finditer(re.escape(name), text)
        if found.start() <= offset
    ]
    return max(named)[2] if named else None


def sentence(text, offset):
    """The number of the sentence that `offset` stands in."""
    return text.count("。", 0, offset)


def named_in_sentence(text, offset, places):
    """All jurisdictions named in the sentence of `offset`, before it."""
    start = text.rfind("。", 0, offset) + 1
    return {province for name, province in places.items() if name in text[start:offset]}


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
            text = parts.get(own(row, tables, "section"), ("", ""))[1]
            province = own(row, tables, "province")
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
                column = "province" if "province" in row.cells else "locator"
                yield row.wrong(column, f"{others}, the jurisdiction named last before the evidence (or a written exception)")


def check_numbers(tables):
    """Every value and every year is printed in the row's own evidence, beside its unit."""
    for row in tables["figures"]:
        value, unit = float(row.cells["value"]), normalise(row.cells["unit"])
        printed = [m[0] for piece in row.pieces for m in NUMBER.finditer(piece) if piece[m.end() :].startswith(unit)]
        if value not in [number(text) for text in printed]:
            yield row.wrong("value", f"a number printed before {unit} in the evidence {row.cells['evidence']}")
    for table in ("practices", "figures"):
        for row in tables[table]:
            evidence = JOIN.join(row.pieces)
            dates = {piece[:4] for piece in row.pieces if DATE.fullmatch(piece)}
            if row.cells["year"] in MISSING and dates:
                yield row.wrong("year", f"{' or '.join(sorted(dates))}, which the row's own evidence prints")
            if row.cells["year"] not in MISSING and not re.search(rf"{row.cells['year']}(年|版)", evidence):
                yield row.wrong("year", f"a year printed in the evidence {row.cells['evidence']}")
            start, end = row.cells.get("period_start", MISSING[0]), row.cells.get("period_end", MISSING[0])
            if start not in MISSING and f"{start}-{end}年" not in evidence:
                yield row.wrong("period_start", f"a period printed in the evidence {row.cells['evidence']}")


def marked(text):
    """What a reader would ask for in a paragraph: its titles, quoted names and numbers, as (offset, text)."""
    for pattern in (TITLE, QUOTED, NUMBER):
        for found in pattern.finditer(text):
            yield found.start(), found[0]


def check_completeness(parts, tables, count=None):
    """Every title, quoted name and number of sections 1 to 5 lies within a claimed place.

    `count`, if given, is a dict that receives how many of each kind were accounted for.
    """
    claimed = {}
    for table in LOCATED:
        for row in tables[table]:
            for section, offset, length in row.places:
                claimed.setdefault(section, []).append((offset, offset + length))
    for section, (_, text) in parts.items():
        if section == "0":
            continue
        for offset, mark in marked(text):
            if any(start <= offset and offset + len(mark) <= end for start, end in claimed.get(section, ())):
                if count is not None:
                    kind = "titles" if mark[0] == "《" else "quoted names" if mark[0] == "“" else "numbers"
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


def runs(text, length=RUN):
    """All runs of `length` characters in normalised text without its titles."""
    text = TITLE.sub("", normalise(text))
    return {text[i : i + length] for i in range(len(text) - length + 1)}


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


def check_prose(article, root):
    """No file of the repository holds a run of the article's prose outside titles."""
    source = runs(article)
    for path, text in repository_files(root):
        if HAN.search(text):
            found = runs(text) & source
            if found:
                yield Finding(
                    str(path.relative_to(root)), 0, "", min(found), f"no run of {RUN} characters of the article’s prose"
                )


def locate(parts, folder):
    """Write the locators, lengths and hashes of the tables in `folder` anew from the article.

    A piece that stands more than once keeps its recorded place if its row's jurisdiction was the last one named there;
    otherwise it takes the first such place, or the first of all.
    """
    tables = read(folder)
    places = {normalise(row.cells["place"]): row.cells["province"] for row in tables["places"]}
    for table in (*LOCATED, "sections"):
        for row in tables[table]:
            if table == "sections":
                text = parts[row.cells["section"]][1]
                row.cells.update(characters=str(len(text)), sha256=digest(text))
                continue
            section = own(row, tables, "section")
            text = parts.get(section, ("", ""))[1]
            now = dict(zip(row.pieces, row.places))
            found = []
            for piece in row.pieces:
                offsets = [m.start() for m in re.finditer(re.escape(piece), text)]
                right = [o for o in offsets if own(row, tables, "province") in ("", named_before(text, o, places))] or offsets
                kept = [o for s, o, _ in [now.get(piece, ("", -1, 0))] if s == section and o in right]
                best = (kept or right or [None])[0]
                found.append(MISSING[2] if best is None else f"{section}@{best}+{len(piece)}")
            row.cells["locator"] = JOIN.join(found) if MISSING[2] not in found else MISSING[2]
        with (Path(folder) / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(tables[table][0].cells), lineterminator="\n")
            writer.writeheader()
            writer.writerows(row.cells for row in tables[table])


def check(article, folder=DATA, root=None):
    """Run all six checks of the tables in `folder` against the article's text, after their own validation.

    Returns (findings, report): the findings sorted, and the report's lines for a person. Raises ValueError if the
    text is not the article. Tables that cannot be proven because they are no valid tables are findings, too.
    """
    parts, invalid = split(article), validate(folder)
    prose = list(check_prose(article, root or DATA.parent))
    try:
        tables = read(folder)
        exceptions, count = [], {}
        results = {
            "hashes, headings and places": list(check_places(parts, tables)),
            "attribution": list(check_attribution(parts, tables, exceptions)),
            "numbers and years": list(check_numbers(tables)),
            "completeness": list(check_completeness(parts, tables, count)),
            "silences": list(check_silences(parts, tables)),
            "no prose of the article in the repository": prose,
        }
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


def no_article(path):
    """What to say where the article is not at hand."""
    return f"no article at {path}; it is its author's and no part of this repository: save its page as text and give SOURCE=path"


def main(arguments=None):
    """Command line: exit code 0 when all is proven, 1 on a finding, 2 when the article cannot be read.

    Without the article the check is skipped, with a line that says so and exit code 0; in CI it may not be.
    """
    parser = argparse.ArgumentParser(prog="casebook.source", description="Prove the evidence against the article's text.")
    parser.add_argument("article", type=Path, help="the article's page, saved as UTF-8 text")
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


if __name__ == "__main__":
    run(main)
