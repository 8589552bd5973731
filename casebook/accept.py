"""Renew the reference notebooks after an intended change, and say in words what changed: `make accept`.

`tests/notebooks/` holds the code cells of every chapter, executed, and a folder of them for every other edition; nbval
replays them and compares every output. The files are the same bytes on every machine: stable cell ids, no times, no
versions. `tests/notebooks/data.json` holds a digest of every cell of the tables that they were made from, so that a changed
cell is named even where no chapter shows it.
"""

import hashlib
import json
import re
import sys
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import nbformat

from casebook import evidence
from casebook.command import run
from casebook.edition import SOURCE, editions
from casebook.evidence import DATA, Finding
from casebook.execute import ChapterError, execute
from casebook.study import CHAPTERS, ROOT

REFERENCES = ROOT / "tests" / "notebooks"
SHOWN = 12  # changes named for one cell
WIDTH = 160  # characters of a line that are shown, from just before the first difference


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
    frame = spec.get("usermeta", {}).get("casebook", {})
    lines = [f"{part}: {frame[part]}" for part in ("finding", "counted", "caveat") if part in frame]
    lines.append(f"description: {spec.get('description')}")
    bare = json.dumps(
        {k: v for k, v in spec.items() if k not in ("datasets", "usermeta", "description", "title")}, sort_keys=True
    )
    for number, (name, rows) in enumerate(spec.get("datasets", {}).items()):
        bare = bare.replace(name, f"data {number}")  # the name is a hash of the rows, which are compared themselves
        for row in rows:
            own = next((str(row[key]) for key in ("tip", "text", "row", "head") if key in row), "row")
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
    return ("…" if start else "") + line[start : start + WIDTH] + ("…" if len(line) > start + WIDTH else "")


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
        gone, come = list((Counter(one) - Counter(two)).elements()), list((Counter(two) - Counter(one)).elements())
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
        header, records, wrong = evidence.read_rows(folder / resource["path"])
        findings += wrong
        places = [header.index(name) for name in resource["schema"]["primaryKey"] if name in header]
        keys = [" / ".join(record[place] for place in places if place < len(record)) for record in records]
        often = Counter(keys)
        # A key that several rows have names none of them; each then stands by its place, and so does a row without a key.
        alone = [key if key and often[key] == 1 else f"{key} (row {number})" for number, key in enumerate(keys, start=2)]
        rows = {key: " ".join(map(short_digest, record)) for key, record in zip(alone, records)}
        state[resource["path"]] = {"columns": " ".join(header), "rows": rows}
    if findings:
        raise evidence.EvidenceError(findings)
    for path in (folder / "datapackage.json", folder / "references.bib"):
        state[path.name] = {"lines": [short_digest(line) for line in path.read_text(encoding="utf-8").split("\n")]}
    return state


def unaccepted(folder=DATA, accepted=None):
    """Findings on every cell, row and line of `folder` that differs from what was accepted (data.json, or `accepted`)."""
    accepted = accepted or json.loads((REFERENCES / "data.json").read_text(encoding="utf-8"))
    try:
        state = accepted_state(folder)
    except evidence.EvidenceError as error:
        return error.findings
    findings, meant = [], "as accepted (run make accept if the change is meant)"
    for file in sorted(accepted.keys() | state.keys()):
        old, new = accepted.get(file), state.get(file)
        if not old or not new:
            findings.append(Finding(file, 0, "", "a file lost" if old else "a file added", meant))
        elif "lines" in old:
            findings += [Finding(file, line, "", text, meant) for line, text in _changed_lines(Path(folder) / file, old, new)]
        elif old["columns"] != new["columns"]:
            findings.append(Finding(file, 1, "", new["columns"], f"the columns {old['columns']}, {meant}"))
        else:
            findings += _changed_rows(Path(folder) / file, old["rows"], new, meant)
    return findings


def _changed_lines(path, old, new):
    """(line, text) of each line that is not where it was; lines lost are told at the place where the next one stands."""
    text = path.read_text(encoding="utf-8").split("\n")
    for tag, start, end, first, last in SequenceMatcher(None, old["lines"], new["lines"], autojunk=False).get_opcodes():
        if tag == "delete":
            yield first + 1, f"{end - start} line(s) lost"
        elif tag != "equal":
            yield from ((line + 1, text[line]) for line in range(first, last))


def _changed_rows(path, old, new, meant):
    """Findings on the rows of a table against the accepted ones: cells by their column, rows lost, added or moved by their key."""
    records, rows, columns = evidence.read_rows(path)[1], new["rows"], new["columns"].split(" ")
    line = {key: number for number, key in enumerate(rows, start=2)}
    lost, added = [key for key in old if key not in rows], [key for key in rows if key not in old]
    # A row under another key in the same place, with most of its cells as they were, is a changed key.
    was = {key: number for number, key in enumerate(old, start=2)}
    renamed = {
        here: there
        for here in added
        for there in lost
        if line[here] == was[there] and _differing(rows[here], old[there]) <= max(1, len(columns) // 2)
    }
    for here in rows:
        there = renamed.get(here, here)
        if there in old and rows[here] != old[there]:
            cells = zip(columns, records[line[here] - 2], rows[here].split(" "), old[there].split(" "))
            for column, cell, now, then in cells:
                if now != then:
                    yield Finding(path.name, line[here], column, cell, meant)
        elif there not in old:
            yield Finding(path.name, line[here], "", here, f"no such row: it was added, not {meant}")
    for key in lost:
        if key not in renamed.values():
            yield Finding(path.name, 0, "", key, f"this row: it was lost, not {meant}")
    left = [key for key in old if key in rows]
    for key, before in zip([key for key in rows if key in old], left):
        if key != before:
            yield Finding(path.name, line[key], "", key, f"{before} in this place: the rows were moved, not {meant}")
            break


def _differing(left, right):
    """How many of two rows' digests differ."""
    return sum(one != two for one, two in zip(left.split(" "), right.split(" ")))


def main():
    """Execute every chapter, print what differs from its reference notebook, and write the new ones.

    Nothing is written unless the data are valid and every chapter runs. Returns the exit code, 0 or 1.
    """
    chapters = sorted(CHAPTERS.glob("*.md"))
    findings = evidence.validate()
    if findings:
        print(evidence.EvidenceError(findings), file=sys.stderr)
    notebooks = {}
    for language in editions() if not findings else ():
        for chapter in chapters:
            path = references(language) / f"{chapter.stem}.ipynb"
            try:
                notebooks[path] = execute(chapter, language)
            except ChapterError as error:
                print(error, file=sys.stderr)
    if len(notebooks) < len(chapters) * len(editions()):
        print("no reference notebook was renewed", file=sys.stderr)
        return 1
    for finding in unaccepted() if (REFERENCES / "data.json").exists() else ():
        print(f"{finding.file}, row {finding.row}, {finding.column or 'the row'}: now {evidence.shown(finding.value)}")
    state = accepted_state()
    REFERENCES.mkdir(parents=True, exist_ok=True)
    (REFERENCES / "data.json").write_text(json.dumps(state, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    for stale in sorted(set(REFERENCES.rglob("*.ipynb")) - set(notebooks)):
        print(f"{named(stale)}: no such chapter or edition any more; its reference notebook is removed")
        stale.unlink()
    for path, notebook in notebooks.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            for line in differences(named(path), nbformat.read(path, as_version=4), notebook) or [f"{named(path)}: no change"]:
                print(line)
        else:
            print(f"{named(path)}: new")
        path.write_text(nbformat.writes(notebook, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    run(main)
