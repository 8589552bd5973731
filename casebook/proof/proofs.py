"""Prove the evidence against the article: `make check-source SOURCE=path/to/article.txt`.

One run proves eight things and reports all that is wrong at once:

1. hashes and places: each paragraph has the recorded hash, each locator is where its evidence
   stands;
2. attribution: the last jurisdiction named before the evidence is the row's own (names resolve by
   places.csv), and a figure belongs to the practice whose words it stands in, or whose list it
   counts;
3. names and kinds: a name in the language of the article is its evidence as printed, or names.csv
   says why not; a title's last word is its kind, and what calls itself a draft is one;
4. numbers and years: printed in the row's own evidence, beside their unit, and no printed year is
   left out; a checked year or value is printed in its check;
5. completeness: every title, quoted name and number after the opening is claimed by a row or listed
   in uncoded.csv, and each paragraph has as many rows as sections.csv records;
6. silences: no keyword of a question that the article is said not to touch is printed in its theme;
7. lists and steps: what the article leaves open is in open_lists.csv, and nothing else; the words
   by which a step goes on already stand in its clause;
8. no run of 40 characters of the article's prose (100 where it is written in letters) stands
   anywhere in the repository.

`parts` are the sections of the article (`article.split`), `tables` its rows
(`located.read_tables`).
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections import Counter
from difflib import SequenceMatcher
from itertools import accumulate, chain
from pathlib import Path

from casebook import study
from casebook.evidence import (
    DATA,
    JOIN,
    MISSING,
    NOT_APPLICABLE,
    NOT_MENTIONED,
    EvidenceError,
    Finding,
)
from casebook.evidence.validation import validate
from casebook.proof.article import (
    DATE,
    HAN_CHARACTER,
    MAYBE_YEAR,
    PERIOD,
    PRINTED_NUMBER,
    TITLE,
    YEAR,
    article_file,
    first_printed,
    marked,
    may_be_missing,
    named_before,
    named_in_sentence,
    no_article,
    normalise,
    offsets_of,
    printed_name,
    sentence_start,
    sha256_of,
    split,
    value_of,
)
from casebook.proof.located import (
    locate,
    located_rows,
    places_of_jurisdictions,
    read_tables,
    rows_of_sections,
)
from casebook.study import ROOT, RUN

# About as much as RUN in a language that is written in letters, where a name alone may have 40.
RUN_OF_LETTERS = 100
# What a document is, by the last word of its title (before brackets).
ENDINGS = {
    "plan": ("规划", "计划", "方案", "纲要"),
    "policy": ("意见", "决定", "要点", "任务"),
    "legislation": ("条例", "规定", "办法"),
    "standard": ("标准", "细则", "体系"),
    "report": ("报告",),
}
DRAFT_LAW = re.compile("草案|[Dd]raft")
OF_LISTS = ("practices", "items", "premises", "measures")  # tables whose rows may end a list
CLAUSE_ENDS = "，,；;。.：:"
NOWHERE = ("", 0, 0)  # the place of a row that has none
# What a checkout without git may hold beside the project's own files.
NOT_OF_THE_PROJECT = {
    ".git", ".venv", "_build", "__pycache__", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints",
    ".hypothesis",
}  # fmt: skip


# ---- 1. hashes and places


def check_places(parts, tables):
    """Hashes, headings, locators, and the names of places."""
    recorded = {row.cells["section"] for row in tables["sections"]}
    for section in sorted(parts.keys() - recorded):
        expected = "a row for every section of the article"
        yield Finding("data/sections.csv", 0, "section", section, expected)
    for row in tables["places"]:
        yield from _place(parts, row)
    for row in tables["sections"]:
        yield from _paragraph(parts, row)
    for row in located_rows(tables):
        yield from _locators(parts, row)


def _place(parts, row):
    """A row of places.csv is printed where its locator says."""
    name, (section, offset, length) = normalise(row.cells["place"]), (*row.places, ("", 0, 0))[0]
    printed = parts.get(section, ("", ""))[1][offset : offset + length]
    if name != printed:
        first = first_printed(parts, name)
        at_first = f"{first}, where it prints {name} first"
        yield row.wrong(
            "place", f"a name that the article prints at {row.cells['locator']}, {printed[:RUN]!r}"
        )
        yield row.wrong("locator", at_first if first else "a place; the name is not printed")


def _paragraph(parts, row):
    """A row of sections.csv has the heading, the hash and the length of its paragraph."""
    heading, text = parts.get(row.cells["section"], ("", ""))
    if row.cells["sha256"] != sha256_of(text):
        yield row.wrong("sha256", f"{sha256_of(text)}, the hash of the paragraph in this article")
    if row.cells["characters"] != str(len(text)):
        yield row.wrong("characters", f"{len(text)}, the length of the paragraph in this article")
    if heading and normalise(row.cells[printed_name()]) != heading:
        yield row.wrong(printed_name(), f"the heading as printed, {heading}")


def _locators(parts, row):
    """Each piece of a row's evidence stands in its own section, where its locator says."""
    section, text = row.section, parts.get(row.section, ("", ""))[1]
    if len(row.places) != len(row.pieces):
        column = "evidence" if "evidence" in row.cells else "text"
        unprinted = [
            piece for piece in row.cells[column].split(JOIN) if normalise(piece) not in text
        ]
        for piece in unprinted:
            near = nearest(normalise(piece), text)
            hint = f"nearest, without its blanks: {near!r}"
            yield row.wrong(column, f"what section {section} prints, not {piece!r}; {hint}")
        if not unprinted:
            expected = f"a place for each of {len(row.pieces)} pieces of evidence: run make locate"
            yield row.wrong("locator", expected)
        return
    for piece, (where, offset, length) in zip(row.pieces, row.places):
        printed = text[offset : offset + length]
        if where != section:
            column = "section" if "section" in row.cells else "practice"
            yield row.wrong("locator", f"a place in {section}, the row's own section")
            yield row.wrong(column, f"{where}, where its evidence stands")
        elif printed != piece or offset not in offsets_of(piece, text):
            at = next(iter(offsets_of(piece, text)), None)
            place = f"it stands at {section}@{at}+{len(piece)}"
            hint = "it is not printed there at all" if at is None else place
            yield row.wrong("locator", f"the place of {piece!r} in {section}; {hint}")
            if at is None or length != len(piece):
                column = "evidence" if "evidence" in row.cells else "text"
                yield row.wrong(column, f"what {where}@{offset}+{length} prints, {printed[:RUN]!r}")


def unplaced(row):
    """Whether a row's evidence stands nowhere: it is told so once, as what is wrong with it."""
    return row.cells.get("locator") == NOT_APPLICABLE


def nearest(piece, text):
    """The part of a normalised `text` that is as long as `piece` and has most of it in one run."""
    match = SequenceMatcher(None, text, piece, autojunk=False).find_longest_match()
    start = max(match.a - match.b, 0)
    return text[start : start + len(piece)]


# ---- 2. attribution


def check_attribution(parts, tables):
    """The last jurisdiction named before the evidence is the row's own, or it says why not.

    A date may stand before the jurisdiction that acted on it: it must stand in the sentence of the
    row's other evidence. A member of a list belongs to its practice's jurisdiction, and stands
    after the member before it.
    """
    names, last = places_of_jurisdictions(tables), {}
    for row in tables["items"]:
        before = last.get(row.cells["practice"], -1)
        if row.places and row.places[0][1] <= before:
            yield row.wrong(
                "locator", f"a place after character {before}, where the member before it stands"
            )
        last[row.cells["practice"]] = row.places[0][1] if row.places else before
    for table in ("practices", "figures", "items"):
        for row in tables[table]:
            if not unplaced(row):
                yield from _attributed(parts.get(row.section, ("", ""))[1], row, names)
    yield from _owners(tables)


def is_excused(row):
    """Whether a row says why it is not attributed to the jurisdiction named last."""
    return row.cells.get("exception_en", NOT_APPLICABLE) not in MISSING


def _attributed(text, row, names):
    """A row's evidence in the `text` of its section follows a name of its jurisdiction.

    `names` are all those names.
    """
    placed = [(piece, at) for piece, (_, at, _) in zip(row.pieces, row.places)]
    dates = [at for piece, at in placed if DATE.fullmatch(piece)]
    offsets = [at for piece, at in placed if not DATE.fullmatch(piece)]
    if {sentence_start(text, at) for at in dates} - {sentence_start(text, at) for at in offsets}:
        yield row.wrong(
            "evidence", "a date that stands in the same sentence as the rest of the evidence"
        )
    named = {named_before(text, at, names) for at in offsets}
    if not is_excused(row):
        if named != {row.province}:
            others = ", ".join(sorted(province or "none" for province in named - {row.province}))
            last = "the jurisdiction named last before the evidence (or a written exception)"
            for column in ("province",) if "province" in row.cells else ("locator", "practice"):
                yield row.wrong(column, f"{others}, {last}")
        return
    if named == {row.province}:
        yield row.wrong("exception_en", "no exception: the rule holds for this row")
    if not all(row.province in named_in_sentence(text, at, names) for at in offsets):
        expected = "a jurisdiction that the sentence names before the evidence, exception or not"
        yield row.wrong("province", expected)


def _owners(tables):
    """A figure's number stands in the words of its practice, or right after its list.

    A figure that stands in neither belongs to no practice.
    """
    words = [  # (practice, section, where its words begin and end)
        (row.cells["practice"], section, offset, offset + length)
        for row in tables["practices"]
        for piece, (section, offset, length) in zip(row.pieces, row.places)
        if not DATE.fullmatch(piece)
    ]
    ends = {}  # {practice: (section, offset) where its list ends}
    for row in tables["items"]:
        if row.places:
            section, offset, length = row.places[-1]
            ends[row.cells["practice"]] = (section, offset + length)
    for row in tables["figures"]:
        for piece, (section, offset, length) in zip(row.pieces, row.places):
            if DATE.fullmatch(piece):
                continue
            inside = [
                owner
                for owner, where, start, end in words
                if where == section and start <= offset and offset + length <= end
            ]
            # Between a list and its count stand one or two characters (“and the like”, “these”).
            after = [
                owner
                for owner, (where, end) in ends.items()
                if where == section and 0 <= offset - end < 3
            ]
            owners = inside or after or [NOT_APPLICABLE]
            if row.cells["practice"] not in owners:
                expected = (
                    f"{' or '.join(owners)}: {piece} stands in its words or after its list"
                    if owners != [NOT_APPLICABLE]
                    else f"{NOT_APPLICABLE}: {piece} stands in no practice's words, after no list"
                )
                yield row.wrong("practice", expected)


# ---- 3. names and kinds


def check_names(tables):
    """Every name in the article's language is printed in its evidence, or names.csv says why not.

    What titles say of kind and status holds.
    """
    column = printed_name()
    listed = {row.cells["row"]: row for row in tables["names"]}
    is_printed = {}
    for row in located_rows(tables):
        if column not in row.cells or row.table == "benefits":  # a benefit's name is ours
            continue
        key, name = next(iter(row.cells.values())), normalise(row.cells[column])
        printed = _printed_names(row, name)
        is_printed[key] = name in printed
        if key in listed and normalise(listed[key].cells[column]) != name:
            expected = f"{listed[key].cells[column]}, the name that names.csv gives a reason for"
            yield row.wrong(column, expected)
        elif key not in listed and not is_printed[key] and not unplaced(row):
            names = " or ".join(printed)
            case = ", capital letters too" if name.lower() in map(str.lower, printed) else ""
            expected = (
                f"the name as its evidence prints it{case}, {names} (or a reason in names.csv)"
            )
            yield row.wrong(column, expected)
    for key, row in listed.items():
        if key not in is_printed:
            yield row.wrong("row", f"the id of a row that has a {column}")
        elif is_printed[key]:
            yield row.wrong(
                "row", "a name that is not as printed; this one is, and needs no reason"
            )
    for row in tables["practices"]:
        yield from _kind(row, column)


def _printed_names(row, name):
    """What a row's `name`, normalised, may be as printed: its pieces of evidence but for dates."""
    pieces = [piece for piece in row.pieces if not DATE.fullmatch(piece)]
    if HAN_CHARACTER.search(name):
        return pieces
    # An English name is written without the marks that the article quotes it in.
    return [*pieces, *(piece.strip('“”"') for piece in pieces)]


def _kind(row, column):
    """A law is a draft where its evidence says so, and a title's last word is its kind."""
    name, evidence = normalise(row.cells[column]), row.cells["evidence"]
    draft = DRAFT_LAW.search(evidence) if row.cells["kind"] == "legislation" else None
    if bool(draft) != (row.cells["status"] == "draft"):
        only = "draft only where the evidence of a law says so"
        yield row.wrong("status", f"draft, as its evidence says {draft[0]}" if draft else only)
    if name.startswith("《"):
        title = re.sub(r"\(.*\)|[《》]", "", name)
        kinds = (kind for kind, words in ENDINGS.items() if title.endswith(words))
        kind = next(kinds, row.cells["kind"])
        if row.cells["kind"] != kind:
            yield row.wrong("kind", f"{kind}, by the last word of {row.cells[column]}")


# ---- 4. numbers and years


def check_numbers(tables):
    """Every value and every year is printed in the row's evidence, and no year is left out."""
    for row in tables["figures"]:
        yield from _printed_value(row)
    for row in chain(tables["practices"], tables["figures"]):
        yield from _years(row)
    yield from _checked(tables)


def _printed_value(row):
    """A figure's value is printed in its evidence before its unit."""
    value, unit = float(row.cells["value"]), normalise(row.cells["unit"])
    numbers = [
        (value_of(match[0]), piece[match.end() :].strip("”"))
        for piece in row.pieces
        for match in PRINTED_NUMBER.finditer(piece)
    ]
    # A measure word of one character may have the counted thing after it; a longer unit is all that
    # follows.
    beside = [
        n for n, after in numbers if after == unit or (len(unit) == 1 and after.startswith(unit))
    ]
    if not beside:
        yield row.wrong("unit", f"what follows a number in the evidence {row.cells['evidence']}")
    if value not in beside:
        yield row.wrong(
            "value", f"a number printed before {unit} in the evidence {row.cells['evidence']}"
        )


def _years(row):
    """A row's year and period are those that its evidence prints, else NOT_MENTIONED."""
    evidence = JOIN.join(row.pieces)
    years, period = YEAR.findall(PERIOD.sub("", evidence)), PERIOD.search(evidence)
    year = row.cells["year"]
    if year in MISSING and years:
        yield row.wrong("year", f"{' or '.join(years)}, which the row's own evidence prints")
    for column in {"year", "period_start", "period_end"} & row.cells.keys():
        if row.cells[column] in set(MISSING) - {NOT_MENTIONED}:
            yield row.wrong(column, f"{NOT_MENTIONED}, where the evidence prints none")
    if year not in (*MISSING, *years, *MAYBE_YEAR.findall(evidence)):
        yield row.wrong("year", f"a year printed in the evidence {row.cells['evidence']}")
    for group, column in enumerate(("period_start", "period_end"), start=1):
        bound = row.cells.get(column, NOT_MENTIONED)
        if bound not in MISSING and (not period or bound != period[group]):
            yield row.wrong(column, f"a period printed in the evidence {row.cells['evidence']}")
        if bound in MISSING and period and column in row.cells:
            yield row.wrong(column, f"{period[group]}, which the row's own evidence prints")


def _checked(tables):
    """What a check is said to state is printed in it: years and values, numbers and dates."""
    language = study.article()["language"]
    columns = (f"claim_{language}", f"finding_{language}")
    checks = {
        row.cells["check"]: normalise("".join(row.cells[column] for column in columns))
        for row in tables["source_checks"]
    }
    for row in tables["checked_rows"]:
        text = checks.get(row.cells["check"], "")
        where = f"{' or '.join(columns)} of {row.cells['check']} prints"
        year, value = row.cells["year"], row.cells["value"]
        if year not in MISSING and year not in re.findall(r"(?<!\d)\d{4}(?!\d)", text):
            yield row.wrong("year", f"a year that {where}")
        if value not in MISSING and float(value) not in map(value_of, PRINTED_NUMBER.findall(text)):
            yield row.wrong("value", f"a number that {where}")
    for row in tables["source_values"]:
        text = checks.get(row.cells["check"], "")
        where = f"{' or '.join(columns)} of {row.cells['check']} prints"
        value, date = row.cells["number"], row.cells["date"]
        if value not in MISSING and float(value) not in map(value_of, PRINTED_NUMBER.findall(text)):
            yield row.wrong("number", f"a number that {where}")
        printed = {int(digits) for digits in re.findall(r"\d+", text)}
        if date not in MISSING and not {int(part) for part in date.split("-")} <= printed:
            yield row.wrong("date", f"a date that {where}")


# ---- 5. completeness


def check_completeness(parts, tables):
    """Every title, quoted name and number after the opening lies within a claimed place."""
    counts = rows_of_sections(tables)
    for row in tables["sections"]:
        count = counts[row.cells["section"]]
        if row.cells["rows"] != str(count):
            hint = "is one lost or doubled? else run make locate"
            yield row.wrong("rows", f"{count}, the rows whose evidence stands there ({hint})")
    for section, offset, mark, is_claimed in _marks(parts, tables):
        if not is_claimed:
            expected = "a row whose locator covers it, or a line in data/uncoded.csv"
            yield Finding(f"article, section {section}, character {offset}", 0, "", mark, expected)


def accounted_for(parts, tables):
    """How many titles, quoted names and numbers of the article are claimed: a Counter."""
    kinds = {"《": "titles", "“": "quoted names", '"': "quoted names"}
    marks = (mark for _, _, mark, is_claimed in _marks(parts, tables) if is_claimed)
    return Counter(kinds.get(mark[0], "numbers") for mark in marks)


def _marks(parts, tables):
    """What a reader would ask for after the opening: (section, offset, text, is claimed).

    A row of a table, or of uncoded.csv, claims it.
    """
    # For each character of a section, how far a claimed place reaches that begins there; a locator
    # may be out of the text.
    claimed = {section: [0] * (len(text) + 1) for section, (_, text) in parts.items()}
    rows = (row for row in located_rows(tables) if row.table != "benefits")
    for section, offset, length in (place for row in rows for place in row.places):
        if offset < len(reach := claimed.get(section, ())):
            reach[offset] = max(reach[offset], offset + length)
    for section, (heading, text) in parts.items():
        if section == "0":
            continue
        reach = list(accumulate(claimed[section], max))
        # After its own number, where its heading stands in the same line.
        start = max(text.find(heading), 0)
        for offset, mark in marked(text):
            if offset >= start:
                yield section, offset, mark, offset + len(mark) <= reach[offset]


# ---- 6. silences


def check_silences(parts, tables):
    """No keyword of a question that the article is said not to touch is printed in its theme."""
    for row in tables.get("silences", ()):
        theme = row.cells["theme"]
        text = "".join(
            body for section, (_, body) in parts.items() if section.startswith(f"{theme}.")
        )
        for word in row.cells["keywords"].split(JOIN):
            if normalise(word) in text:
                yield row.wrong(
                    "keywords", f"words that section {theme} does not print; {word} stands there"
                )


# ---- 7. lists and steps


def check_lists(parts, tables):
    """The rows of open_lists.csv are those after whose evidence a word leaves the list open."""
    listed = {row.cells["row"]: row for row in tables.get("open_lists", ())}
    markers = {row.cells["marker"] for row in listed.values()}
    for row in located_rows(tables):
        key, (section, offset, length) = next(iter(row.cells.values())), (NOWHERE, *row.places)[-1]
        after = parts.get(section, ("", ""))[1][offset + length :]
        marker = listed.pop(key).cells["marker"] if key in listed else ""
        if marker and not after.startswith(marker):
            yield row.wrong("locator", f"a place before {marker}, as open_lists.csv says")
        elif not marker and row.table in OF_LISTS and after.startswith((*markers,)):
            yield row.wrong("locator", "a row in open_lists.csv: the article leaves its list open")
    for row in listed.values():
        yield row.wrong("row", "the id of a row with evidence")


def check_steps(parts, tables):
    """The words by which a step goes on already are printed in the clause of its evidence."""
    for row in tables["measures"]:
        words, (section, offset, length) = row.cells["continues"], (*row.places, NOWHERE)[0]
        text = parts.get(section, ("", ""))[1]
        start = max(text.rfind(mark, 0, offset) for mark in CLAUSE_ENDS) + 1
        for word in words.split(JOIN) if words not in MISSING else ():
            if normalise(word) not in text[start : offset + length]:
                yield row.wrong("continues", f"words of its clause, {text[start : offset + 4]}…")


# ---- 8. no prose of the article


def check_prose(article, root, files=None):
    """No file of the repository holds a run of the article's prose outside titles.

    `files`, if given, are those to look at: pairs of a path under `root` and its text.
    """
    chinese = bool(HAN_CHARACTER.search(article))
    length = RUN if chinese else RUN_OF_LETTERS
    prose = set(_runs(article, length))
    for path, text in project_files(root) if files is None else files:
        if chinese and not HAN_CHARACTER.search(text):
            continue
        if quoted := prose.intersection(_runs(text, length)):
            expected = f"no run of {length} characters of the article’s prose"
            yield Finding(str(path.relative_to(root)), 0, "", min(quoted), expected)


def _runs(text, length):
    """All runs of `length` characters in normalised text without its titles."""
    text = TITLE.sub("", normalise(text))
    return (text[i : i + length] for i in range(len(text) - length + 1))


def project_files(root):
    """The text files of the project as (path, text): what git tracks or would track.

    Where `root` is no checkout, every file but those NOT_OF_THE_PROJECT.
    """
    # Separated by NUL: git quotes names that are not ASCII otherwise.
    listing = ["git", "ls-files", "-coz", "--exclude-standard"]
    listed = None
    if (root / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(listing, cwd=root, capture_output=True, text=True)
    if listed and listed.returncode == 0:
        paths = [root / name for name in listed.stdout.split("\0")]
    else:
        paths = [
            path
            for path in sorted(root.rglob("*"))
            if not NOT_OF_THE_PROJECT & set(path.relative_to(root).parts)
        ]
    for path in paths:
        if path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


# ---- all of them


def prove(parts, tables):
    """Every proof but that of prose: {what is proven: findings}."""
    return {
        "hashes, headings and places": list(check_places(parts, tables)),
        "attribution": list(check_attribution(parts, tables)),
        "names and kinds": list(check_names(tables)),
        "numbers and years": list(check_numbers(tables)),
        "completeness": list(check_completeness(parts, tables)),
        "silences": list(check_silences(parts, tables)),
        "open lists and steps that go on": [
            *check_lists(parts, tables),
            *check_steps(parts, tables),
        ],
    }


def prove_all(article, folder=DATA, root=None, changed=None):
    """Run all proofs of the tables in `folder`, after their own validation.

    `changed` names the one table that may not be as it was when all were valid (see `validate`).
    Returns (findings, report): the findings sorted, and the report's lines for a person. Raises
    ValueError if the text is not the article. Tables that cannot be proven because they are no
    valid tables are findings, too.
    """
    parts, invalid = split(article), validate(folder, changed)
    prose = list(check_prose(article, root or ROOT))
    try:
        tables = read_tables(folder)
        results = prove(parts, tables) | {"no prose of the article in the repository": prose}
        notes = _notes(parts, tables)
    except (EvidenceError, KeyError, ValueError):
        if not invalid:
            raise
        findings = sorted({*invalid, *prose})
        first = "FAIL  the tables are not valid; they cannot be proven until they are:"
        return findings, [first, *(f"      {finding}" for finding in findings)]
    unplaced_rows = ("locator", NOT_APPLICABLE)  # see `unplaced`
    invalid = [finding for finding in invalid if (finding.column, finding.value) != unplaced_rows]
    results = {"tables follow their schema": invalid, **results} if invalid else results
    places = sum(len(row.places) for row in located_rows(tables))
    counts = f"{len(tables['sections'])} sections, {len(tables['practices'])} practices"
    lines = [f"{counts}, {places} places in the article"]
    for name, findings in results.items():
        count = f": {len(findings)} finding(s)" if findings else ""
        lines.append(f"{'FAIL' if findings else 'ok  '}  {name}{count}")
        lines += [f"      {line}" for line in (*findings, *notes.get(name, ()))]
    return sorted({finding for findings in results.values() for finding in findings}), lines


def _notes(parts, tables):
    """What the report says under a proof besides its findings: {what is proven: lines}."""
    excused = [
        row
        for table in ("practices", "figures", "items")
        for row in tables[table]
        if is_excused(row)
    ]
    counts = sorted(accounted_for(parts, tables).items())
    return {
        "attribution": [
            f"exception: {row.cells['practice']}: {row.cells['exception_en']}" for row in excused
        ],
        "completeness": [
            "accounted for: " + ", ".join(f"{n} {kind}" for kind, n in counts),
            f"left out with a reason: {len(tables['uncoded'])} (data/uncoded.csv)",
        ],
    }


def main(arguments=None):
    """Command line. Returns 0 when all is proven, 1 on a finding, 2 without a readable article.

    Without the article the check is skipped, with a line that says so and exit code 0, where it may
    be (`article.may_be_missing`).
    """
    parser = argparse.ArgumentParser(
        prog="casebook source", description="Prove the evidence against the article's text."
    )
    parser.add_argument(
        "article",
        type=Path,
        nargs="?",
        default=article_file(),
        help="the article's page, saved as UTF-8 text",
    )
    parser.add_argument(
        "--locate", action="store_true", help="write locators, lengths and hashes into data/ first"
    )
    options = parser.parse_args(arguments)
    if not options.article.exists() and may_be_missing():
        print(f"skipped: {no_article(options.article)}")
        return 0
    try:
        article = options.article.read_text(encoding="utf-8")
        parts = split(article)
    except (OSError, ValueError) as error:
        reasons = {
            FileNotFoundError: no_article(options.article),
            UnicodeDecodeError: f"{options.article} is not text in UTF-8",
        }
        reason = reasons.get(type(error), f"{options.article}: {error}")
        print(f"cannot read the article: {reason}", file=sys.stderr)
        return 2
    try:
        if options.locate:
            locate(parts, DATA)
        findings, lines = prove_all(article)
    except EvidenceError as error:
        print(error, file=sys.stderr)
        return 1
    end = f"{len(findings)} finding(s)" if findings else "every claim stands where its row says"
    print(*lines, end, sep="\n")
    return 1 if findings else 0
