"""Renew the reference notebooks after an intended change, and say in words what changed: `make accept`.

`tests/notebooks/` holds the code cells of every chapter, executed; nbval replays them and compares every output. The
files are the same bytes on every machine: stable cell ids, no times, no versions.
"""

import difflib
import json
import re
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS, REFERENCES = ROOT / "chapters", ROOT / "tests" / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SHOWN = 12  # changed lines named for one cell


def code_cells(chapter):
    """The sources of a chapter's code cells, in order."""
    return [cell.source for cell in jupytext.read(chapter, fmt="md:myst").cells if cell.cell_type == "code"]


def execute(chapter):
    """A chapter's code cells as an executed notebook. Raises nbclient's CellExecutionError where a cell fails."""
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(code_cells(chapter))]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    NotebookClient(notebook, timeout=120, kernel_name="python3", record_timing=False).execute(cwd=str(CHAPTERS))
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    return notebook


def in_lines(output):
    """An output as lines of text to compare: HTML by its words, a chart by its frame and rows, anything else as it is."""
    data = output.get("data", {})
    for mime, content in data.items():
        if mime.endswith("+json"):
            content = json.loads(content) if isinstance(content, str) else content
            frame = content.get("usermeta", {}).get("casebook", {})
            rows = [
                f"row: {json.dumps(row, ensure_ascii=False, sort_keys=True)}"
                for table in content.get("datasets", {}).values()
                for row in table
            ]
            bare = {k: v for k, v in content.items() if k not in ("datasets", "usermeta", "description", "title")}
            frame_lines = [f"{part}: {frame[part]}" for part in ("finding", "counted", "caveat") if part in frame]
            return [
                *frame_lines,
                f"description: {content.get('description')}",
                *rows,
                f"marks: {json.dumps(bare, sort_keys=True)}",
            ]
    if "text/html" in data:
        text = re.sub(r"<[^>]+>", "", re.sub(r"</(tr|caption|p|li|summary)>", "\n", "".join(data["text/html"])))
        return [line.strip() for line in text.splitlines() if line.strip()] + [
            f"markup: {len(''.join(data['text/html']))} characters"
        ]
    return "".join(data.get("text/plain", output.get("text", str(output)))).splitlines()


def differences(name, old, new):
    """What differs between two executed notebooks, as lines for a person: chapter, cell, old, new."""
    lines = []
    if len(old.cells) != len(new.cells):
        lines.append(f"{name}: {len(old.cells)} code cells before, {len(new.cells)} now")
    for number, (before, after) in enumerate(zip(old.cells, new.cells)):
        if before.source != after.source:
            lines.append(f"{name}, cell {number}: its code changed")
        one = [line for output in before.outputs for line in in_lines(output)]
        two = [line for output in after.outputs for line in in_lines(output)]
        changed = [line for line in difflib.ndiff(one, two) if line[0] in "+-"]
        for line in changed[:SHOWN]:
            lines.append(f"{name}, cell {number}: {'old' if line[0] == '-' else 'new'}: {line[2:160]}")
        if len(changed) > SHOWN:
            lines.append(f"{name}, cell {number}: and {len(changed) - SHOWN} lines more")
    return lines


def main():
    """Execute every chapter, print what differs from its reference notebook, and write the new ones."""
    REFERENCES.mkdir(parents=True, exist_ok=True)
    chapters = sorted(CHAPTERS.glob("*.md"))
    for stale in set(REFERENCES.glob("*.ipynb")) - {REFERENCES / f"{c.stem}.ipynb" for c in chapters}:
        print(f"{stale.stem}: no such chapter any more; its reference notebook is removed")
        stale.unlink()
    for chapter in chapters:
        notebook = execute(chapter)
        path = REFERENCES / f"{chapter.stem}.ipynb"
        if path.exists():
            for line in differences(chapter.stem, nbformat.read(path, as_version=4), notebook) or [f"{chapter.stem}: no change"]:
                print(line)
        else:
            print(f"{chapter.stem}: new")
        path.write_text(nbformat.writes(notebook, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
