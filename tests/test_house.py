"""The wings of the package import downwards only, and the drawing of them is of today."""

import subprocess

import pytest
from conftest import ROOT, copy_of_the_project, environment

from casebook.proof import check
from tools import house

pytestmark = pytest.mark.machinery


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the project, of whose code `python -m casebook check code` speaks."""
    monkeypatch.setattr(check, "ROOT", tmp_path)
    return copy_of_the_project(tmp_path, "tools")


def lint(folder):
    """What `lint-imports` says of a folder’s code: (whether all contracts are kept, its text)."""
    done = subprocess.run(check.LINT, cwd=folder, env=environment(), capture_output=True, text=True)
    return done.returncode == 0, done.stdout


def test_every_import_of_the_package_runs_downwards():
    is_kept, text = lint(ROOT)
    assert is_kept and "0 broken" in text, text


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        (
            "words/__init__.py",
            "from casebook.site import build",
            "casebook.words -> casebook.site.build",
        ),
        ("charts/axes.py", "from tools import bench", "casebook.charts.axes -> tools.bench"),
        ("somewhere.py", '"""A module without a floor."""', "casebook.somewhere"),
    ],
)
def test_an_import_that_runs_upwards_is_named_and_the_check_of_the_code_is_red(
    copy, capfd, file, line, message
):
    assert lint(copy)[0]
    with (copy / "casebook" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    is_kept, text = lint(copy)
    assert not is_kept and message in text
    assert not check.check_code() and message in capfd.readouterr().out


def test_the_drawing_in_docs_is_of_today():
    """`python -m casebook house` draws it anew."""
    assert house.DRAWING.read_text(encoding="utf-8") == house.drawing()
