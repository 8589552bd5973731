"""`make book`: nothing published by halves, nothing old taken for new, same state – same bytes."""

import asyncio
import contextlib
import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from conftest import PATIENCE, ROOT, casebook, copy_of_the_project, environment

from casebook import __main__ as commands
from casebook import chapters, command, evidence, execute, study
from casebook.site import build

pytestmark = pytest.mark.machinery
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "tests")])

# ---- publishing, tried on a book of two pages that is made in a moment


def two_pages(words):
    """What makes a book of two pages with these words: see casebook.site.build.make_site."""

    def make(stage, state):
        site = stage / "en" / "out"
        site.mkdir(parents=True)
        for page in ("a.html", "b.html"):
            (site / page).write_text(words, encoding="utf-8")
        return site, {"en": ["a"]}

    return make


def pages(out):
    """The words of both pages of the published book, once if they are of one book."""
    return {(out / "html" / page).read_text(encoding="utf-8") for page in ("a.html", "b.html")}


@pytest.fixture
def out(tmp_path, monkeypatch):
    """A build folder with the book “old” in it, and sources that are a word.

    Gives (the folder, a function that sets the word).
    """
    folder, word = tmp_path / "_build", ["old"]
    for name, place in (
        ("OUT", ""),
        ("HTML", "html"),
        ("BOOKS", "books"),
        ("RECORD", "cache/book.json"),
    ):
        monkeypatch.setattr(build, name, folder / place)
    monkeypatch.setattr(build.chapters, "state_of_sources", lambda: {"a word": word[0]})
    monkeypatch.setattr(build.chapters, "forget_others", lambda: None)
    build.build(two_pages("old"))
    assert pages(folder) == {"old"}
    return folder, lambda new: word.__setitem__(0, new)


def test_a_book_of_this_very_state_is_not_built_again(out):
    folder, change = out
    digest, fresh = build.build(make=None)
    assert fresh is None and digest == build.site_digest(folder / "html")
    change("new")
    assert build.build(two_pages("new"))[1] == {"en": ["a"]} and pages(folder) == {"new"}
    (folder / "html" / "a.html").write_text("somebody’s own words", encoding="utf-8")
    assert build.build(two_pages("new"))[1] == {"en": ["a"]} and pages(folder) == {"new"}
    shutil.rmtree(folder / "books")
    assert build.build(two_pages("new"))[1] == {"en": ["a"]} and pages(folder) == {"new"}


def test_a_source_that_changes_while_the_book_is_built_is_told_and_nothing_is_published(out):
    folder, change = out
    change("new")

    def make(stage, state):
        change("newer")
        return two_pages("new")(stage, state)

    with pytest.raises(build.BuildError, match="a word changed while the book was built"):
        build.build(make)
    assert pages(folder) == {"old"} and not list(folder.glob("next-*"))
    build.build(two_pages("newer"))
    assert pages(folder) == {"newer"} and len(list((folder / "books").iterdir())) == 1


def test_two_builds_at_once_do_not_mix(out, capsys):
    folder, change = out
    change("new")
    begun, go, fresh = threading.Event(), threading.Event(), {}

    def slow(stage, state):
        begun.set()
        assert go.wait(60)
        return two_pages("new")(stage, state)

    first = threading.Thread(target=lambda: fresh.update(first=build.build(slow)[1]))
    second = threading.Thread(target=lambda: fresh.update(second=build.build(two_pages("new"))[1]))
    first.start()
    assert begun.wait(60)
    second.start()
    messages, late = "", time.monotonic() + PATIENCE / 1000
    while "this one waits" not in messages:
        assert time.monotonic() < late, messages
        time.sleep(0.01)
        messages += capsys.readouterr().err
    assert pages(folder) == {"old"}, "the second has not begun"
    go.set()
    first.join()
    second.join()
    assert fresh == {"first": {"en": ["a"]}, "second": None}, (
        "the second finds the book of the first"
    )
    assert pages(folder) == {"new"} and len(list((folder / "books").iterdir())) == 1


# Build the book “new” over “old” in a process that is killed before its nth change of the disk, for
# every n.
KILLED = """
import json, os, shutil, signal, sys
from pathlib import Path
from casebook.site import build
from test_build import pages, two_pages

def changes(event, arguments):
    if event == "open":
        return bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    names = ("mkdir", "rmdir", "rename", "remove", "symlink", "truncate")
    return event in ("shutil.rmtree", *(f"os.{name}" for name in names))

def set_up(out):
    build.OUT, build.HTML, build.BOOKS = out, out / "html", out / "books"
    build.RECORD = out / "cache" / "book.json"
    build.chapters.state_of_sources = lambda: {"a word": "new"}
    build.chapters.forget_others = lambda: None

def killed(out, at):
    left = [at]
    def step(event, arguments):
        if changes(event, arguments):
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
    sys.addaudithook(step)
    build.build(two_pages("new"))
    os._exit(0)

top, outcomes, at, code = Path(sys.argv[1]), [], 0, None
set_up(top / "first")
build.chapters.state_of_sources = lambda: {"a word": "old"}
build.build(two_pages("old"))
while code != 0:
    out = top / str(at)
    shutil.copytree(top / "first", out, symlinks=True)
    set_up(out)
    if not (child := os.fork()):
        killed(out, at)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = sorted(pages(out))
    build.build(two_pages("new"))
    books, left = len(list((out / "books").iterdir())), len(list(out.glob("next-*")))
    after = [sorted(pages(out)), books, left, (out / "html.new").is_symlink()]
    outcomes.append([code, found, after])
    at += 1
print(json.dumps(outcomes))
"""


def test_a_build_killed_at_any_change_of_the_disk_leaves_a_whole_book_and_the_next_mends_all(
    tmp_path,
):
    """A kill that nothing can catch; the last steps are too short to be met by the clock."""
    command = [sys.executable, "-c", KILLED, tmp_path]
    env = environment(PYTHONPATH=PATHS)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert [code for code, _, _ in outcomes] == [-signal.SIGKILL] * (len(outcomes) - 1) + [0]
    books = [found for _, found, _ in outcomes]
    assert all(found in (["old"], ["new"]) for found in books), "a page of each, or none"
    swapped = books.index(["new"])
    assert swapped > 5 and len(books) > 15
    assert set(map(str, books[swapped:])) == {"['new']"}
    assert [after for _, _, after in outcomes if after != [["new"], 1, 0, False]] == []


# Build “new” over “old” on disks of their own that have no place for the nth file.
FULL = """
import json, os, shutil, subprocess, sys
from pathlib import Path
from casebook.site import build
from casebook import command
from test_build import pages, two_pages
exec(sys.argv[2].partition("top, outcomes")[0])

top, outcomes, room = Path(sys.argv[1]), [], 0
set_up(top / "first")
build.chapters.state_of_sources = lambda: {"a word": "old"}
build.build(two_pages("old"))
kept = sum(1 for _ in (top / "first").rglob("*")) + 1
out = top / "disk"
out.mkdir()
while not outcomes or outcomes[-1][0]:
    size = f"size=1m,nr_inodes={kept + room}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", out], check=True)
    shutil.copytree(top / "first", out, symlinks=True, dirs_exist_ok=True)
    set_up(out)
    try:
        build.build(two_pages("new"))
        problem = ""
    except Exception as error:
        problem = command.explained(error)
    outcomes.append([problem, sorted(pages(out)), [path.name for path in out.glob("next-*")]])
    subprocess.run(["umount", out], check=True)
    room += 1
print(json.dumps(outcomes))
"""


def test_a_disk_that_is_full_at_any_file_is_told_and_leaves_the_last_book(mounted, tmp_path):
    done = mounted([sys.executable, "-c", FULL, tmp_path, KILLED], PYTHONPATH=PATHS)
    assert done.returncode == 0, done.stderr
    *failed, (_, last, _) = json.loads(done.stdout)
    assert last == ["new"] and len(failed) > 3
    for problem, found, left in failed:
        assert os.strerror(errno.ENOSPC) in problem and found in (["old"], ["new"]) and left == []
    assert [found for _, found, _ in failed].count(["old"]) > 2


def test_a_long_log_is_cut_to_a_screen_and_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "OUT", tmp_path)
    monkeypatch.setattr(build, "ROOT", tmp_path)
    stage = tmp_path / "en"
    stage.mkdir()
    (stage / "build.log").write_text("".join(f"line {n}\n" for n in range(100)), encoding="utf-8")
    lines = build.what_process_said(stage, 2).splitlines()
    assert lines[0] == "line 0" and len(lines) == 25
    assert lines[-1] == "… and 76 lines more: failed-en.log"
    assert "line 99" in (tmp_path / "failed-en.log").read_text(encoding="utf-8")


# ---- a real study, of two short chapters in English

FIRST = """---
kernelspec:
  display_name: Python 3
  name: python3
---

(first)=
# The first chapter

```{{code-cell}} ipython3
from casebook import charts, evidence

ev = evidence.load()
open({log!r}, "a").write("x")
list(ev.provinces["name"])
```
"""
SECOND = """# The second chapter

Before it comes {ref}`first`.
"""


def make(folder, **more):
    return casebook(folder, "book", PYTHONPATH=str(folder), **more)


def edit(path, old, new):
    """Put `new` in the place of `old` in a file, as an editor would: its text before."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the fault cannot be planted: {old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text


@contextlib.contextmanager
def edited(path, old, new):
    """A file that is edited within the context, and as before after it."""
    before = edit(path, old, new)
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def digest(folder):
    return build.site_digest(folder / "_build" / "html")


def page(folder, name):
    return (folder / "_build" / "html" / "chapters" / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A copy of the project with two short chapters, built once: its folder.

    “executed” has a letter for each execution.
    """
    folder = copy_of_the_project(tmp_path_factory.mktemp("small"))
    for chapter in (folder / "chapters").glob("*.md"):
        chapter.unlink()
    (folder / "chapters" / "index.md").write_text(
        FIRST.format(log=str(folder / "executed")), encoding="utf-8"
    )
    (folder / "chapters" / "second.md").write_text(SECOND, encoding="utf-8")
    toc = "format: jb-book\nroot: chapters/index\nchapters:\n  - file: chapters/second\n"
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    done = make(folder, CI="")
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "first.log").write_text(done.stderr, encoding="utf-8")
    return folder


def test_a_first_build_says_what_it_does_a_line_a_step(small):
    assert (small / "first.log").read_text(encoding="utf-8").splitlines() == [
        "checking the data",
        "English: executing 2 of 2 chapters",
        "English: making the pages",
    ]


def test_in_ci_a_step_says_nothing(monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    with command.step("three parts", 3) as done:
        done()
    assert capsys.readouterr() == ("", "")


def test_a_person_who_watches_sees_a_bar(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with command.step("three parts", 3) as done:
        for _ in range(3):
            done()
    for words in ("three parts", "━", "3/3"):
        assert words in sys.stderr.getvalue()


def test_a_warning_of_the_pages_is_an_error_and_stays_one_until_it_is_mended(small):
    """Sphinx warns of a chapter when it reads it, and what it has read is kept."""
    before = digest(small)
    wrong = "{numref}`fig-none`\n\n* a list\nwithout its end {nothing}`x`\n\nBefore it"
    with edited(small / "chapters" / "second.md", "Before it", wrong):
        for _ in range(2):
            done = make(small)
            assert done.returncode == 1 and "nothing was published" in done.stderr
            assert "fig-none" in done.stderr and 'role "nothing"' in done.stderr
            assert digest(small) == before
    assert make(small).returncode == 0 and digest(small) == before


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12", "12"),
        ("'Beijing'", "Beijing"),
        ('"the firm\'s"', "the firm's"),
        ("", ""),
        ("'A' and B", "'A' and B"),
    ],
)
def test_a_value_is_shown_as_it_reads(value, text):
    """A list of nobody is an empty text: a fifth pioneer had stopped the book there."""
    assert execute.as_text(value) == text


END = 'list(ev.provinces["name"])\n```\n'  # of the first chapter
INDEX, PRACTICES = "chapters/index.md", "data/practices.csv"
# What is put in the place of what in which file, and the words of the build that stops at it.
FAULTS = {
    "bad data": (
        (PRACTICES, "bj-whistle,CN-BJ", "bj-whistle,CN-XX"),
        ["practices.csv, row 3, column province: 'CN-XX'"],
    ),
    "a failing cell": (
        (INDEX, "ev = evidence.load()", "ev = evidence.lode()"),
        ["chapters/index.md, line 11: a cell failed", "evidence.lode()", "→ AttributeError"],
    ),
    "an unknown value": (
        (INDEX, END, END + "\nIt has {eval}`ev.nothing`.\n"),
        ["chapters/index.md, line 18: ev.nothing: AttributeError"],
    ),
    "a computation": (
        (INDEX, END, END + "\nIt has {eval}`len(ev.provinces)`.\n"),
        ["chapters/index.md, line 18: len(ev.provinces): no name such as"],
    ),
    "an unknown row": (
        (INDEX, END, END + "\nIt has [a row](evidence.md#no-row).\n"),
        ["chapters/index.md:18: WARNING: no row of the evidence"],
    ),
    "a check on another page": (
        (INDEX, END, END + "\n[± refined](method.md#check-organisations-bulletin)\n"),
        ["chapters/index.md:18: WARNING: no row of the evidence", "on the page 'method'"],
    ),
    "another verdict": (
        (INDEX, END, END + "\n[✓ confirmed](checks.md#check-organisations-bulletin)\n"),
        ["chapters/index.md:18", "which is “± refined” today"],
    ),
    "another source": (
        (INDEX, END, END + "\n[Who 1999](method.md#source-lorenz-2016)\n"),
        ["chapters/index.md:18", "which is “Lorenz et al. 2016” today"],
    ),
    "a bare chart": (
        (INDEX, END, "import altair\n\naltair.Chart(ev.terms).mark_point()\n```\n"),
        ["chapters/index.md:11: WARNING: a chart needs a finding", "charts.finish("],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_named_with_its_place_and_the_last_book_stays(small, fault):
    (name, *texts), messages = FAULTS[fault]
    before = digest(small)
    with edited(small / name, *texts):
        done = make(small)
    assert done.returncode == 1 and digest(small) == before
    for words in (*messages, "nothing was published"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_lost_claim_stops_the_book_and_is_marked_in_a_draft(small):
    before = digest(small)
    lost, holds = "claim: len(ev.provinces) == 3", "claim: len(ev.provinces) > 3"
    cell = f"```{{code-cell}} ipython3\n# {holds}\n# {lost}\nlen(ev.provinces)\n```"
    sentence = f"There are three.\n% {lost}\n% {holds}\n"
    more = f"{END}\n{sentence}\n{cell}\n\nThe end.\n"
    with edited(small / "chapters" / "index.md", END, more):
        done = make(small)
        assert done.returncode == 1 and digest(small) == before
        draft = make(small, DRAFT="1")
    line = "chapters/index.md, line {}: len(ev.provinces) == 3 no longer holds: “{}…”"
    assert line.format(19, "There are three.") in done.stderr
    assert line.format(24, "len(ev.provinces)") in done.stderr
    parts = page(small, "index").split('class="lost-ground"')
    assert draft.returncode == 0 and len(parts) == 3
    assert "There are three." in parts[0] and "cell_output" in parts[1] and "The end" in parts[2]
    assert make(small).returncode == 0 and digest(small) == before


def test_what_was_read_before_gives_the_very_book_that_a_cold_build_gives(small):
    """Another chapter shows the heading; a file put back has its old date; one comes and goes."""
    first, second, toc = (
        small / name for name in ("chapters/index.md", "chapters/second.md", "_toc.yml")
    )
    assert make(small).returncode == 0
    before, good = digest(small), second.read_text(encoding="utf-8")
    dated = first.stat().st_mtime_ns
    heading = edit(first, "# The first chapter", "# The chapter of the beginning")
    assert make(small).returncode == 0 and "The chapter of the beginning" in page(small, "second")
    warm = digest(small)
    shutil.rmtree(small / "_build")
    assert make(small).returncode == 0 and digest(small) == warm != before
    first.write_text(heading, encoding="utf-8")
    os.utime(first, ns=(dated, dated))
    contents = edit(
        toc, "  - file: chapters/second\n", "  - file: chapters/second\n  - file: chapters/third\n"
    )
    (small / "chapters" / "third.md").write_text("# The third chapter\n", encoding="utf-8")
    assert make(small).returncode == 0 and "The third chapter" in page(small, "index")
    (small / "chapters" / "third.md").unlink()
    toc.write_text(contents, encoding="utf-8")
    assert second.read_text(encoding="utf-8") == good
    assert make(small).returncode == 0 and digest(small) == before


def test_a_chapter_is_executed_once_however_often_its_prose_changes(small):
    """Nor does MyST-NB execute what it finds: with another kernel name, say."""
    text, executed = small / "chapters" / "index.md", small / "executed"
    before = executed.read_text(encoding="utf-8")
    with edited(text, "# The first chapter", "# The first chapter\n\nNew prose."):
        done = make(small)
    assert "New prose." in page(small, "index") and "Guangdong" in page(small, "index")
    assert done.returncode == 0 and executed.read_text(encoding="utf-8") == before
    with edited(text, 'list(ev.provinces["name"])', 'sorted(ev.provinces["name"])'):
        done = make(small)
    assert done.returncode == 0 and executed.read_text(encoding="utf-8") == before + "x"


def test_a_change_in_the_data_is_in_the_next_book(small):
    with edited(small / "data" / "provinces.csv", "CN-GD,Guangdong", "CN-GD,Canton"):
        done = make(small)
    assert done.returncode == 0 and "Canton" in page(small, "index"), done.stderr


def running_in(folder):
    """The processes that have a folder in their command or as their place."""
    return [
        one
        for one in psutil.process_iter(["cmdline", "cwd"])
        if str(folder) in f"{one.info['cmdline']} {one.info['cwd']}"
    ]


# How far a build is, by what there is of it in _build/.
MOMENTS = {
    "begun": "next-*/en/_config.yml",
    "a chapter executed": "cache/executed/*.json",
    "a page made": "next-*/en/out/chapters/index.html",
    "pages made": "next-*/en/out/_static/vega.js",
}


@pytest.mark.long
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_real_build_that_is_killed_leaves_the_last_book_and_no_process(small, moment):
    assert make(small).returncode == 0
    before = digest(small)
    shutil.rmtree(small / "_build" / "cache")
    command = [sys.executable, "-m", "casebook", "book"]
    env = environment(PYTHONPATH=str(small))
    with edited(small / "data" / "provinces.csv", "CN-GD,Guangdong", "CN-GD,Canton"):
        running = subprocess.Popen(command, cwd=small, env=env, stderr=subprocess.DEVNULL)
        while not list((small / "_build").glob(moment)):
            assert running.poll() is None, f"it ended, and {moment} was not seen"
        running.kill()
        running.wait()
        assert digest(small) == before
        late = time.monotonic() + 60
        while left := running_in(small):
            assert time.monotonic() < late, f"still running: {left}"
            time.sleep(0.1)
    assert make(small).returncode == 0 and digest(small) == before
    assert not list((small / "_build").glob("next-*")), (
        "what a killed build left is gone after the next"
    )


REAL_AND_FULL = """
mount -t tmpfs -o size={size}k none _build && cp -a before/. _build && {python} -m casebook book
echo "exit $?"
{python} -c "from casebook.site import build; print(build.site_digest(build.HTML))"
"""


@pytest.mark.long
@pytest.mark.parametrize("room", [0.1, 0.5, 0.9])
def test_a_real_build_on_a_full_disk_is_told_and_the_last_book_stays(mounted, small, room):
    """The build folder on a small disk, with room for this share of what a build writes."""
    assert make(small).returncode == 0
    before = digest(small)
    shutil.rmtree(small / "before", ignore_errors=True)
    shutil.copytree(
        small / "_build", small / "before", symlinks=True, ignore=shutil.ignore_patterns("cache")
    )
    size = (
        sum(path.stat().st_size for path in (small / "before").rglob("*") if path.is_file()) / 1024
    )
    script = REAL_AND_FULL.format(size=int(size * (1.15 + room)), python=sys.executable)
    done = mounted(["sh", "-c", script], small, PYTHONPATH=str(small))
    shutil.rmtree(small / "before")
    assert "exit 1" in done.stdout and before in done.stdout, done.stdout + done.stderr
    assert "the disk is full" in done.stderr and "nothing was published" in done.stderr


# ---- never stale


CHAPTER = """---
kernelspec:
  display_name: Python 3
  name: python3
---

# {name}

```{{code-cell}} ipython3
from casebook import charts, evidence
len(evidence.load().{table})
```
"""
# Executes what is to be executed of the edition named in each line of standard input.
EXECUTED = """
import json, sys
from casebook import chapters
for line in sys.stdin:
    print(json.dumps(chapters.executed(line.strip(), chapters.state_of_sources())), flush=True)
"""


def test_a_chapter_is_executed_when_something_that_it_depends_on_changed_and_only_then(tmp_path):
    folder = copy_of_the_project(tmp_path / "project")
    for chapter in (folder / "chapters").glob("*.md"):
        chapter.unlink()
    for table in ("terms", "provinces"):
        (folder / "chapters" / f"{table}.md").write_text(
            CHAPTER.format(name=table, table=table), encoding="utf-8"
        )
    (folder / "_toc.yml").write_text(
        "root: chapters/terms\nchapters:\n- file: chapters/provinces\n", encoding="utf-8"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", EXECUTED],
        cwd=folder,
        env=environment(PYTHONPATH=str(folder), CI="true"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def executed(language="en"):
        running.stdin.write(f"{language}\n")
        running.stdin.flush()
        return json.loads(running.stdout.readline())

    assert executed() == ["provinces", "terms"], "the first time"
    assert executed() == []
    edit(folder / "chapters" / "terms.md", "# terms", "# Terms of the field\n\nProse.")
    assert executed() == [], "prose executes nothing"
    edit(folder / "data" / "terms.csv", ",seen,", ",close,")
    assert executed() == ["terms"], "a table executes the chapters that read it"
    edit(folder / "data" / "provinces.csv", "Guangdong", "Canton")
    assert executed() == ["provinces"]
    edit(folder / "data" / "practices.csv", "The article", "This article")
    assert executed() == [], "a table that none of them reads"
    edit(folder / "casebook" / "site" / "pdf.py", '"""', '"""A word. ')
    assert executed() == [], "a module that no chapter loads"
    edit(folder / "casebook" / "charts" / "between.py", '"""', '"""A word. ')
    assert executed() == ["provinces", "terms"], "a module that they load"
    edit(folder / "data" / "datapackage.json", '"version": "', '"version": "9')
    assert executed() == ["provinces", "terms"], "the schema"
    edit(folder / "chapters" / "terms.md", "len(evidence", "2 * len(evidence")
    assert executed() == ["terms"], "its own code"
    for kept in (folder / "_build" / "cache" / "executed").iterdir():
        kept.write_text(kept.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    assert executed() == ["provinces", "terms"], "what is kept is not whole"
    running.communicate()


def test_what_is_kept_holds_for_these_installed_versions_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr(chapters, "KEPT", tmp_path)
    chapter, now = chapters.every()[0], chapters.state_of_sources()
    text = chapter.read_text(encoding="utf-8")
    empty = execute.nbformat.v4.new_notebook()
    chapters.keep(chapter, empty, chapters.code_digest(text), now[study.name_of(chapter)], {})
    assert chapters.kept(chapter, now) is not None
    assert chapters.kept(chapters.folder("zh") / chapter.name, now) is None
    monkeypatch.setattr(chapters, "versions", lambda: "another Altair")
    assert chapters.kept(chapter, now) is None


def test_nothing_but_what_is_kept_gives_a_page_its_outputs():
    """MyST-NB itself executes nothing, and a chapter of which nothing is kept is an error."""
    assert build.config("en")["execute"]["execute_notebooks"] == "off"
    with pytest.raises(chapters.ChapterError, match="was not executed"):
        chapters.read(CHAPTER.format(name="never", table="seen"))


# Before a chapter: what validates reads every file, and is not what is asked.
ASIDE = """
import json, sys
from casebook import evidence
from casebook.evidence import joins
joins.assure = lambda folder: None
seen = set()
def note(event, arguments):
    if event == "open" and str(evidence.DATA) in str(arguments[0]):
        seen.add(str(arguments[0]))
sys.addaudithook(note)
"""


def test_what_a_chapter_takes_from_data_is_what_it_is_kept_under(tmp_path, monkeypatch):
    """A chapter depends on every file of data/ that its execution opens, but for validation."""
    cells_of, Cell = execute.cells_of, chapters.Cell

    def watched(text):
        file = str(tmp_path / chapters.digest(text.encode()))
        tell = f"print(json.dumps(sorted(seen)), file=open({file!r}, 'w'))"
        return [Cell(ASIDE, is_code=True), *cells_of(text), Cell(tell, is_code=True)]

    monkeypatch.setattr(execute, "cells_of", watched)

    async def all_of_them():
        free = asyncio.Semaphore(2)

        async def one(chapter):
            async with free:
                return await execute.traced(chapter)

        return await asyncio.gather(*map(one, chapters.every()))

    # Where another test's browser runs, this thread has a loop already.
    with ThreadPoolExecutor(1) as aside:
        done = aside.submit(lambda: asyncio.run(all_of_them())).result()
    for chapter, (_, files) in zip(chapters.every(), done, strict=True):
        listed = tmp_path / chapters.digest(chapter.read_bytes())
        seen = json.loads(listed.read_text(encoding="utf-8"))
        assert set(seen) <= set(map(str, files)) and len(seen) > 2, chapter.stem


# ---- the whole book


def test_nothing_of_this_machine_is_in_the_book(book):
    own = [str(ROOT), os.uname().nodename, str(Path.home()) + "/"]
    for path in book.rglob("*"):
        if path.suffix in (".html", ".js", ".css", ".json", ".csv", ".svg", ".txt", ".inv"):
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [word for word in own if len(word) > 6 and word in text], path


def test_a_page_has_the_year_of_the_study_and_no_other(book):
    """Sphinx puts the year of SOURCE_DATE_EPOCH in the place of this one."""
    year = study.settings()["copyright"]
    for page in (book / "chapters" / "index.html", book / "zh" / "chapters" / "index.html"):
        text = page.read_text(encoding="utf-8")
        assert re.search(rf"©[^.]*{year}", text), page


# ---- commands and errors are for people


def test_an_error_that_nobody_foresaw_is_one_screen_and_a_traceback_only_when_asked():
    code = "from casebook.command import run; run(lambda: {}['x'])"
    for arguments in ([], ["--debug"]):
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 1 and ("Traceback" in done.stderr) == bool(arguments)
        for words in ("unexpected: KeyError: 'x'", "line 1", "--debug"):
            assert words in done.stderr


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_every_command_starts_and_says_what_it_does(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["casebook", name, "--help"])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    assert ended.value.code == 0 and f"usage: casebook {name}" in capsys.readouterr().out


def test_the_makefiles_call_commands_that_there_are():
    called = {
        found
        for makefile in (ROOT / "Makefile", ROOT / "casebook" / "new" / "template" / "Makefile")
        for found in re.findall(r"-m casebook(?: (\S+)|\.)", makefile.read_text(encoding="utf-8"))
    }
    assert len(called) > 8 and called <= set(commands.COMMANDS)
    assert evidence.DATA.exists()
