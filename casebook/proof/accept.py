"""Renew the reference notebooks after an intended change, and say in words what changed.

`tests/notebooks/` holds the code cells of every chapter, executed, and a folder of them for every other edition; nbval
replays them and compares every output. The files are the same bytes on every machine: stable cell ids, no times, no
versions. `tests/notebooks/data.json` holds a digest of every cell of the tables that they were made from, so that a changed
cell is named even where no chapter shows it. Only chapters that depend on what changed are executed (casebook.chapters).
"""

import argparse
import csv
import hashlib
import io
import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import nbformat

from casebook import chapters, evidence
from casebook.charts.frame import drawings, frame_of
from casebook.evidence import DATA, Finding
from casebook.evidence.clean import read_rows
from casebook.evidence.findings import quoted
from casebook.evidence.valid import assure
from casebook.study import ROOT, put
from casebook.words import SOURCE, editions

REFERENCES = ROOT / "tests" / "notebooks"
STATE = "data.json"  # in that folder: the digests of the data that the notebooks were made from
SHOWN = 12  # changes named for one cell, where all lines are asked for
LINES = 15  # of what a run says, where not
WIDTH = 160  # characters of a line that are shown, from just before the first difference
COMMITS = 20  # of a table's last ones in which its accepted text is looked for


def references(language=SOURCE):
    """The folder of an edition's reference notebooks."""
    return REFERENCES if language == SOURCE else REFERENCES / language


def edition_of(path):
    """The edition whose reference notebook stands at `path`."""
    return SOURCE if path.parent == REFERENCES else path.parent.name


def named(path):
    """A reference notebook's name for a person: the chapter's, with the folder of its edition before it."""
    return path.relative_to(REFERENCES).with_suffix("").as_posix()


def chart_lines(spec):
    """A chart as short lines to compare: its frame, each field of each drawn row under the row's own name, its marks."""
    lines = []
    if frame := frame_of(spec):
        lines = [f"{part}: {frame[part]}" for part in ("finding", "counted", "caveat")]
        spec = drawings(spec)[0]
    lines.append(f"description: {spec.get('description')}")
    bare = json.dumps(
        {
            k: v
            for k, v in spec.items()
            if k not in ("datasets", "usermeta", "description", "title")
        },
        sort_keys=True,
    )
    for number, (name, rows) in enumerate(spec.get("datasets", {}).items()):
        bare = bare.replace(
            name, f"data {number}"
        )  # the name is a hash of the rows, which are compared themselves
        for row in rows:
            own = next(
                (str(row[key]) for key in ("tip", "text", "row", "head") if key in row), "row"
            )
            lines += [f"{own} · {field}: {value}" for field, value in sorted(row.items())]
    return [*lines, f"marks: {bare}"]


def in_lines(output):
    """An output as lines of text to compare: HTML by its words, a chart by its frame and rows, anything else as it is."""
    data = output.get("data", {})
    for mime, content in data.items():
        if mime.endswith("+json"):
            return chart_lines(json.loads(content) if isinstance(content, str) else content)
    if "text/html" in data:
        markup = re.sub(r"<style>.*?</style>", "", "".join(data["text/html"]))
        text = re.sub(r"<[^>]+>", "", re.sub(r"</(tr|td|th|caption|p|li|summary)>", "\n", markup))
        return [line.strip() for line in text.splitlines() if line.strip()] or [markup]
    name = output.get("metadata", {}).get("scrapbook", {}).get("name")
    lines = "".join(data.get("text/plain", output.get("text", str(output)))).splitlines()
    return [f"{name} = {line}" for line in lines] if name else lines


def cut(line, start):
    """The part of a line that is shown, from shortly before the character at which it begins to differ."""
    start = max(0, start - 40)
    return (
        ("…" if start else "")
        + line[start : start + WIDTH]
        + ("…" if len(line) > start + WIDTH else "")
    )


def differences(name, old, new):
    """What differs between two executed notebooks, as lines for a person: chapter, cell, old, new."""
    lines = []
    if len(old.cells) != len(new.cells):
        lines.append(f"{name}: {len(old.cells)} code cells before, {len(new.cells)} now")
    for number, (before, after) in enumerate(zip(old.cells, new.cells)):
        place = f"{name}, cell {number}"
        if before.source != after.source:
            lines.append(f"{place}: its code changed")
        if before.outputs == after.outputs:
            continue
        one = [line for output in before.outputs for line in in_lines(output)]
        two = [line for output in after.outputs for line in in_lines(output)]
        gone, come = (
            list((Counter(one) - Counter(two)).elements()),
            list((Counter(two) - Counter(one)).elements()),
        )
        if not gone and not come:
            lines.append(f"{place}: only the order or the markup changed")
        changes = []
        for index in range(max(len(gone), len(come))):
            left, right = (*gone[index : index + 1], ""), (*come[index : index + 1], "")
            start = next((i for i, (a, b) in enumerate(zip(left[0], right[0])) if a != b), 0)
            changes += [f"{place}: old: {cut(text, start)}" for text in left[:-1]]
            changes += [f"{place}: new: {cut(text, start)}" for text in right[:-1]]
        lines += changes[: 2 * SHOWN]
        if len(changes) > 2 * SHOWN:
            lines.append(f"{place}: and {len(changes) - 2 * SHOWN} lines more")
    return lines


def short_digest(text):
    """The first eight characters of a text's SHA-256: enough to tell a change, and no copy of the text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def accepted_state(folder=DATA):
    """What a run of `make accept` accepts of a folder of data, without the data themselves.

    Returns {file: state}: a table's columns and a digest of each of its rows' cells by the row's primary key, in order, as
    {"columns": "name name …", "rows": {key: "digest digest …"}}; the digest of each other file's lines, as {"lines": [digest]}.
    Raises EvidenceError if datapackage.json or a table cannot be read.
    """
    folder, state, findings = Path(folder), {}, []
    for resource in evidence.descriptor(folder)["resources"]:
        header, records, wrong = read_rows(folder / resource["path"])
        findings += wrong
        rows = {
            key: " ".join(map(short_digest, record))
            for key, record in by_key(header, records, resource["schema"]["primaryKey"]).items()
        }
        state[resource["path"]] = {"columns": " ".join(header), "rows": rows}
    if findings:
        raise evidence.EvidenceError(findings)
    for path in (folder / "datapackage.json", folder / "references.bib"):
        state[path.name] = {
            "lines": [short_digest(line) for line in path.read_text(encoding="utf-8").split("\n")]
        }
    return state


def by_key(header, records, primary):
    """The records of a table by their primary key, in order: {key: record}. A key that several rows have names none of them;
    each then stands by its place, and so does a row without a key."""
    places = [header.index(name) for name in primary if name in header]
    keys = [
        " / ".join(record[place] for place in places if place < len(record)) for record in records
    ]
    often = Counter(keys)
    alone = [
        key if key and often[key] == 1 else f"{key} (row {number})"
        for number, key in enumerate(keys, start=2)
    ]
    return dict(zip(alone, records))


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
        place = (
            self.file
            + (f", row {self.row}" if self.row else "")
            + (f" ({self.key})" if self.key and self.column else "")
        )
        if not self.column:
            return f"{place}: {quoted(self.now)}: {self.expected.partition(', not as accepted')[0].removeprefix('this row: ')}"
        old = accepted_text(self)
        return f"{place}, {self.column}: {quoted(old) if old is not None else '(no longer at hand)'} → {quoted(self.now)}"


def accepted_text(change):
    """The accepted text of a changed cell, from the last commits in which the table has it; None where git has none."""
    path = f"data/{change.file}"

    def git(*command):
        done = subprocess.run(
            ["git", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
        )
        return done.stdout if done.returncode == 0 else ""

    primary = next(
        r["schema"]["primaryKey"]
        for r in evidence.descriptor()["resources"]
        if r["path"] == change.file
    )
    try:
        for commit in git("log", f"--max-count={COMMITS}", "--format=%H", "--", path).split():
            header, *records = csv.reader(io.StringIO(git("show", f"{commit}:./{path}")))
            record = by_key(header, records, primary).get(change.key)
            cell = record[header.index(change.column)] if record and change.column in header else ""
            if short_digest(cell) == change.was:
                return cell
    except (OSError, ValueError):  # no git, or a table that was none
        return None
    return None


def changes(folder=DATA, accepted=None):
    """Every cell, row and line of `folder` that differs from what was accepted (data.json, or `accepted`): a list of Change.

    Raises EvidenceError if a table cannot be read.
    """
    accepted = accepted or json.loads((REFERENCES / STATE).read_text(encoding="utf-8"))
    state, found, meant = (
        accepted_state(folder),
        [],
        "as accepted (run make accept if the change is meant)",
    )
    for file in sorted(accepted.keys() | state.keys()):
        old, new = accepted.get(file), state.get(file)
        if not old or not new:
            found.append(Change(file, 0, "", "", "a file lost" if old else "a file added", meant))
        elif "lines" in old:
            found += [
                Change(file, line, "", "", text, meant)
                for line, text in _changed_lines(Path(folder) / file, old, new)
            ]
        elif old["columns"] != new["columns"]:
            found.append(
                Change(file, 1, "", "", new["columns"], f"the columns {old['columns']}, {meant}")
            )
        else:
            found += _changed_rows(Path(folder) / file, old["rows"], new, meant)
    return found


def unaccepted(folder=DATA, accepted=None):
    """Findings on what differs from what was accepted, or on what cannot be read."""
    try:
        return [change.finding() for change in changes(folder, accepted)]
    except evidence.EvidenceError as error:
        return error.findings


def _changed_lines(path, old, new):
    """(line, text) of each line that is not where it was; lines lost are told at the place where the next one stands."""
    text = path.read_text(encoding="utf-8").split("\n")
    for tag, start, end, first, last in SequenceMatcher(
        None, old["lines"], new["lines"], autojunk=False
    ).get_opcodes():
        if tag == "delete":
            yield first + 1, f"{end - start} line(s) lost"
        elif tag != "equal":
            yield from ((line + 1, text[line]) for line in range(first, last))


def _changed_rows(path, old, new, meant):
    """The Change of each cell, row or place of a table against the accepted ones: cells by their column, rows by their key."""
    records, rows, columns = read_rows(path)[1], new["rows"], new["columns"].split(" ")
    line = {key: number for number, key in enumerate(rows, start=2)}
    lost, added = [key for key in old if key not in rows], [key for key in rows if key not in old]
    # A row under another key in the same place, with most of its cells as they were, is a changed key.
    was = {key: number for number, key in enumerate(old, start=2)}
    renamed = {
        here: there
        for here in added
        for there in lost
        if line[here] == was[there]
        and _differing(rows[here], old[there]) <= max(1, len(columns) // 2)
    }
    for here in rows:
        there = renamed.get(here, here)
        if there in old and rows[here] != old[there]:
            cells = zip(
                columns, records[line[here] - 2], rows[here].split(" "), old[there].split(" ")
            )
            for column, cell, now, then in cells:
                if now != then:
                    yield Change(path.name, line[here], column, there, cell, meant, then)
        elif there not in old:
            yield Change(
                path.name, line[here], "", here, here, f"no such row: it was added, not {meant}"
            )
    for key in lost:
        if key not in renamed.values():
            yield Change(path.name, 0, "", key, key, f"this row: it was lost, not {meant}")
    left = [key for key in old if key in rows]
    for key, before in zip([key for key in rows if key in old], left):
        if key != before:
            yield Change(
                path.name,
                line[key],
                "",
                key,
                key,
                f"{before} in this place: the rows were moved, not {meant}",
            )
            break


def _differing(left, right):
    """How many of two rows' digests differ."""
    return sum(one != two for one, two in zip(left.split(" "), right.split(" ")))


def now():
    """The notebooks that the chapters give now, of which only those are executed that depend on a change: {reference's path: notebook}.

    Raises EvidenceError for bad data and ChapterError with all cells that fail, of all editions.
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
        references(language) / f"{chapter.stem}.ipynb": chapters.loaded(
            chapters.kept(chapter, state)
        )
        for language in editions()
        for chapter in chapters.every(language)
    }


def touched(old, new):
    """What changed between two executed notebooks: (a text that names the cells, texts of the values of the prose that changed)."""
    if len(old.cells) != len(new.cells):
        return f"{len(old.cells)} code cells before, {len(new.cells)} now", []
    pairs = enumerate(zip(old.cells, new.cells))
    cells = [
        number
        for number, (one, two) in pairs
        if one.outputs != two.outputs or one.source != two.source
    ]
    before, after = (one.metadata.get("expressions", {}) for one in (old, new))
    values = [
        f"{name} {before[name]} → {after[name]}"
        for name in before
        if before[name] != after.get(name, before[name])
    ]
    return (f"cell{'s' * (len(cells) > 1)} {', '.join(map(str, cells))}" if cells else ""), values


def compared(notebooks, every):
    """What differs between `notebooks` (as `now` gives them) and their references, in lines for a person: a line a chapter, or
    with `every` each line that was and is."""
    lines, short = [], {}
    for path, notebook in notebooks.items():
        if not path.exists():
            lines.append(f"{named(path)}: new")
            continue
        old = nbformat.read(path, as_version=4)
        if every:
            lines += differences(named(path), old, notebook)
        elif (what := touched(old, notebook))[0]:
            short.setdefault((path.stem, what[0]), []).append((edition_of(path), what[1]))
    for (chapter, cells), found in short.items():
        values = "".join(f"; {value}" for value in found[0][1])
        lines.append(
            cut(f"{chapter} ({', '.join(language for language, _ in found)}): {cells}{values}", 0)
        )
    stale = sorted(set(REFERENCES.rglob("*.ipynb")) - set(notebooks))
    return lines + [f"{named(path)}: no such chapter or edition any more" for path in stale]


def report(notebooks, every=False):
    """What differs from the accepted state, as lines for a person, none if nothing does: each changed cell of the data, then what
    differs between `notebooks` (as `now` gives them) and their references. No more than LINES, unless `every` line is asked for."""
    data = list(map(str, changes())) if (REFERENCES / STATE).exists() else []
    pages = compared(notebooks, every)
    if every:
        return data + pages
    if len(data) > LINES - len(pages) > 3:  # each chapter has its line
        data = [
            *data[: LINES - len(pages) - 1],
            f"data: {len(data) - (LINES - len(pages) - 1)} more changes",
        ]
    lines = data + pages
    if len(lines) > LINES:
        lines = [
            *lines[: LINES - 1],
            f"and {len(lines) - LINES + 1} more: python -m casebook accept --all --dry-run",
        ]
    return lines


def main(arguments=None):
    """Execute what changed, say what differs from the reference notebooks, and write the new ones.

    Nothing is written unless the data are valid and every chapter runs. Returns the exit code: 0, or with --dry-run 1 if
    something differs. Raises EvidenceError or ChapterError.
    """
    parser = argparse.ArgumentParser(
        prog="casebook accept",
        description="Renew the reference notebooks after an intended change.",
    )
    parser.add_argument(
        "--all", action="store_true", help="say each line that was and is, not a line a chapter"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing; exit 1 if something differs"
    )
    options = parser.parse_args(arguments)
    notebooks = now()
    lines = report(notebooks, options.all)
    print("\n".join(lines or ["nothing has changed"]))
    if options.dry_run:
        return int(bool(lines))
    for stale in set(REFERENCES.rglob("*.ipynb")) - set(notebooks):
        stale.unlink()
    put(
        REFERENCES / STATE,
        (json.dumps(accepted_state(), ensure_ascii=False, indent=0) + "\n").encode(),
    )
    for path, notebook in notebooks.items():
        put(path, (nbformat.writes(notebook, ensure_ascii=False, sort_keys=True) + "\n").encode())
    return 0
