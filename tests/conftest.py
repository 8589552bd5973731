"""What the tests share: the evidence, the article if there is one, the built book, a browser."""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from attacks import spoil
from playwright.sync_api import sync_playwright

from casebook import chapters, evidence
from casebook.evidence import joins
from casebook.evidence.valid import assure
from casebook.proof import accept
from casebook.proof import article as source
from casebook.site.browser import NoBrowser, launch

ROOT = Path(__file__).resolve().parent.parent
IN_CI = bool(os.environ.get("CI"))
# A test waits for what it needs, this long on a machine that does much else besides.
PATIENCE = 180_000
# The files that take longest, the first of all.
FIRST = ["test_visits", "test_build", "test_reading", "test_shortlist", "test_editions"]


def pytest_sessionstart(session):
    """Bad data is told once, in words; every test would only repeat it with a trace."""
    try:
        assure()
    except evidence.EvidenceError as error:
        pytest.exit(f"\n{error}", returncode=1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what needs the built book or a browser, and order the tests to keep all workers busy.

    `-m "not book"` leaves what can be asked without either. Of the book’s tests the first builds
    it; meanwhile another worker has those that do not need it. The notebooks, the smallest parts,
    come last.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if {"book", "browser"} & fixtures:
            item.add_marker("book")
        if "data" in fixtures:
            item.add_marker("machinery")
    order = [*FIRST, ".py", ".ipynb"]
    items.sort(
        key=lambda item: order.index(
            item.path.stem if item.path.stem in FIRST else item.path.suffix
        )
    )


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """After a red replay of a reference notebook: what differs, in the words of `make accept`."""
    if not any(".ipynb" in report.nodeid for report in terminalreporter.getreports("failed")):
        return
    try:
        lines = accept.report_of(accept.now())
    except (chapters.ChapterError, evidence.EvidenceError) as error:
        lines = [str(error)]
    terminalreporter.section("the reference notebooks")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Set the edition of a notebook’s folder: nbval starts its kernel in this environment."""
    if item.path.suffix == ".ipynb" and accept.REFERENCES in item.path.parents:
        os.environ["CASEBOOK_LANGUAGE"] = accept.edition_of(item.path)
    else:
        os.environ.pop("CASEBOOK_LANGUAGE", None)


def must(reason):
    """Skip with a reason on a reader's machine; fail in CI, where nothing may be missing."""
    if IN_CI:
        pytest.fail(f"mandatory in CI: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def ev():
    return evidence.load()


@pytest.fixture(scope="session")
def article():
    """The article's text, from SOURCE or from ../shared."""
    path = source.article_file()
    if not path.exists():
        (pytest.skip if source.may_be_missing() else must)(source.no_article(path))
    text = path.read_text(encoding="utf-8")
    try:
        source.split(text)
    except ValueError as error:
        pytest.fail(f"{path}: {error}", pytrace=False)
    return text


@pytest.fixture
def data(tmp_path):
    """A copy of data/ to plant faults in."""
    return Path(shutil.copytree(evidence.DATA, tmp_path / "data"))


def changed_table(folder):
    """The name of the one table in which a copy of data/ differs from it.

    None if nothing differs, or another file does, too.
    """
    before, now = (
        {path.name: path.read_bytes() for path in one.iterdir() if path.is_file()}
        for one in (evidence.DATA, folder)
    )
    changed = [Path(name) for name in before | now if before.get(name) != now.get(name)]
    return changed[0].stem if [path.suffix for path in changed] == [".csv"] else None


def environment(**more):
    """This process's environment without an edition, for a command of the package."""
    return {key: value for key, value in os.environ.items() if key != "CASEBOOK_LANGUAGE"} | more


def casebook(folder, *arguments, **more):
    """A command of the package, run in a folder to its end: the completed process."""
    command = [sys.executable, "-m", "casebook", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True
    )


@pytest.fixture(scope="session")
def mounted():
    """Run a command where it may mount what nobody else sees: run(command, folder, **environment).

    It runs in a namespace of its own or by sudo, and gives the completed process. Its mounts end
    with it.
    """
    ways = (["unshare", "-rm"], ["sudo", "-n", "unshare", "-m"])
    able = [
        way
        for way in ways
        if shutil.which(way[0])
        and not subprocess.run([*way, "true"], capture_output=True).returncode
    ]
    if not able:
        must("no Linux that lets this user mount a disk for himself (unshare -rm)")

    def run(command, folder=ROOT, **more):
        # sudo hands on no variable.
        variables = [f"{name}={value}" for name, value in environment(**more).items()]
        command = [*able[0], "env", *variables, *command]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)

    return run


@pytest.fixture(scope="session")
def book():
    """The built book’s folder, built as `make book` does where it is not up to date.

    Workers that ask for it at the same time wait for the one that builds.
    """
    done = casebook(ROOT, "book")
    if done.returncode:
        pytest.fail(f"make book fails:\n{done.stderr[-4000:]}", pytrace=False)
    return ROOT / "_build" / "html"


def copy_of_the_project(folder, *parts):
    """Copy what a book is made from: data, chapters, package, with `parts` more.

    Gives the folder.
    """
    passing = shutil.ignore_patterns("__pycache__", "*.mo")
    for name in ("casebook", "data", "chapters", *parts):
        shutil.copytree(ROOT / name, folder / name, ignore=passing)
    for name in ("_config.yml", "_toc.yml", "CITATION.cff", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def book_of(folder, **more):
    """The book that the package in a copy of the project builds there: the folder of the site."""
    done = casebook(folder, "book", PYTHONPATH=str(folder), **more)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Evidence full of attacks, past a loader that would have refused them."""
    folder = Path(shutil.copytree(evidence.DATA, tmp_path_factory.mktemp("hostile") / "data"))
    spoil(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joins, "assure", lambda folder: None)
        yield evidence.load(folder)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def served(book):
    """A built book on the loopback, under a sub-path such as a project page has: its address."""
    with tempfile.TemporaryDirectory() as top:
        (Path(top) / "repo").symlink_to(book, target_is_directory=True)
        handler = functools.partial(Quiet, directory=top)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/repo"
        server.shutdown()


@pytest.fixture(scope="session")
def site(book):
    """The built book's address on the loopback."""
    with served(book) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium: CHROMIUM, the system's, or Playwright's own."""
    with sync_playwright() as playwright:
        try:
            started = launch(playwright)
        except NoBrowser as error:
            must(str(error))
        yield started
        started.close()


def open_page(browser, address, **context):
    """A loaded page of a browser that reaches no other host.

    Returns (page, requests to other hosts, errors).
    """
    context = browser.new_context(**context)
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    foreign, errors = [], []
    host = address.split("/repo")[0] if address.startswith("http") else "file://"

    def on_request(request):
        if not request.url.startswith((host, "data:", "blob:")):
            foreign.append(request.url)

    def on_console(message):
        if message.type == "error":
            errors.append(f"{message.text} ({message.location['url']})")

    tab.on("request", on_request)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", on_console)
    tab.goto(address)
    return tab, foreign, errors


@pytest.fixture
def read(browser):
    """Open pages that are closed again: read(address, **context) gives the page.

    Afterwards no page may have had an error or a request to another host.
    """
    opened = []

    def one(address, **context):
        context = {"viewport": {"width": 1280, "height": 900}, **context}
        opened.append(open_page(browser, address, **context))
        return opened[-1][0]

    yield one
    for page, foreign, errors in opened:
        assert foreign == [] and errors == []
        page.context.close()


def wait_until(page, expression, argument=None):
    """Wait until a JavaScript expression, or a function of `argument`, gives something true.

    Playwright’s own wait_for_function evaluates text within the page, which the book’s policy
    refuses.
    """
    late = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression, argument):
        assert time.monotonic() < late, f"it never came: {expression}"
        page.wait_for_timeout(20)
