"""Renew the reference notebooks after an intended change, and say in words what changed.

`tests/notebooks/` holds the code cells of every chapter, executed, and a folder of them for every
other edition. nbval replays them and compares every output. The files are the same bytes on every
machine: stable cell ids, no times, no versions. `data.json` beside them holds a digest of every
cell of the tables that they were made from: a changed cell is named even where no chapter shows it.
`addresses.json` has the address of every row that was ever accepted, so that none dies unnoticed.
Only chapters that depend on what changed are executed (casebook.chapters).
"""

import argparse
import csv
import io
import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from operator import ne
from pathlib import Path

import nbformat

from casebook import chapters, evidence
from casebook.addresses import of_check, of_row
from casebook.charts.frame import drawings, frame_of
from casebook.command import Problem
from casebook.evidence import DATA, Finding
from casebook.evidence.clean import read_rows
from casebook.evidence.findings import quoted
from casebook.evidence.valid import assure
from casebook.proof.article import sha256_of
from casebook.site import retired
from casebook.study import ROOT, put
from casebook.words import SOURCE, editions

REFERENCES = ROOT / "tests" / "notebooks"
STATE = "data.json"  # in that folder: the digests of the data that the notebooks were made from
PUBLISHED = "addresses.json"  # and the addresses of rows that were ever accepted
NAMED_CHANGES = 12  # changes named for one cell, where all lines are asked for
LINES = 15  # of what a run says, where not
WIDTH = 160  # characters of a line that are shown, from just before the first difference
COMMITS = 20  # of a table's last ones in which its accepted text is looked for
MEANT = "as accepted (run make accept if the change is meant)"


def reference_notebooks(language=SOURCE):
    """The folder of an edition's reference notebooks."""
    return REFERENCES if language == SOURCE else REFERENCES / language


def edition_of(path):
    """The edition whose reference notebook stands at `path`."""
    return SOURCE if path.parent == REFERENCES else path.parent.name


def notebook_name(path):
    """A reference notebook's name for a person: the chapter's, after the folder of its edition."""
    return path.relative_to(REFERENCES).with_suffix("").as_posix()


def chart_lines(spec):
    """A chart as short lines to compare.

    They are its frame, each field of each drawn row under the row's own name, and its marks.
    """
    lines = []
    if frame := frame_of(spec):
        lines = [f"{part}: {frame[part]}" for part in ("finding", "counted", "caveat")]
        spec = drawings(spec)[0]
    lines.append(f"description: {spec.get('description')}")
    apart = {"datasets", "usermeta", "description", "title"}
    marks = {key: value for key, value in spec.items() if key not in apart}
    marks = json.dumps(marks, sort_keys=True)
    for number, (name, rows) in enumerate(spec.get("datasets", {}).items()):
        # The name is a hash of the rows, which are compared themselves.
        marks = marks.replace(name, f"data {number}")
        for row in rows:
            titles = (str(row[key]) for key in ("tip", "text", "row", "head") if key in row)
            title = next(titles, "row")
            lines += [f"{title} · {field}: {value}" for field, value in sorted(row.items())]
    return [*lines, f"marks: {marks}"]


def in_lines(output):
    """An output as lines to compare: HTML by its words, a chart by its frame and rows."""
    data = output.get("data", {})
    for mime, content in data.items():
        if mime.endswith("+json"):
            return chart_lines(json.loads(content) if isinstance(content, str) else content)
    if "text/html" in data:
        markup = re.sub(r"<style>.*?</style>", "", "".join(data["text/html"]))
        text = re.sub(r"<[^>]+>", "", re.sub(r"</(tr|td|th|caption|p|li|summary)>", "\n", markup))
        return [line.strip() for line in text.splitlines() if line.strip()] or [markup]
    return "".join(data.get("text/plain", output.get("text", str(output)))).splitlines()


def cut(line, start=0):
    """The part of a line that is shown, from shortly before the character `start`."""
    start = max(0, start - 40)
    end = start + WIDTH
    return ("…" if start else "") + line[start:end] + ("…" if len(line) > end else "")


def changes_of(name, old, new):
    """What differs between two executed notebooks, in lines: chapter, cell, old, new."""
    lines = []
    if len(old.cells) != len(new.cells):
        lines.append(f"{name}: {len(old.cells)} code cells before, {len(new.cells)} now")
    for number, (before, after) in enumerate(zip(old.cells, new.cells), start=1):
        place = f"{name}, cell {number}"
        if before.source != after.source:
            lines.append(f"{place}: its code changed")
        if before.outputs == after.outputs:
            continue
        was, now_is = (
            Counter(line for output in cell.outputs for line in in_lines(output))
            for cell in (before, after)
        )
        if was == now_is:
            lines.append(f"{place}: only the order or the markup changed")
        cell_lines = []
        lost, added = (was - now_is).elements(), (now_is - was).elements()
        for left, right in zip_longest(lost, added):
            pairs = enumerate(zip(left or "", right or ""))
            start = next((index for index, (one, other) in pairs if one != other), 0)
            cell_lines += [
                f"{place}: {which}: {cut(text, start)}"
                for which, text in (("old", left), ("new", right))
                if text is not None
            ]
        lines += cell_lines[: 2 * NAMED_CHANGES]
        if len(cell_lines) > 2 * NAMED_CHANGES:
            lines.append(f"{place}: and {len(cell_lines) - 2 * NAMED_CHANGES} lines more")
    return lines


def short_digest(text):
    """The first eight characters of a text's SHA-256: they tell a change, and not the text."""
    return sha256_of(text)[:8]


def accepted_state(folder=DATA):
    """What a run of `make accept` accepts of a folder of data, without the data: {file: state}.

    A table's state is {"columns": "name name …", "rows": {key: "digest digest …"}}: a digest of
    each cell, by the row's primary key, in order. Another file's is {"lines": [digest]}. Raises
    EvidenceError if datapackage.json or a table cannot be read.
    """
    folder, state, findings = Path(folder), {}, []
    for resource in evidence.descriptor(folder)["resources"]:
        header, records, wrong = read_rows(folder / resource["path"])
        findings += wrong
        records = by_key(header, records, resource["schema"]["primaryKey"])
        rows = {key: " ".join(map(short_digest, record)) for key, record in records.items()}
        state[resource["path"]] = {"columns": " ".join(header), "rows": rows}
    if findings:
        raise evidence.EvidenceError(findings)
    for path in (folder / "datapackage.json", folder / "references.bib"):
        lines = path.read_text(encoding="utf-8").split("\n")
        state[path.name] = {"lines": [short_digest(line) for line in lines]}
    return state


def by_key(header, records, primary):
    """The records of a table by their primary key, in order: {key: record}.

    A row without a key, or with one that several rows have, stands under its place.
    """
    places = [header.index(name) for name in primary if name in header]
    keys = [
        " / ".join(record[place] for place in places if place < len(record)) for record in records
    ]
    count = Counter(keys)
    return {
        key if key and count[key] == 1 else f"{key} (row {number})": record
        for number, (key, record) in enumerate(zip(keys, records), start=2)
    }


@dataclass(frozen=True)
class Change:
    """One difference between the data and what was accepted of them."""

    file: str
    row: int  # line in the file now; 0 where the file or a row that is lost is meant
    column: str  # empty where the whole row, line or file is meant
    key: str  # what names the row; empty for a line or a file
    now: str  # the cell, line or key as it is
    expected: str  # what was accepted, in words
    was: str = ""  # the digest of the accepted cell

    def finding(self):
        """The change as something that is wrong: a Finding."""
        return Finding(self.file, self.row, self.column, self.now, self.expected)

    def __str__(self):
        """The change as something that was meant: row, field, old and new."""
        place = self.file + (f", row {self.row}" if self.row else "")
        if not self.column:
            what = self.expected.partition(", not as accepted")[0].removeprefix("this row: ")
            return f"{place}: {quoted(self.now)}: {what}"
        key = f" ({self.key})" if self.key else ""
        old = accepted_text(self)
        old = "(no longer at hand)" if old is None else quoted(old)
        return f"{place}{key}, {self.column}: {old} → {quoted(self.now)}"


def accepted_text(change):
    """The accepted text of a changed cell; None where the table's last commits do not have it."""

    def git(*command):
        command = ["git", *command]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
        return run.stdout if run.returncode == 0 else ""

    path, tables = f"data/{change.file}", evidence.descriptor()["resources"]
    schema = next(table["schema"] for table in tables if table["path"] == change.file)
    try:
        for commit in git("log", f"--max-count={COMMITS}", "--format=%H", "--", path).split():
            header, *records = csv.reader(io.StringIO(git("show", f"{commit}:./{path}")))
            record = by_key(header, records, schema["primaryKey"]).get(change.key)
            cell = record[header.index(change.column)] if record and change.column in header else ""
            if short_digest(cell) == change.was:
                return cell
    except (OSError, ValueError):  # no git, or a table that was none
        pass
    return None


def changes(folder=DATA, accepted=None):
    """What differs in `folder` from what was accepted: a Change for each cell, row and line.

    `accepted` is as `accepted_state` gives it, and without it what data.json has. Raises
    EvidenceError if a table cannot be read.
    """
    accepted = accepted or json.loads((REFERENCES / STATE).read_text(encoding="utf-8"))
    state, differing = accepted_state(folder), []
    for file in sorted(accepted.keys() | state.keys()):
        path, old, new = Path(folder) / file, accepted.get(file), state.get(file)
        if not old or not new:
            what = "a file lost" if old else "a file added"
            differing.append(Change(file, 0, "", "", what, MEANT))
        elif "lines" in old:
            differing += _changed_lines(path, old["lines"], new["lines"])
        elif old["columns"] != new["columns"]:
            expected = f"the columns {old['columns']}, {MEANT}"
            differing.append(Change(file, 1, "", "", new["columns"], expected))
        else:
            differing += _changed_rows(path, old["rows"], new)
    return differing


def unaccepted(folder=DATA, accepted=None):
    """Findings on what differs from what was accepted, or on what cannot be read."""
    try:
        return [change.finding() for change in changes(folder, accepted)]
    except evidence.EvidenceError as error:
        return error.findings


def _changed_lines(path, old, new):
    """The Change of each line that is not where it was; lost lines have the place of the next one.

    `old` and `new` are the lines' digests.
    """
    text = path.read_text(encoding="utf-8").split("\n")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "delete":
            lost = f"{end - start} line(s) lost"
            yield Change(path.name, first + 1, "", "", lost, MEANT)
        elif tag != "equal":
            for line in range(first, last):
                yield Change(path.name, line + 1, "", "", text[line], MEANT)


def _renamed(old, rows):
    """Rows whose key alone changed: {key: accepted key}.

    Such a row stands in the place of a lost one and has most of its cells.
    """
    return {
        key: old_key
        for (key, cells), (old_key, old_cells) in zip(rows.items(), old.items())
        if key not in old
        and old_key not in rows
        and sum(map(ne, cells.split(), old_cells.split())) <= max(1, len(cells.split()) // 2)
    }


def _changed_rows(path, old, new):
    """The Change of each cell, row or place of a table.

    `old` has the accepted rows, `new` the table's state, see `accepted_state`.
    """
    records, rows, columns = read_rows(path)[1], new["rows"], new["columns"].split(" ")
    line = {key: number for number, key in enumerate(rows, start=2)}
    renamed = _renamed(old, rows)
    for key, digests in rows.items():
        old_key = renamed.get(key, key)
        if old_key not in old:
            expected = f"no such row: it was added, not {MEANT}"
            yield Change(path.name, line[key], "", key, key, expected)
        elif digests != old[old_key]:
            cells = zip(
                columns, records[line[key] - 2], digests.split(" "), old[old_key].split(" ")
            )
            for column, cell, digest, was in cells:
                if digest != was:
                    yield Change(path.name, line[key], column, old_key, cell, MEANT, was)
    for key in old:
        if key not in rows and key not in renamed.values():
            yield Change(path.name, 0, "", key, key, f"this row: it was lost, not {MEANT}")
    for key, before in zip(filter(old.__contains__, rows), filter(rows.__contains__, old)):
        if key != before:
            expected = f"{before} in this place: the rows were moved, not {MEANT}"
            yield Change(path.name, line[key], "", key, key, expected)
            break


def now():
    """The notebooks that the chapters give now: {path of the reference: notebook}.

    Only chapters that depend on a change are executed. Raises EvidenceError for bad data, and
    ChapterError with all cells that fail, of all editions.
    """
    assure()
    state, failed = chapters.state_of_sources(), []
    for language in editions():
        try:
            chapters.executed(language, state)
        except chapters.ChapterError as error:
            failed.append(str(error))
    if failed:
        raise chapters.ChapterError("\n".join(failed))
    return {
        reference_notebooks(language) / f"{chapter.stem}.ipynb": chapters.loaded(
            chapters.kept(chapter, state)
        )
        for language in editions()
        for chapter in chapters.every(language)
    }


def touched(old, new):
    """What changed between two executed notebooks: (the cells, the values of the prose).

    The first is a text that names them, empty where none changed; the second a list of texts.
    """
    if len(old.cells) != len(new.cells):
        return f"{len(old.cells)} code cells before, {len(new.cells)} now", []
    numbers = [
        str(number)
        for number, (before, after) in enumerate(zip(old.cells, new.cells), start=1)
        if (before.outputs, before.source) != (after.outputs, after.source)
    ]
    was, now_is = (notebook.metadata.get("expressions", {}) for notebook in (old, new))
    values = [
        f"{name} {was[name]} → {now_is[name]}"
        for name in was
        if was[name] != now_is.get(name, was[name])
    ]
    return (f"cell{'s' * (len(numbers) > 1)} {', '.join(numbers)}" if numbers else ""), values


def compared(notebooks, every):
    """What differs between `notebooks`, as `now` gives them, and their references, in lines.

    A chapter has one line, or with `every` each of its lines that was and is.
    """
    lines, by_chapter = [], {}
    for path, notebook in notebooks.items():
        if not path.exists():
            lines.append(f"{notebook_name(path)}: new")
            continue
        old = nbformat.read(path, as_version=4)
        if every:
            lines += changes_of(notebook_name(path), old, notebook)
            continue
        cells, values = touched(old, notebook)
        if cells or values:
            by_chapter.setdefault((path.stem, cells), []).append((edition_of(path), values))
    for (chapter, cells), editions_of in by_chapter.items():
        languages = ", ".join(language for language, _ in editions_of)
        what = "; ".join(filter(None, [cells, *editions_of[0][1]]))
        lines.append(cut(f"{chapter} ({languages}): {what}"))
    stale = sorted(set(REFERENCES.rglob("*.ipynb")) - set(notebooks))
    return lines + [f"{notebook_name(path)}: no such chapter or edition any more" for path in stale]


def report_of(notebooks, every=False):
    """What differs from the accepted state, as lines for a person; none if nothing does.

    Each changed cell of the data comes first, then what `compared` says. There are no more than
    LINES, unless `every` line is asked for.
    """
    data = list(map(str, changes())) if (REFERENCES / STATE).exists() else []
    pages = compared(notebooks, every)
    if every:
        return data + pages
    room = LINES - len(pages)  # each chapter has its line
    if len(data) > room > 3:
        data = [*data[: room - 1], f"data: {len(data) - room + 1} more changes"]
    lines = data + pages
    if len(lines) > LINES:
        more = f"{len(lines) - LINES + 1} more: python -m casebook accept --all --dry-run"
        lines = [*lines[: LINES - 1], f"and {more}"]
    return lines


def addresses():
    """The addresses of rows within chapters/, two sets: of all ever accepted, and of now."""
    path = REFERENCES / PUBLISHED
    accepted = set(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()
    tables = (("practices", "practice", of_row), ("source_checks", "check", of_check))
    present = set()
    for name, key, address_of in tables:
        header, records, _ = read_rows(DATA / f"{name}.csv")
        present |= {address_of(record[header.index(key)]) for record in records}
    return accepted, present


def dead_addresses():
    """Addresses of rows that were accepted once and lead nowhere now, a line each for a person."""
    accepted, present = addresses()
    for address in sorted(accepted - present):
        if not retired.leads_on(address):
            page, _, anchor = address.partition(".html#")
            yield (
                f"{address} was a row's address and leads nowhere now: say in chapters/retired.csv "
                f"where it leads, such as {page},{anchor},{page},new-id"
            )


def main(arguments=None):
    """Execute what changed, say what differs from the reference notebooks, and write the new ones.

    Nothing is written unless the data are valid, every chapter runs and no address of a row is
    dead. Returns the exit code: 0, or with --dry-run 1 if something differs. Raises EvidenceError,
    ChapterError or Problem.
    """
    parser = argparse.ArgumentParser(
        prog="casebook accept",
        description="Renew the reference notebooks after an intended change.",
    )
    every = "say each line that was and is, not a line a chapter"
    parser.add_argument("--all", action="store_true", help=every)
    dry_run = "write nothing; exit 1 if something differs"
    parser.add_argument("--dry-run", action="store_true", help=dry_run)
    options = parser.parse_args(arguments)
    notebooks = now()
    lines = report_of(notebooks, options.all)
    print("\n".join(lines or ["nothing has changed"]))
    if options.dry_run:
        return int(bool(lines))
    if dead := list(dead_addresses()):
        raise Problem("\n".join(dead))
    every_address = json.dumps(sorted(set.union(*addresses())), indent=0)
    put(REFERENCES / PUBLISHED, f"{every_address}\n".encode())
    for stale in set(REFERENCES.rglob("*.ipynb")) - set(notebooks):
        stale.unlink()
    state = json.dumps(accepted_state(), ensure_ascii=False, indent=0)
    put(REFERENCES / STATE, f"{state}\n".encode())
    for path, notebook in notebooks.items():
        put(path, (nbformat.writes(notebook, ensure_ascii=False, sort_keys=True) + "\n").encode())
    return 0
