"""The reference notebooks: executed, of today's chapters, the same on every machine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, casebook, copy_of_the_project, environment

from casebook import chapters, evidence
from casebook.facts import method
from casebook.proof import accept
from casebook.words import editions

REFERENCES = sorted(accept.REFERENCES.rglob("*.ipynb"))
CHAPTERS = [path for language in editions() for path in chapters.every(language)]


def short_name(path):
    """A name with the folder of its book: `participation`, `zh/participation`."""
    return (
        path.stem
        if path.parent in (chapters.CHAPTERS, accept.REFERENCES)
        else f"{path.parent.name}/{path.stem}"
    )


def reference_of(chapter):
    return accept.reference_notebooks(chapters.language_of(chapter)) / f"{chapter.stem}.ipynb"


def code_cells(chapter):
    """The sources of a chapter's code cells, in order."""
    cells = chapters.cells_of(chapter.read_text(encoding="utf-8"))
    return [cell.source for cell in cells if cell.is_code]


def test_every_chapter_has_its_reference_notebook_and_no_other_is_there():
    assert sorted(map(reference_of, CHAPTERS)) == REFERENCES


@pytest.mark.parametrize("path", REFERENCES, ids=short_name)
def test_every_claim_of_a_chapter_holds(path):
    claims = nbformat.read(path, as_version=4).metadata["claims"]
    assert [claim for claim, holds in claims.items() if not holds] == []


@pytest.mark.parametrize("path", REFERENCES, ids=short_name)
def test_every_cell_was_executed(path):
    """nbval skips a cell without an execution count: it would be green for ever."""
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells, start=1):
        assert cell.cell_type == "code" and cell.execution_count == number, (
            f"{path.stem}, cell {number}"
        )
        assert cell.outputs, f"{path.stem}, cell {number} shows nothing"


@pytest.mark.parametrize("path", CHAPTERS, ids=short_name)
def test_the_reference_is_of_the_chapter_as_it_is(path):
    reference = nbformat.read(reference_of(path), as_version=4)
    assert [cell.source for cell in reference.cells] == code_cells(path), (
        f"{path.stem}: run make accept"
    )


@pytest.mark.usefixtures("book")
def test_the_text_of_the_book_cites_what_was_accepted():
    """Many a number stands in no output of a cell, so that nbval does not see it change."""
    state = chapters.state_of_sources()
    for path in CHAPTERS:
        reference = nbformat.read(reference_of(path), as_version=4)
        now = chapters.loaded(chapters.kept(path, state))
        assert accept.touched(reference, now)[1] == [], short_name(path)


@pytest.mark.parametrize("path", REFERENCES, ids=short_name)
def test_nothing_in_it_differs_between_machines(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"0x[0-9a-f]{6,}|/home/|/tmp/|\"version\": \"3\.", text)
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) == {"kernelspec", "expressions", "claims"}
    assert [cell.id for cell in notebook.cells] == [f"cell-{n}" for n in range(len(notebook.cells))]


@pytest.mark.machinery
def test_a_kernel_that_draws_charts_loads_nothing_that_makes_pages():
    """16 kernels a build and 16 a replay: what each loads is paid for 32 times."""
    cells = code_cells(chapters.CHAPTERS / "jiangsu.md")
    heavy = ["sphinx", "docutils", "openpyxl", "nbformat", "jupytext", "myst_nb"]
    heavy += ["vl_convert", "playwright", "bs4"]
    run = f"""
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in {cells!r}:
    shell.run_cell(cell).raise_error()
loaded = [name for name in {heavy} if name in sys.modules]
print("drawn:", "casebook.charts.renderer" in sys.modules, "loaded:", loaded)
"""
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1:] == ["drawn: True loaded: []"], done.stderr[-1000:]


@pytest.mark.machinery  # `make check` asks this itself
def test_the_data_are_those_that_were_accepted():
    assert [str(finding) for finding in accept.unaccepted()] == []


def test_nbval_goes_red_on_any_change_of_the_data_because_the_method_chapter_shows_their_digest(
    data,
):
    ev = evidence.load(data)
    assert "{eval}`f.digest`" in (chapters.CHAPTERS / "method.md").read_text(encoding="utf-8")
    reference = (accept.REFERENCES / "method.ipynb").read_text(encoding="utf-8")
    assert method.facts(ev).digest in reference
    for path in sorted(data.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[:-2] + b" " + whole[-1:])
        del ev.digest
        assert method.facts(ev).digest not in reference, path.name
        path.write_bytes(whole)


def test_a_change_that_no_chapter_shows_is_named_by_its_cell_row_or_line(data):
    def findings(file, old, new):
        path = data / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        lines = [str(finding) for finding in accept.unaccepted(data)]
        path.write_text(text, encoding="utf-8")
        return lines

    meant = "as accepted (run make accept if the change is meant)"
    for file, old, new, place in (
        (
            "practices.csv",
            "neither its origin nor a date",
            "no date",
            "row 3, column note_en: 'The article gives no date.'",
        ),
        ("provinces.csv", "CN-SH,", "CN-ZZ,", "row 3, column province: 'CN-ZZ'"),
        ("items.csv", "sh-task-4,", "sh-task-5,", "row 27, column item: 'sh-task-5'"),
    ):
        assert findings(file, old, new) == [f"{file}, {place} – expected {meant}"]
    first, second = (data / "answers.csv").read_text(encoding="utf-8").splitlines(True)[1:3]
    for text, place, expected in (
        (second, "answers.csv: 'model-transition / rec-functions'", "it was lost"),
        (first + first + second, "answers.csv, row 3: ", "it was added"),
        (
            second + first,
            "answers.csv, row 2: 'model-transition / rec-participation'",
            "were moved",
        ),
    ):
        line = findings("answers.csv", first + second, text)[0]
        assert line.startswith(place) and expected in line
    assert len(findings("answers.csv", first + second, second)) == 1
    for file, old, new in (
        ("references.bib", "2018", "2081"),
        ("datapackage.json", "One row is a jurisdiction.", "One row is a place."),
    ):
        assert findings(file, old, new)[0].startswith(f"{file}, row ")


def test_the_accepted_state_holds_no_text_of_a_cell_but_keys():
    rows = json.loads((accept.REFERENCES / "data.json").read_text(encoding="utf-8"))[
        "practices.csv"
    ]["rows"]
    assert all(re.fullmatch(r"[0-9a-f]{8}( [0-9a-f]{8})*", row) for row in rows.values())


def test_a_change_is_told_in_words_with_its_name_however_long_its_line():
    def executed(value):
        rows = [{"tip": "x" * 300 + value, "year": 2018}]
        spec = {"datasets": {f"data-{value}": rows}, "mark": "point"}
        stream = nbformat.v4.new_output("stream", text=f"n_tasks = {value}")
        chart = nbformat.v4.new_output("display_data", {"application/vnd.vegalite.v5+json": spec})
        cell = nbformat.v4.new_code_cell("1", outputs=[stream, chart])
        return nbformat.v4.new_notebook(cells=[cell])

    lines = accept.changes_of("participation", executed("28"), executed("29"))
    assert "participation, cell 1: old: n_tasks = 28" in lines
    assert "participation, cell 1: new: n_tasks = 29" in lines
    assert any("x29" in line for line in lines) and not any("marks" in line for line in lines)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the project with two chapters, their notebooks and a history of git: its folder."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("copy"), "locale", "tests/notebooks")
    for path in (
        *(folder / "chapters").rglob("*.md"),
        *(folder / "tests" / "notebooks").rglob("*.ipynb"),
    ):
        if path.stem not in ("jiangsu", "smart-governance"):
            path.unlink()
    author = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    for command in (
        ["init", "-q"],
        ["add", "data"],
        [*author, "commit", "-q", "-m", "as accepted"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def accepted(folder):
    """The reference notebooks and the state of the data that stand in a project: {name: bytes}."""
    top = folder / "tests" / "notebooks"
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in top.rglob("*")
        if path.is_file()
    }


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.machinery
def test_accept_tells_a_changed_cell_and_the_chapters_that_it_touched_on_a_screen(copy):
    """Row, field, old and new; then a line a chapter, with the values of its prose that changed."""
    before = accepted(copy)
    edit(
        copy / "data" / "source_values.csv",
        "check-one-window-start,windows_after,130,",
        "check-one-window-start,windows_after,131,",
    )
    tried = casebook(copy, "accept", "--dry-run", PYTHONPATH=str(copy), CI="true")
    assert tried.returncode == 1 and accepted(copy) == before, tried.stderr
    done = casebook(copy, "accept", PYTHONPATH=str(copy), CI="true")
    lines = done.stdout.splitlines()
    assert (
        done.returncode == 0 and lines == tried.stdout.splitlines() and len(lines) <= accept.LINES
    )
    row = "(check-one-window-start / windows_after), number: '130' → '131'"
    assert re.fullmatch(rf"source_values\.csv, row \d+ {re.escape(row)}", lines[0])
    after = accepted(copy)
    changed = {Path(name).stem for name in after if after[name] != before[name]}
    assert changed == {"smart-governance", "data"}
    # No cell shows this number: the text alone does.
    said = "f.said.one_window_start.windows_after 130 → 131"
    assert lines[1:] == [f"smart-governance (en, zh): {said}"]
    again = casebook(copy, "accept", "--dry-run", PYTHONPATH=str(copy), CI="true")
    assert again.returncode == 0 and again.stdout == "nothing has changed\n"


@pytest.mark.machinery
def test_accept_writes_nothing_when_a_chapter_fails(copy):
    before = accepted(copy)
    for book in (copy / "chapters", copy / "chapters" / "zh"):
        edit(book / "smart-governance.md", "ev = evidence.load()", "ev = evidence.load()\n1 / 0")
    done = casebook(copy, "accept", PYTHONPATH=str(copy), CI="true")
    assert done.returncode == 1 and accepted(copy) == before
    for chapter in ("smart-governance", "zh/smart-governance"):
        assert re.search(rf"chapters/{chapter}\.md, line \d+: a cell failed:", done.stderr)
    assert "→ ZeroDivisionError" in done.stderr and "Traceback" not in done.stderr


def test_what_a_run_says_is_cut_to_a_screen(monkeypatch):
    data = [f"practices.csv, row {n}" for n in range(2, 42)]
    pages = [f"{name} (en, zh): cell 1" for name in "abcdefghijklmnopqrst"]
    monkeypatch.setattr(accept, "changes", lambda: data)
    monkeypatch.setattr(accept, "compared", lambda notebooks, every: pages[: 4 if few else None])
    for few in (True, False):
        lines = accept.report_of({})
        assert len(lines) == accept.LINES and lines[0] == data[0]
        end = pages[:4] if few else ["and 46 more: python -m casebook accept --all --dry-run"]
        assert lines[-len(end) :] == end
    assert accept.report_of({}, every=True) == [*data, *pages]


@pytest.mark.machinery
def test_plain_nbval_goes_red_on_a_wrong_number(tmp_path):
    """One planted digit in a reference notebook, replayed as a reader would: pytest --nbval."""
    text = (accept.REFERENCES / "places.ipynb").read_text(encoding="utf-8")
    planted = re.sub(
        r'("text/plain": "?\[?\s*"?)(\d+)', lambda m: m[1] + str(int(m[2]) + 1), text, count=1
    )
    assert planted != text
    (tmp_path / "planted.ipynb").write_text(planted, encoding="utf-8")
    replay = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
    replay += ["--rootdir", tmp_path, tmp_path]
    done = subprocess.run(replay, cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert done.returncode == 1 and "planted.ipynb::Cell" in done.stdout, done.stdout[-2000:]
