"""Build the book, or open it in JupyterLab.

The editions are built side by side, English at the root of the site and every other one in a folder
of its language. A build goes to a folder of its own and takes the place of the last one, in one
step, only when all of it went well. Bad data, a failing cell, a warning, a full disk or a kill
leaves the last good book where it was.
"""

import argparse
import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml
from filelock import FileLock, Timeout

from casebook import chapters, evidence, study
from casebook.command import Problem, explained, step
from casebook.evidence.valid import assure
from casebook.site.downloads import zipped
from casebook.study import CHAPTERS, OUT, ROOT, put
from casebook.words import LABELS, SOURCE, editions, own_name, say, site_of, the_book

HTML = OUT / "html"  # a link to the last good book among BOOKS
BOOKS = OUT / "books"
RECORD = OUT / "cache" / "book.json"  # of which state the last good book is
DOCTREES = OUT / "cache" / "doctrees"  # what Sphinx has read of the chapters, by edition
READ_STATE = OUT / "cache" / "read.json"  # of which state DOCTREES is
ROOM = 100  # MB that a build takes, in its own folder and as a book
LOST = (
    "{} claims no longer hold: write the sentences above them anew, "
    "or build with DRAFT=1, which marks them on their pages"
)
# What jupytext would write into a chapter at each save: versions, results of inline expressions.
NOT_WRITTEN = {
    "notebook_metadata_filter": "-jupytext.text_representation.format_version,"
    "-jupytext.text_representation.jupytext_version,-kernelspec.language",
    "cell_metadata_filter": "-user_expressions",
}
SCREEN_LINES = 24  # lines of what a failed build says


class BuildError(Problem):
    """The book cannot be built."""


def source_folder(language):
    """The folder in which Sphinx finds `chapters/` of a book.

    Every book has the same documents there, and so the same addresses.
    """
    if language == SOURCE:
        return ROOT
    folder = OUT / "cache" / "source" / language
    link = folder / CHAPTERS.name
    if not link.is_symlink():
        folder.mkdir(parents=True, exist_ok=True)
        link.symlink_to(chapters.folder(language), target_is_directory=True)
    return folder


def config(language):
    """`_config.yml` in an edition's language, for chapters that are executed already: a dict."""
    settings = copy.deepcopy(study.settings())
    settings |= {key: the_book(key, language) for key in ("title", "author")}
    settings["execute"] |= {"execute_notebooks": "off"}
    if site_of(language):
        settings["html"]["baseurl"] = site_of(language)
    settings["sphinx"]["config"] |= {
        "nb_custom_formats": {".md": "casebook.chapters.read"},
        "language": SOURCE if language == SOURCE else editions()[language],
        "numfig_format": {"figure": say(LABELS["figure_n"], language, number="%s")},
        "nb_code_prompt_show": say(LABELS["code_show"], language),
        "nb_code_prompt_hide": say(LABELS["code_hide"], language),
    }
    return settings


def start(language, stage, doctrees):
    """Start the process that makes one edition's pages into the folder `stage`: a Popen.

    It waits for a line on its standard input, which says that every chapter is executed. What it
    says itself goes to build.log in `stage`. `doctrees` is the folder of what Sphinx has read
    before.
    """
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    settings = yaml.safe_dump(config(language), allow_unicode=True)
    (stage / "_config.yml").write_text(settings, encoding="utf-8")
    environment = {
        # The day of the data, where a tool would print the time of the build.
        "SOURCE_DATE_EPOCH": f"{evidence.created_on(evidence.descriptor()).timestamp():.0f}",
        **os.environ,
        "CASEBOOK_LANGUAGE": language,
        "PYTHONHASHSEED": "0",
    }
    with (stage / "build.log").open("w", encoding="utf-8") as log:
        # In a session of its own, it can be ended with all that it has started. The pipe tells it
        # when this process is gone.
        return subprocess.Popen(
            [sys.executable, "-m", "casebook.site.pages", str(stage), str(doctrees)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            bufsize=0,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )


def what_process_said(stage, code):
    """What a process said before it ended with the exit code `code`, and where the rest of it is.

    The text is as much as fits on a screen.
    """
    log = stage / "build.log"
    text = log.read_text(encoding="utf-8", errors="replace").strip() if log.exists() else ""
    # Without colours, and with the chapters where their author has them.
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = text.replace(f"{source_folder(stage.name)}/chapters", f"{chapters.folder(stage.name)}")
    text = text.replace(f"{ROOT}/", "")
    if code < 0:
        text += f"\nit was ended by the signal {signal.Signals(-code).name}"
    lines = text.strip().splitlines() or [f"it ended with code {code} and without a word"]
    if len(lines) > SCREEN_LINES:
        whole = OUT / f"failed-{stage.name}.log"
        with suppress(OSError):  # on a full disk
            whole.write_text(text, encoding="utf-8")
            rest = f"{len(lines) - SCREEN_LINES} lines more: {whole.relative_to(ROOT)}"
            lines = [*lines[:SCREEN_LINES], f"… and {rest}"]
    return "\n".join(lines)


@contextmanager
def one_build_at_a_time():
    """Hold the lock that lets one build at a time write into `_build`; another build waits."""
    OUT.mkdir(exist_ok=True)
    lock = FileLock(OUT / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        message = "another build of this book is under way; this one waits for it to end"
        print(message, file=sys.stderr, flush=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def staged():
    """A folder for one build, which is gone after it. What a killed build has left goes first."""
    for leftover in OUT.glob("next-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix="next-", dir=OUT))
    try:
        yield stage
    except (Problem, OSError) as error:
        free = shutil.disk_usage(OUT).free / 1e6  # before the folder's own room is given back
        if free < ROOM:
            full = f"the disk is full, or nearly: {free:.0f} MB are free"
            needs = f"a build needs about {ROOM}"
            raise BuildError(f"{explained(error)}\n{full}, and {needs}") from error
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def make_site(stage, state):
    """Execute the chapters and make every edition's pages in `stage`, side by side.

    `state` is that of the sources. Returns (the whole site's folder, {language: names of the
    chapters executed}). Raises a Problem that has what each edition said.
    """
    # What Sphinx has read holds for another text of a chapter, and for nothing else that changed.
    # A build that fails leaves none of it: the next one would take what was read with a warning for
    # good.
    others = {name: raw for name, raw in state.items() if Path(name).parent != Path(CHAPTERS.name)}
    if recorded(READ_STATE) != others:
        shutil.rmtree(DOCTREES, ignore_errors=True)
    READ_STATE.unlink(missing_ok=True)
    running = {name: start(name, stage / name, DOCTREES / name) for name in editions()}
    try:
        fresh, wrong, lost = {}, [], []
        # The other editions first: their pages take longer, and are made while the source's
        # chapters are executed.
        for language in reversed(running):
            try:
                fresh[language] = chapters.executed(language, state)
                lost = chapters.lost_claims(language, state) + lost
                if chapters.DRAFT or not lost:
                    running[language].stdin.write(b"\n")
            except chapters.ChapterError as error:
                wrong.insert(0, str(error))
        if wrong:
            raise chapters.ChapterError("\n".join(wrong))
        if lost and not chapters.DRAFT:
            raise BuildError("\n".join([LOST.format(len(lost)), *lost]))
        with step(f"{' and '.join(map(own_name, running))}: making the pages"):
            codes = {language: process.wait() for language, process in running.items()}
    finally:
        for process in running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    sites = {language: stage / language / "out" for language in running}
    failures = [
        f"{own_name(language)}:\n{what_process_said(stage / language, code)}"
        for language, code in codes.items()
        if code or not (sites[language] / "chapters" / "index.html").exists()
    ]
    if failures:
        raise BuildError("\n".join(failures))
    put(READ_STATE, json.dumps(others).encode())
    whole = sites.pop(SOURCE)
    for language, site in sites.items():
        site.rename(whole / language)
    return whole, fresh


def recorded(path):
    """The value of a JSON file, or None if there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def site_digest(folder):
    """SHA-256 over every file of a built site, by name, as hexadecimal digits.

    Two builds of one state have the same.
    """
    lines = sorted(
        f"{path.relative_to(folder).as_posix()}\0{chapters.digest(path.read_bytes())}\n"
        for path in folder.rglob("*")
        if path.is_file()
    )
    return chapters.digest("".join(lines).encode())


def publish(whole, name):
    """Put the finished site `whole` in the place of the last one, in one step.

    `_build/html` is a link, and a new link is renamed over the old one. `name` is the site's among
    `_build/books`, of which only the newest stays.
    """
    BOOKS.mkdir(exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=BOOKS))
    whole.rename(new)
    link = OUT / "html.new"
    link.unlink(missing_ok=True)
    link.symlink_to(new.relative_to(OUT), target_is_directory=True)
    link.replace(HTML)
    for old in BOOKS.iterdir():
        if old != new:
            shutil.rmtree(old, ignore_errors=True)


def build(make=make_site):
    """Make the book and put it into _build/html, unless the book there is of this very state.

    `make(stage, state)` is as `make_site`. Returns (the site's digest, {language: names of the
    chapters executed}), the second None where nothing had changed. Raises a Problem or an OSError;
    then the last good book is where it was.
    """
    with one_build_at_a_time():
        state, last = chapters.state_of_sources(), recorded(RECORD)
        built = last and last["state"] == state and HTML.exists()
        if built and site_digest(HTML) == last["digest"]:
            return last["digest"], None
        with staged() as stage:
            whole, fresh = make(stage, state)
            after = chapters.state_of_sources()
            changed = sorted(name for name in state | after if state.get(name) != after.get(name))
            if changed:
                message = "changed while the book was built: run make book again"
                raise BuildError(f"{', '.join(changed)} {message}")
            digest = site_digest(whole)
            publish(whole, digest[:12])
        put(RECORD, json.dumps({"state": state, "digest": digest}).encode())
        if any(fresh.values()):
            chapters.forget_others()
        return digest, fresh


def book():
    """Validate the data and build all editions into _build/html, with warnings as errors.

    Returns the exit code: 0, or 1 with what is wrong on standard error.
    """
    # An exit, unlike the signal itself, ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with step("checking the data"):
            assure()
        digest, fresh = build()
    except (Problem, OSError) as error:
        still = "the last good book, if there is one, is still in _build/html"
        print(f"{explained(error)}\nnothing was published; {still}", file=sys.stderr)
        return 1
    others = "".join(f", _build/html/{one}/index.html" for one in editions() if one != SOURCE)
    outcome = "nothing has changed" if fresh is None else "built"
    print(f"{outcome}: _build/html/index.html{others}")
    if fresh is not None:
        names = "; ".join(f"{one}: {', '.join(fresh[one]) or 'none'}" for one in editions())
        print(f"chapters executed, of {len(chapters.every())} in each edition: {names}")
    print(f"the site's digest: sha256 {digest}")
    return 0


def pack():
    """Put the built book into _build/book.zip, a plain folder to pass on; the same bytes each time.

    `_build/html` is a link, which a copy or a zip of the folder may keep as one that leads nowhere.
    """
    day = evidence.created_on(evidence.descriptor())
    members = {
        f"book/{path.relative_to(HTML).as_posix()}": path.read_bytes()
        for path in sorted(HTML.rglob("*"))
        if path.is_file()
    }
    if not members:
        raise Problem("there is no book to pack: make book first")
    put(OUT / "book.zip", zipped(members, day))
    print(f"_build/book.zip: {len(members)} files; it opens with book/index.html")
    return 0


def lab(arguments=None):
    """Open JupyterLab on the chapters; a double click opens one as a notebook.

    A chapter that is executed and saved without an edit keeps its bytes, if its header has the form
    of tests/test_lab.py. Returns JupyterLab's exit code.
    """
    parser = argparse.ArgumentParser(
        prog="casebook lab",
        usage="casebook lab [-- FLAG ...]",
        description="Open JupyterLab, the chapters as notebooks.",
        epilog="The flags are JupyterLab's, for example: casebook lab -- --allow-root --port 8899",
    )
    flags = [flag for flag in parser.parse_known_args(arguments)[1] if flag != "--"]
    viewers = {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
    settings = {
        "docmanager-extension/plugin": {"defaultViewers": viewers},
        # Both ask another host.
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    }
    for name, values in settings.items():
        path = OUT / "lab" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    environment = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(OUT / "lab")}
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={CHAPTERS}"]
    command += [f"--ContentsManager.{name}={value}" for name, value in NOT_WRITTEN.items()]
    return subprocess.run([*command, *flags], env=environment).returncode


def picture():
    """README's picture: the first screen of page one, of the built book. It needs a browser."""
    from playwright.sync_api import sync_playwright  # here: who builds needs no browser

    from casebook.site import browser

    (ROOT / "docs").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        page = browser.launch(playwright).new_page(viewport={"width": 1280, "height": 1180})
        page.goto((HTML / "chapters" / "index.html").as_uri())
        page.screenshot(path=ROOT / "docs" / "page-one.png")
    return 0
