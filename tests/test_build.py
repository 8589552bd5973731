"""`make book`: nothing is published by halves, nothing old is taken for new, and the same state gives the same bytes."""

import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from conftest import ROOT, must

from casebook import build, command, execute, study

BOOK = [sys.executable, "-m", "casebook.build", "book"]
KILLS = 20  # moments, evenly over a whole build, at which one is killed


def copied(folder, *chapters):
    """A copy of the project in `folder`, English only, with the given chapters."""
    for name in ("casebook", "data", "chapters"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for chapter in (folder / "chapters").glob("*.md"):
        if chapter.stem not in chapters:
            chapter.unlink()
    shutil.copy(ROOT / "_config.yml", folder)
    toc = "".join(f"  - file: chapters/{name}\n" for name in chapters[1:])
    (folder / "_toc.yml").write_text(
        f"format: jb-book\nroot: chapters/{chapters[0]}\n{'chapters:' if toc else ''}\n{toc}", encoding="utf-8"
    )
    return folder


def within(folder):
    return {**os.environ, "PYTHONPATH": str(folder)}


def make(folder, **environment):
    return subprocess.run(BOOK, cwd=folder, env={**within(folder), **environment}, capture_output=True, text=True)


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the fault cannot be planted: {old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A copy of the project with one chapter, built once: its folder."""
    folder = copied(tmp_path_factory.mktemp("small"), "index")
    path = folder / "chapters" / "index.md"
    text = path.read_text(encoding="utf-8")
    # Its links lead to chapters that are not here.
    for name in ("method", "evidence", "top-level-design", "participation", "rule-of-law", "smart-governance", "jiangsu"):
        text = text.replace(f"({name}.md)", "(https://example.org)")
    path.write_text(text, encoding="utf-8")
    done = make(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def digest(folder):
    return build.site_digest(folder / "_build" / "html")


# ---- nothing half published


def test_bad_data_stops_the_build_before_it_begins_and_the_last_book_stays(small):
    before, path = digest(small), small / "data" / "practices.csv"
    good = edit(path, "bj-whistle,CN-BJ", "bj-whistle,CN-XX")
    done = make(small)
    path.write_text(good, encoding="utf-8")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "practices.csv, row 3, column province: 'CN-XX'" in done.stderr and "nothing was published" in done.stderr
    assert digest(small) == before


def test_a_failing_cell_is_named_with_its_error_and_the_last_book_stays(small):
    before, path = digest(small), small / "chapters" / "index.md"
    good = edit(path, "ev = evidence.load()", "ev = evidence.lode()")
    done = make(small)
    path.write_text(good, encoding="utf-8")
    assert done.returncode == 1 and "nothing was published" in done.stderr and "Traceback" not in done.stderr
    assert "index: a cell failed, number 0" in done.stderr and "ev = evidence.lode()" in done.stderr
    assert "→ AttributeError" in done.stderr
    assert digest(small) == before


def test_a_warning_of_the_pages_is_an_error_and_the_last_book_stays(small):
    before, path = digest(small), small / "chapters" / "index.md"
    good = edit(path, "# The study on one page", "# The study on one page\n\n{numref}`fig-none`\n")
    done = make(small)
    path.write_text(good, encoding="utf-8")
    assert done.returncode == 1 and "fig-none" in done.stderr and "nothing was published" in done.stderr
    assert digest(small) == before


def test_a_long_log_is_cut_to_a_screen_and_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "OUT", tmp_path)
    monkeypatch.setattr(build, "ROOT", tmp_path)
    stage = tmp_path / "en"
    stage.mkdir()
    (stage / "build.log").write_text("".join(f"line {n}\n" for n in range(100)), encoding="utf-8")
    told = build.what_failed(stage, 2).splitlines()
    assert told[0] == "line 0" and told[-1] == "… and 76 lines more: failed-en.log" and len(told) == 25
    assert "line 99" in (tmp_path / "failed-en.log").read_text(encoding="utf-8")


def test_a_change_in_the_data_is_in_the_next_book(small):
    path = small / "data" / "provinces.csv"
    good = edit(path, "CN-GD,Guangdong", "CN-GD,Canton")
    done = make(small)
    path.write_text(good, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    page = (small / "_build" / "html" / "chapters" / "index.html").read_text(encoding="utf-8")
    assert ">Canton</" in page  # in the chart's own drawing, too
    assert make(small).returncode == 0


def test_a_source_that_changes_while_the_book_is_built_is_told_and_nothing_is_published(small):
    before, path = digest(small), small / "data" / "provinces.csv"
    running = subprocess.Popen(BOOK, cwd=small, env=within(small), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while running.poll() is None and not list((small / "_build").glob("next-*/en/build.log")):
        time.sleep(0.05)
    good = edit(path, "CN-GD,Guangdong", "CN-GD,Canton")
    told = running.communicate()[1]
    path.write_text(good, encoding="utf-8")
    assert running.returncode == 1 and "data/provinces.csv changed while the book was built" in told
    assert digest(small) == before


def test_two_builds_at_once_do_not_mix(small):
    before = digest(small)
    running = [
        subprocess.Popen(BOOK, cwd=small, env=within(small), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [one.communicate() for one in running]
    assert [one.returncode for one in running] == [0, 0], told
    assert sum("this one waits" in error for _, error in told) == 1
    assert digest(small) == before and len(list((small / "_build" / "books").iterdir())) == 1


def test_a_build_killed_at_any_moment_leaves_the_last_book_whole(small):
    """Each kill, which nothing can catch, comes to a build of another state than the published one."""
    old, path = digest(small), small / "data" / "provinces.csv"
    good = edit(path, "CN-GD,Guangdong", "CN-GD,Canton")
    begun = time.monotonic()
    assert make(small).returncode == 0
    lasted, new = time.monotonic() - begun, digest(small)
    assert old != new
    path.write_text(good, encoding="utf-8")
    assert make(small).returncode == 0
    path.write_text(good.replace("CN-GD,Guangdong", "CN-GD,Canton"), encoding="utf-8")
    ended = []
    for moment in range(KILLS):
        running = subprocess.Popen(BOOK, cwd=small, env=within(small), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(lasted * (moment + 0.5) / KILLS)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        ended.append(running.returncode)
        assert digest(small) in (old, new), f"killed after {moment + 0.5} of {KILLS} parts of a build"
    path.write_text(good, encoding="utf-8")
    assert ended.count(-signal.SIGKILL) >= KILLS / 2, ended
    deadline = time.monotonic() + 30
    while left := [one for one in psutil.process_iter(["cmdline"]) if str(small) in " ".join(one.info["cmdline"] or ())]:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.2)
    assert make(small).returncode == 0 and digest(small) == old
    assert not list((small / "_build").glob("next-*")), "what a killed build left is gone after the next"


SWAP = """
import os, signal, sys
from pathlib import Path
from casebook import build
build.OUT = Path(sys.argv[1]); build.HTML, build.BOOKS = build.OUT / "html", build.OUT / "books"
left = int(sys.argv[2])
def step(event, arguments):
    global left
    if event != "os.kill" and (event.split(".")[0] in ("os", "shutil", "tempfile") or event == "open"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
build.publish(build.OUT / "new", "new")
"""


def test_the_swap_itself_can_be_killed_before_every_single_step(tmp_path):
    """The last moments of a build are too short to be met by the clock: here each call to the system is one moment."""
    steps, codes, seen = 0, [], set()
    while not codes or codes[-1]:
        out = tmp_path / f"{steps}"
        (out / "books" / "old").mkdir(parents=True)
        (out / "html").symlink_to("books/old")
        (out / "new").mkdir()
        for name, site in (("old", out / "books" / "old"), ("new", out / "new")):
            for page in ("a.html", "b.html"):
                (site / page).write_text(name, encoding="utf-8")
        codes.append(subprocess.run([sys.executable, "-c", SWAP, out, str(steps)], cwd=ROOT).returncode)
        pages = [(out / "html" / page).read_text(encoding="utf-8") for page in ("a.html", "b.html")]
        assert pages in (["old", "old"], ["new", "new"]), f"killed before step {steps}: {pages}"
        seen.add(pages[0])
        steps += 1
    assert set(codes[:-1]) == {-signal.SIGKILL} and steps > 5 and seen == {"old", "new"}


FULL = """
mount -t tmpfs -o size={size}k none _build && cp -a before/. _build && {python} -m casebook.build book
echo "exit $?"
{python} -c "from casebook import build; print(build.site_digest(build.HTML))"
"""


@pytest.mark.parametrize("room", [0.1, 0.5, 0.9])
def test_a_full_disk_is_told_and_the_last_book_stays(small, room):
    """The build folder on a small disk of its own: there is room for this share of what a build writes."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        must("no namespaces (unshare -rm): a full disk cannot be made here")
    before = digest(small)
    shutil.rmtree(small / "before", ignore_errors=True)
    shutil.copytree(small / "_build", small / "before", symlinks=True, ignore=shutil.ignore_patterns("cache"))
    size = sum(path.stat().st_size for path in (small / "before").rglob("*") if path.is_file()) / 1024
    script = FULL.format(size=int(size * (1.15 + room)), python=sys.executable)
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], cwd=small, env=within(small), capture_output=True, text=True)
    shutil.rmtree(small / "before")
    assert "exit 1" in done.stdout and before in done.stdout, done.stdout + done.stderr
    assert "the disk is full" in done.stderr and "nothing was published" in done.stderr


# ---- the same everywhere


def test_two_cold_builds_are_the_same_bytes(book, tmp_path):
    """The whole book again, without any cache, in another folder, time zone and locale."""
    for name in ("casebook", "data", "chapters", "locale"):
        shutil.copytree(ROOT / name, tmp_path / "elsewhere" / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("_config.yml", "_toc.yml", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path / "elsewhere")
    done = make(tmp_path / "elsewhere", TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    there, here = tmp_path / "elsewhere" / "_build" / "html", book
    names = [{path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} for site in (here, there)]
    assert names[0] == names[1]
    assert [name for name in sorted(names[0]) if (here / name).read_bytes() != (there / name).read_bytes()] == []
    assert f"sha256 {build.site_digest(here)}" in done.stdout


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
BRING = (
    "import json, sys; from pathlib import Path; from casebook import execute; print(json.dumps(execute.bring(*sys.argv[1:])))"
)


def test_a_chapter_is_executed_when_something_that_it_depends_on_changed_and_only_then(tmp_path):
    folder = copied(tmp_path / "project", "none")
    for table in ("terms", "provinces"):
        text = CHAPTER.format(name=table, table=table)
        (folder / "chapters" / f"{table}.md").write_text(text, encoding="utf-8")
    turn = iter(range(99))

    def executed(language="en"):
        code = [sys.executable, "-c", BRING, language, tmp_path / f"cache-{next(turn)}"]
        done = subprocess.run(code, cwd=folder, env=within(folder), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

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
    edit(folder / "casebook" / "pdf.py", '"""', '"""A word. ')
    assert executed() == [], "a module that no chapter loads"
    edit(folder / "casebook" / "charts.py", '"""', '"""A word. ')
    assert executed() == ["provinces", "terms"], "a module that they load"
    edit(folder / "data" / "datapackage.json", '"version": "', '"version": "9')
    assert executed() == ["provinces", "terms"], "the schema"
    edit(folder / "chapters" / "terms.md", "len(evidence", "2 * len(evidence")
    assert executed() == ["terms"], "its own code"
    for kept in (folder / "_build" / "cache" / "executed").iterdir():
        kept.write_text(kept.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    assert executed() == ["provinces", "terms"], "what is kept is not whole"


def test_the_book_is_made_from_what_is_kept_and_myst_nb_executes_nothing_itself(small):
    """Otherwise it would execute, unseen, what it does not find: with another kernel name, say."""
    probe = small / "casebook" / "evidence.py"
    count = f"open({str(small / 'loads')!r}, 'a').write('x')"
    good = edit(
        probe,
        "def load(folder=DATA):",
        f"def load(folder=DATA):\n    {count}\n    return Evidence(folder)\n\n\ndef _load(folder=DATA):",
    )
    try:
        assert "en: index" in make(small).stdout
        first = (small / "loads").read_text(encoding="utf-8")
        done = make(small)
        again = (small / "loads").read_text(encoding="utf-8").removeprefix(first)
    finally:
        probe.write_text(good, encoding="utf-8")
    # One load for the pages, and in the first build one in the chapter's kernel.
    assert "en: none" in done.stdout and (first, again) == ("xx", "x")


def test_what_a_chapter_takes_from_data_is_what_it_is_kept_under(tmp_path, monkeypatch):
    """Every file of data/ that an execution opens, other than to validate, is among those it depends on."""
    code = """
import json, sys
from casebook import evidence
evidence.validate = lambda folder=evidence.DATA: []
seen = set()
sys.addaudithook(lambda event, a: seen.add(str(a[0])) if event == "open" and str(evidence.DATA) in str(a[0]) else None)
"""
    for chapter in sorted(execute.CHAPTERS.glob("*.md")):
        cells = [
            code,
            *execute.code_cells(chapter),
            f"print('seen', json.dumps(sorted(seen)), file=open({str(tmp_path / 'seen')!r}, 'w'))",
        ]
        monkeypatch.setattr(execute, "code_cells", lambda _, cells=cells: cells)
        _, files = execute.traced(chapter, "en")
        monkeypatch.undo()
        seen = json.loads((tmp_path / "seen").read_text(encoding="utf-8").removeprefix("seen "))
        assert set(seen) <= set(map(str, files)) and len(seen) > 2, chapter.stem


# ---- errors are for people


def test_an_error_that_nobody_foresaw_is_one_screen_and_a_traceback_only_when_asked(tmp_path):
    code = "from casebook.command import run; run(lambda: {}['x'])"
    for arguments, words, screens in (([], "Traceback", False), (["--debug"], "Traceback", True)):
        done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 1 and (words in done.stderr) == screens
        assert "unexpected: KeyError: 'x'" in done.stderr and "line 1" in done.stderr and "--debug" in done.stderr


@pytest.mark.parametrize("name", re.findall(r"-m casebook\.(\w+)", (ROOT / "Makefile").read_text(encoding="utf-8")))
def test_every_command_of_the_makefile_ends_as_the_others_do(name):
    """Whatever a command's own functions are called: it starts, and a failure of it is told in words."""
    module = importlib.import_module(f"casebook.{name}")
    ending = Path(module.__file__).read_text(encoding="utf-8").partition('if __name__ == "__main__":')[2]
    assert re.search(r"\brun\(", ending) and module.run is command.run
