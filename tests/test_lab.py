"""A chapter opened in a real JupyterLab reads like its page, in its own language, and saving it without an edit changes nothing."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from conftest import PATIENCE, ROOT, environment
from test_pages import PAGES

from casebook import chapters
from casebook.words import SOURCE, editions

pytestmark = pytest.mark.long
PROSE = ".jp-MarkdownCell .jp-RenderedMySTMarkdown"
DONE = """() => {
  const cells = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
  return cells.length > 1 && cells.every((prompt) => /\\[\\d+\\]/.test(prompt.textContent));
}"""
# What stands on a page besides the chapter's prose.
NOT_PROSE = ".cell, .headerlink, script, .edition-offer"
IN_PAGE = """(article, others) => {
  const copy = article.cloneNode(true);
  for (const other of copy.querySelectorAll(others)) other.remove();
  return [copy.textContent, [...copy.querySelectorAll("a[href]")].map((a) => a.getAttribute("href"))];
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the chapters of both books, as `make lab` starts it: its address, and the copy's folder."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("chapters", "data", "locale", "_config.yml", "_toc.yml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ["--allow-root", "--no-browser", f"--port={port}", "--IdentityProvider.token=t"]
    command = [sys.executable, "-m", "casebook", "lab", "--", *flags]
    running = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(PYTHONPATH=str(ROOT)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(PATIENCE // 1000):
        try:
            urllib.request.urlopen(f"{address}/api?token=t").close()
            break
        except OSError:
            assert running.poll() is None, "JupyterLab ended"
            time.sleep(1)
    yield address, folder
    os.killpg(running.pid, 15)
    running.wait()


@pytest.fixture
def opened(lab, browser):
    """Open a chapter as a notebook: (its file's path below chapters/) gives the page."""
    pages = []

    def open_notebook(name):
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        page.set_default_timeout(PATIENCE)
        pages.append(page)
        # A list of cells that is drawn as one scrolls is no list to read.
        page.route(
            "**/lab/api/settings/@jupyterlab/notebook-extension:tracker*",
            lambda route: route.fulfill(json=with_all_cells(route.fetch().json())),
        )
        page.goto(f"{lab[0]}/lab/workspaces/{re.sub(r'[^a-z]', '-', name)}/tree/{name}?token=t")
        page.locator(".jp-Notebook .jp-Cell").nth(2).wait_for(state="attached")
        return page

    yield open_notebook
    for page in pages:
        page.close()


def with_all_cells(settings):
    """JupyterLab's settings of notebooks, with every cell drawn."""
    return {**settings, "raw": json.dumps({"windowingMode": "none"})}


def letters(text):
    """A text without blanks and the marks of headings."""
    return re.sub(r"[\s¶#]+", "", text)


def target(href):
    """Where a link leads, without what differs between a page and a notebook."""
    return re.sub(r"^.*/|\.(html|md)(?=#|$)", "", href)


@pytest.mark.parametrize("language", editions())
@pytest.mark.parametrize("name", PAGES)
def test_a_chapter_in_jupyterlab_reads_like_its_page(opened, book, browser, name, language):
    folder = "" if language == SOURCE else f"{language}/"
    page = opened(f"{folder}{name}.md")
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(DONE)
    cells = page.locator(PROSE)
    cells.first.wait_for(state="attached")
    site = browser.new_page()
    site.goto((book / folder / "chapters" / f"{name}.html").as_uri())
    expected, links = site.locator("article.bd-article").evaluate(IN_PAGE, NOT_PROSE)
    site.close()
    waited = time.monotonic() + PATIENCE / 1000
    while (found := letters("".join(cells.all_text_contents()))) != letters(expected) and time.monotonic() < waited:
        page.wait_for_timeout(500)  # values come after the cells
    assert found == letters(expected)
    hrefs = cells.locator("a[href]").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    assert [target(href) for href in hrefs if target(href)] == [target(href) for href in links if target(href)]


def test_saving_a_chapter_without_an_edit_changes_no_byte(opened, lab):
    path = lab[1] / "chapters" / "participation.md"
    before = path.read_bytes()
    page = opened("participation.md")
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(DONE)
    changed = path.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    for _ in range(60):
        if path.stat().st_mtime_ns != changed:
            break
        page.wait_for_timeout(500)
    assert path.stat().st_mtime_ns != changed, "it was not saved"
    assert path.read_bytes() == before
    assert chapters.CHAPTERS.exists()
