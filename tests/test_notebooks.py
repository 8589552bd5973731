"""The reference notebooks: executed, of the chapters as they are, and free of anything that differs between machines."""

import re

import nbformat
import pytest
from conftest import ROOT

from casebook import accept

REFERENCES = sorted(accept.REFERENCES.glob("*.ipynb"))
CHAPTERS = sorted(accept.CHAPTERS.glob("*.md"))


def test_every_chapter_has_its_reference_notebook_and_no_other_is_there():
    assert [path.stem for path in REFERENCES] == [path.stem for path in CHAPTERS]


@pytest.mark.parametrize("path", REFERENCES, ids=lambda p: p.stem)
def test_every_cell_was_executed(path):
    """nbval skips a cell without an execution count: it would be green for ever."""
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        assert cell.cell_type == "code" and cell.execution_count == number + 1, f"{path.stem}, cell {number}"
        if not cell.outputs:
            assert "glue(" not in cell.source and "charts." not in cell.source and "tables." not in cell.source, (
                f"{path.stem}, cell {number}"
            )


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_the_reference_is_of_the_chapter_as_it_is(path):
    reference = nbformat.read(accept.REFERENCES / f"{path.stem}.ipynb", as_version=4)
    assert [cell.source for cell in reference.cells] == accept.code_cells(path), f"{path.stem}: run make accept"


@pytest.mark.parametrize("path", REFERENCES, ids=lambda p: p.stem)
def test_nothing_in_it_differs_between_machines(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"0x[0-9a-f]{6,}|/home/|/tmp/|\"version\": \"3\.", text)
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) == {"kernelspec"}
    assert [cell.id for cell in notebook.cells] == [f"cell-{n}" for n in range(len(notebook.cells))]


def test_a_change_is_told_in_words():
    old = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="28 tasks")])]
    )
    new = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="29 tasks")])]
    )
    assert accept.differences("participation", old, new) == [
        "participation, cell 0: old: 28 tasks",
        "participation, cell 0: new: 29 tasks",
    ]


def test_plain_nbval_goes_red_on_a_wrong_number(tmp_path):
    """One planted digit in a reference notebook, replayed as a reader would: pytest --nbval."""
    import subprocess
    import sys

    text = (accept.REFERENCES / "top-level-design.ipynb").read_text(encoding="utf-8")
    planted = re.sub(r'("text/plain": "?\[?\s*"?)(\d+)', lambda m: m[1] + str(int(m[2]) + 1), text, count=1)
    assert planted != text
    (tmp_path / "planted.ipynb").write_text(planted, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", str(tmp_path), "--rootdir", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1 and "planted.ipynb::Cell" in done.stdout, done.stdout[-2000:]
