"""What the tests share: the evidence, the article if there is one, the built book, a browser."""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import sync_playwright

from casebook import accept, evidence, source
from casebook.browser import NoBrowser, launch

ROOT = Path(__file__).resolve().parent.parent
IN_CI = bool(os.environ.get("CI"))


def pytest_sessionstart(session):
    """Bad data is told once, in words; every test would only repeat it with a trace."""
    found = evidence.validate()
    if found:
        pytest.exit(f"\n{evidence.EvidenceError(found)}", returncode=1)


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """After a red replay of a reference notebook: what differs, in words, as `make accept` would tell it."""
    failed = {report.nodeid.split("::")[0] for report in terminalreporter.getreports("failed")}
    if any(node.endswith(".ipynb") for node in failed):
        for finding in accept.unaccepted():
            terminalreporter.write_line(str(finding))
    for path in sorted(accept.REFERENCES.rglob("*.ipynb")):
        name = accept.named(path)
        if not any(node.endswith(f"notebooks/{name}.ipynb") for node in failed):
            continue
        terminalreporter.write_line("")
        try:
            now = accept.execute(accept.CHAPTERS / f"{path.stem}.md", accept.edition_of(path))
            lines = accept.differences(name, nbformat.read(path, as_version=4), now)
        except accept.ChapterError as error:
            lines = [str(error)]
        for line in lines:
            terminalreporter.write_line(line)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """nbval starts a notebook's kernel with its first cell, in this process's environment: the edition is its folder's."""
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
    path = Path(os.environ.get("SOURCE", ROOT.parent / "shared" / "article.txt"))
    if not path.exists():
        must(source.no_article(path))
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


@pytest.fixture(scope="session")
def book():
    """The built book's folder; built here, with warnings as errors, exactly as `make book` does."""
    done = subprocess.run([sys.executable, "-m", "casebook.build", "book"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"make book fails:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return ROOT / "_build" / "html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def served(book):
    """A built book on the loopback, under a sub-path such as a project page has: its address."""
    top = book.parent / "served"
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir()
    (top / "repo").symlink_to(book, target_is_directory=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(top)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/repo"
    server.shutdown()
    shutil.rmtree(top)


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
    """A page with every other host blocked; returns (page, foreign requests, errors)."""
    tab = browser.new_context(**context).new_page()
    foreign, errors = [], []
    own = address.split("/repo")[0] if address.startswith("http") else "file://"

    def route(request):
        if request.request.url.startswith((own, "data:", "blob:")):
            return request.continue_()
        foreign.append(request.request.url)
        return request.abort()

    tab.route("**/*", route)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    return tab, foreign, errors


@pytest.fixture
def read(browser):
    """Open pages that are closed again: read(address, **context) gives the page; what went wrong must be nothing."""
    opened = []

    def one(address, **context):
        page, foreign, errors = open_page(browser, address, **{"viewport": {"width": 1280, "height": 900}, **context})
        opened.append((page, foreign, errors))
        return page

    yield one
    for page, foreign, errors in opened:
        assert foreign == [] and errors == []
        page.context.close()
