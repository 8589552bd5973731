"""On other machines: another Python, a copied folder, another browser, git as Windows has it."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from pathlib import Path

import pytest
from conftest import casebook, environment

from casebook import chapters, execute, words
from casebook import study as the_study
from casebook.command import Problem
from casebook.evidence.valid import assure
from casebook.proof import proofs
from casebook.proof.article import columns, split
from casebook.site.browser import NAMES, NoBrowser, launch
from casebook.study import PACKAGE, ROOT

TEMPLATE = PACKAGE / "new" / "template"
MAKEFILES = pytest.mark.parametrize("folder", [ROOT, TEMPLATE], ids=["book", "new study"])
# What a new study has as this book has it: a link would be a text of one line where git makes none.
SAME = {
    "_config.yml": "_config.yml",
    "data/datapackage.json": "data/datapackage.json",
    "gitattributes": ".gitattributes",
    "gitignore": ".gitignore",
    "requirements.txt": "requirements.txt",
}


def make(folder, *arguments):
    """What make says in a folder, and its exit code."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, env=clean
    )


@pytest.fixture
def study(folder, tmp_path):
    """A folder with a Makefile and what its environment is made from."""
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(folder / name, tmp_path)
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


@MAKEFILES
def test_an_old_python_is_told_in_one_sentence_before_anything_is_made(study):
    old = study / "python-old"
    as_old = "import sys; sys.version_info = (3, 10, 4); exec(sys.argv[2])"
    old.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.10.4 && exit\n'
        f'exec {sys.executable} -c "{as_old}" "$@"\n'
    )
    old.chmod(0o755)
    done = make(study, "book", f"PYTHON={old}")
    assert done.returncode != 0
    assert f"Python 3.10.4 ({old}) is too old: Python 3.11 or newer is wanted" in done.stdout
    assert "make PYTHON=" in done.stdout
    assert not (study / ".venv").exists()


@MAKEFILES
@pytest.mark.parametrize("moved", [False, True])
def test_an_environment_is_made_anew_in_a_copy_of_its_folder(study, moved):
    (study / ".venv").mkdir()
    made_in = "/somewhere/else" if moved else str(study.resolve())
    (study / ".venv" / ".ready").write_text(f"{made_in}\n")
    assert ("-m venv --clear" in make(study, "--dry-run", "book").stdout) is moved


@MAKEFILES
def test_the_list_of_targets_has_no_letter_for_a_tab(study):
    listed = make(study, "help").stdout.splitlines()
    assert any(line.startswith("book  ") for line in listed)
    assert r"\t/" not in (study / "Makefile").read_text(encoding="utf-8"), "sed of a Mac"


@pytest.mark.parametrize("name", SAME)
def test_a_new_study_begins_with_the_files_of_this_book(name):
    file, own = TEMPLATE / name, ROOT / SAME[name]
    assert not file.is_symlink()
    assert file.read_bytes() == own.read_bytes(), f"cp {own.relative_to(ROOT)} {file}"


def test_git_gives_the_same_bytes_where_it_changes_line_ends(tmp_path):
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    shutil.copytree(ROOT / "data", origin / "data")
    shutil.copy(ROOT / ".gitattributes", origin)
    author = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "data"]):
        subprocess.run(["git", *arguments], cwd=origin, check=True)
    windows = ["git", "-c", "core.autocrlf=true", "clone", "-q", str(origin), str(clone)]
    subprocess.run(windows, check=True)
    for file in (ROOT / "data").iterdir():
        assert (clone / "data" / file.name).read_bytes() == file.read_bytes(), file.name


def test_the_site_is_published_as_it_is_from_a_branch(book):
    assert (book / ".nojekyll").exists()


# ---- files beside the book's own


def test_a_system_s_and_an_editor_s_own_files_are_nobody_s(tmp_path, monkeypatch):
    for name in ("data", "chapters"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "data" / "._practices.csv").write_bytes(b"\0\5\x16\7")
    (tmp_path / "chapters" / ".#index.md").write_bytes(b"\0")
    assure(tmp_path / "data")
    before = [file.name for file in chapters.every()]
    monkeypatch.setattr(chapters, "CHAPTERS", tmp_path / "chapters")
    assert [file.name for file in chapters.every()] == before


def test_a_chapter_that_no_contents_list_is_named_in_one_sentence(monkeypatch):
    copies = [ROOT / "chapters" / "index.md", ROOT / "chapters" / "index copy.md"]
    monkeypatch.setattr(chapters, "every", lambda language: copies)
    with pytest.raises(chapters.ChapterError) as told:
        chapters.executed("en", {})
    assert str(told.value) == (
        "chapters/index copy.md: not in _toc.yml; list it there, or remove it"
    )


def test_two_locales_of_one_language_are_refused(tmp_path, monkeypatch):
    for name in ("zh_CN", "zh_TW"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    with pytest.raises(Problem, match="locale/zh_TW: there is an edition in zh already, zh_CN"):
        words.editions.__wrapped__()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://example.org/book", "https://example.org/book/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
        ("", ""),
        (None, ""),
        ("example.org/book", None),
        ("https:// x", None),
    ],
)
def test_the_address_of_the_site_is_one_that_a_browser_opens_or_is_refused(
    monkeypatch, given, read
):
    monkeypatch.setattr(the_study, "settings", lambda: {"html": {"baseurl": given}})
    if read is None:
        with pytest.raises(Problem, match=f"baseurl: '{given}' is no address"):
            the_study.address.__wrapped__()
    else:
        assert the_study.address.__wrapped__() == read


# ---- consoles, and a book to pass on


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_a_console_that_is_not_utf_8_breaks_no_command(tmp_path, encoding):
    done = subprocess.run(
        [sys.executable, "-m", "casebook", "accept", "--dry-run"],
        cwd=ROOT,
        env=environment(PYTHONIOENCODING=encoding, PYTHONUTF8="0"),
        capture_output=True,
    )
    assert done.returncode == 0 and done.stderr == b""
    say = "from casebook import command; command.run(lambda: print('“中文” – é') or 0)"
    done = subprocess.run(
        [sys.executable, "-c", say],
        env=environment(PYTHONIOENCODING=encoding),
        capture_output=True,
    )
    assert done.returncode == 0 and done.stdout.strip()


def test_the_book_is_packed_as_a_plain_folder_the_same_each_time(book, tmp_path):
    packed = ROOT / "_build" / "book.zip"
    found = []
    for _ in range(2):
        done = casebook(ROOT, "zip")
        assert done.returncode == 0, done.stderr
        found.append(packed.read_bytes())
    assert found[0] == found[1]
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    files = [path for path in book.rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        copy = tmp_path / "book" / path.relative_to(book)
        assert copy.read_bytes() == path.read_bytes() and not copy.is_symlink()


# ---- kernels and continuous integration


def test_a_kernel_is_of_this_python_whatever_the_machine_calls_python3(tmp_path, monkeypatch):
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    other = {"argv": ["/nowhere/python3"], "display_name": "other", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(other))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert execute.OwnKernel(kernel_name="python3").kernel_spec.argv[0] == sys.executable
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert "--nbval-current-env" in options["addopts"]


@pytest.mark.parametrize(
    ("settings", "code"), [({}, 0), ({"CI": "1"}, 2), ({"CI": "1", "WITHOUT_ARTICLE": "a fork"}, 0)]
)
def test_the_source_check_is_skipped_in_ci_for_a_fork_alone(monkeypatch, capsys, settings, code):
    for name in ("CI", "WITHOUT_ARTICLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert proofs.main(["/nowhere/article.txt"]) == code
    assert ("skipped" in capsys.readouterr().out) is (code == 0)


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\ufeff", "\u2060", "\u200e"])
def test_what_nobody_sees_in_the_article_does_not_matter(article, mark):
    assert split(f"{mark}\n".join(article.splitlines())) == split(article)
    assert split(article.replace("，", f"{mark}，")) == split(article)


def cut_by_columns(line, width):
    """A line in pieces of at most so many columns of a console, as Chinese is wrapped there."""
    pieces = [""]
    for character in line:
        if columns(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return "\n".join(pieces)


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda line: "\n".join(textwrap.wrap(line, 40)),
        lambda line: cut_by_columns(line, 80),
        lambda line: cut_by_columns(line, 37),
    ],
    ids=["40 characters", "80 columns", "37 columns"],
)
def test_an_article_whose_lines_are_wrapped_is_read_as_the_same(article, wrap, between):
    wrapped = between.join(map(wrap, article.splitlines()))
    assert max(map(len, wrapped.splitlines())) <= 80
    assert split(wrapped) == split(article)


def test_an_english_article_whose_lines_are_wrapped_is_read_as_the_same():
    text = "First words of a page\n\n" + "A long opening about bread. " * 12 + "\n\n1. Bread\n"
    text += "Bread is told of in words that are many. " * 9 + "\n2. Salt\n" + "Salt, too. " * 30
    sections = {"0": "", "1": "Bread", "2": "Salt"}
    wrapped = "\n".join(textwrap.fill(line, 44) for line in text.splitlines())
    assert split(wrapped, sections) == split(text, sections)


# ---- browsers


class Playwright:
    """A stand-in for Playwright: of the programs those start that are in `starting`."""

    def __init__(self, starting):
        self.starting, self.chromium = starting, self

    def launch(self, args, executable_path=None):
        from playwright.sync_api import Error

        if executable_path not in self.starting:
            raise Error("it is a stub\nand more")
        return executable_path


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder with every browser’s name, and nothing else in PATH: {name: path}."""
    paths = {}
    for name in (name for name in NAMES if not Path(name).is_absolute()):
        paths[name] = str(tmp_path / name)
        Path(paths[name]).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return paths


def test_a_browser_that_is_a_stub_is_passed_over(programs):
    assert launch(Playwright({programs["google-chrome"]})) == programs["google-chrome"]


def test_a_chosen_browser_that_does_not_start_is_told(programs, monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    assert launch(Playwright({programs["chromium"]})) == programs["chromium"]
    assert "/nowhere/chrome: it is a stub" in capsys.readouterr().err


def test_without_any_browser_each_file_is_named_and_why(programs):
    with pytest.raises(NoBrowser) as told:
        launch(Playwright(set()))
    for path in programs.values():
        assert f"{path}: it is a stub" in str(told.value)
