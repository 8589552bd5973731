"""In a real JupyterLab a chapter reads like its page, and a save changes no byte of it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import jupytext
import pytest
from conftest import PATIENCE, ROOT, environment, wait_until
from jupytext.config import JupytextConfiguration
from test_pages import PAGES

from casebook import chapters
from casebook.site import build
from casebook.study import name_of
from casebook.words import SOURCE, editions

CHAPTERS = [path for language in editions() for path in chapters.every(language)]
PROSE = ".jp-MarkdownCell .myst"
RUN_ALL = "void jupyterapp.commands.execute('notebook:run-all-cells')"
SAVE = "void jupyterapp.commands.execute('docmanager:save')"
READY = "Python 3 (ipykernel) | Idle"
DONE = """() => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
  return prompts.length > 0 && prompts.every((prompt) => /\\[\\d+\\]/.test(prompt.textContent));
}"""
# A page's article without what is no prose of the chapter: its text, and where its links lead.
PROSE_OF_PAGE = """(article) => {
  const copy = article.cloneNode(true);
  for (const other of copy.querySelectorAll(".cell, .headerlink, script")) other.remove();
  const links = [...copy.querySelectorAll("a[href]")];
  return [copy.textContent, links.map((a) => a.getAttribute("href"))];
}"""
TARGETS = """(links) => links
  .filter((link) => link.textContent !== "¶")
  .map((link) => link.getAttribute("href"))"""


@pytest.mark.parametrize("path", CHAPTERS, ids=name_of)
def test_jupytext_gives_a_chapter_back_as_it_is(path):
    """JupyterLab writes a chapter by jupytext, so a chapter is written as jupytext writes it."""
    text = path.read_text(encoding="utf-8")
    options = JupytextConfiguration(**build.NOT_WRITTEN)
    notebook = jupytext.reads(text, fmt="md:myst", config=options)
    lexer = {"name": "python", "version": "3.11.7", "pygments_lexer": "ipython3"}
    notebook.metadata["language_info"] = lexer
    notebook.metadata["kernelspec"]["language"] = "python"
    notebook.cells[0].metadata["user_expressions"] = [{"expression": "f.n"}]
    assert jupytext.writes(notebook, fmt="md:myst", config=options) == text


def until(condition):
    """Wait until a function gives something true, and return that."""
    late = time.monotonic() + PATIENCE / 1000
    while not (value := condition()):
        assert time.monotonic() < late, "it never came"
        time.sleep(0.05)
    return value


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of both books, as `casebook lab` starts it: (folder, address)."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("chapters", "data", "locale"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "_config.yml", folder)
    # A cell out of sight is otherwise not drawn.
    settings = folder / "_build" / "lab" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    whole = '{"windowingMode": "none"}'
    (settings / "tracker.jupyterlab-settings").write_text(whole, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ["--allow-root", "--no-browser", f"--port={port}"]
    flags += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    command = [sys.executable, "-m", "casebook", "lab", "--", *flags]
    running = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(PYTHONPATH=str(ROOT)),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def answers():
        assert running.poll() is None, "JupyterLab did not start"
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5)
        except OSError:
            return None

    until(answers)
    yield folder, f"http://127.0.0.1:{port}/lab"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@pytest.fixture
def run_all(lab, browser):
    """Open a chapter as a notebook and run all its cells: (path below chapters/) gives the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)

    def ready(path):
        page.goto(f"{lab[1]}/workspaces/{re.sub(r'[^a-z]', '-', path)}/tree/{path}")
        page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(state="attached")
        page.get_by_text(READY).wait_for()  # jupyterlab-myst throws where there is no kernel yet
        page.evaluate(RUN_ALL)
        wait_until(page, DONE)
        return page

    yield ready
    context.close()


def letters(texts):
    """Texts without blanks, word joiners, marks of headings, and symbols that a page draws."""
    names = "confirmed|refined|contradicted|not found|证实|补充|不符|未查到"
    drawn = re.sub(rf"[“‘]?[✓±≠?][”’]?\s?(?=[”’]?(?:{names}))", "", "".join(texts))
    return re.sub(r"[\s¶#\u2060]+", "", drawn)


def targets(links):
    """Where links lead, without what differs between a page and a notebook.

    A source is a link to its publisher on a page, and to the page *method* in a notebook.
    """
    within = [href for href in links if not re.search("^https://|#source-", href)]
    return [re.sub(r"\?[^#]*|^.*/|\.(html|md)(?=[#?]|$)", "", href) for href in within]


@pytest.mark.long
@pytest.mark.parametrize("language", editions())
@pytest.mark.parametrize("name", PAGES)
def test_a_chapter_in_jupyterlab_reads_like_its_page(run_all, book, browser, name, language):
    folder = "" if language == SOURCE else f"{language}/"
    site = browser.new_page()
    site.goto((book / folder / "chapters" / f"{name}.html").as_uri())
    prose, links = site.locator("article.bd-article").evaluate(PROSE_OF_PAGE)
    site.close()
    page = run_all(f"{folder}{name}.md")
    cells = page.locator(PROSE)
    found, late = "", time.monotonic() + 20
    while found != letters([prose]) and time.monotonic() < late:  # values come after the cells
        page.wait_for_timeout(300)
        found = letters(cells.all_text_contents())
    assert found == letters([prose])
    assert targets(cells.locator("a[href]").evaluate_all(TARGETS)) == targets(links)


@pytest.mark.long
def test_a_chapter_saved_after_its_execution_keeps_its_bytes(run_all, lab):
    chapter = lab[0] / "chapters" / "zh" / "participation.md"
    text, before = chapter.read_text(encoding="utf-8"), chapter.stat().st_mtime_ns
    page = run_all("zh/participation.md")
    page.evaluate(SAVE)
    until(lambda: chapter.stat().st_mtime_ns != before)
    last = text.rstrip().rpartition("\n")[2]
    assert (
        until(lambda: (now := chapter.read_text(encoding="utf-8")).rstrip().endswith(last) and now)
        == text
    )
