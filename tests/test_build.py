"""`make book`: bad data or a failing cell leaves the last good book where it was, and the message says what to mend."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A copy of the project with one chapter, built once: its folder."""
    folder = tmp_path_factory.mktemp("small")
    for name in ("casebook", "data", "chapters"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for chapter in (folder / "chapters").glob("*.md"):
        if chapter.stem != "index":
            chapter.unlink()
    text = (folder / "chapters" / "index.md").read_text(encoding="utf-8")
    # Its links lead to chapters that are not here.
    for name in ("method", "evidence", "top-level-design", "participation", "rule-of-law", "smart-governance", "jiangsu"):
        text = text.replace(f"({name}.md)", "(https://example.org)")
    (folder / "chapters" / "index.md").write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapters/index\n", encoding="utf-8")
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def build(folder):
    command = [sys.executable, "-m", "casebook.build", "book"]
    return subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True)


def pages(folder):
    return {path: path.read_bytes() for path in (folder / "_build" / "html").rglob("*") if path.is_file()}


def test_bad_data_stops_the_build_before_it_begins_and_the_last_book_stays(small):
    before, path = pages(small), small / "data" / "practices.csv"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("bj-whistle,CN-BJ", "bj-whistle,CN-XX"), encoding="utf-8")
    done = build(small)
    path.write_text(good, encoding="utf-8")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "practices.csv, row 3, column province: 'CN-XX'" in done.stderr and "nothing was built" in done.stderr
    assert pages(small) == before


def test_a_failing_cell_is_named_with_its_error_and_the_last_book_stays(small):
    before, path = pages(small), small / "chapters" / "index.md"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("ev = evidence.load()", "ev = evidence.lode()"), encoding="utf-8")
    done = build(small)
    path.write_text(good, encoding="utf-8")
    assert done.returncode == 1 and "the build failed" in done.stderr
    assert "index: a cell failed" in done.stderr and "ev = evidence.lode()" in done.stderr
    assert "→ AttributeError" in done.stderr
    assert pages(small) == before


def test_a_change_in_the_data_is_in_the_next_book(small):
    path = small / "data" / "provinces.csv"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("CN-GD,Guangdong", "CN-GD,Canton"), encoding="utf-8")
    done = build(small)
    path.write_text(good, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    page = (small / "_build" / "html" / "chapters" / "index.html").read_text(encoding="utf-8")
    assert ">Canton</" in page  # in the chart's own drawing, too
