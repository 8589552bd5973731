"""`make lab`: a chapter opens as a notebook, and a save without an edit changes no byte of it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import jupytext
import pytest
from conftest import PATIENCE, copy_of_the_project, environment, wait_until
from jupytext.config import JupytextConfiguration

from casebook.site import build

# The header that chapters need, and each shape of a cell.
CHAPTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3 (ipykernel)
---

# A chapter

Prose with a {ref}`label`, 中文, and an inline {eval}`1 + 1`.

```{code-cell} ipython3
:tags: [hide-input]

import casebook
```

(label)=
## A section

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-one
    caption: A caption that is long enough to be broken into two lines, which it is
      here.
tags: [hide-input]
---
1 + 1
```

```{code-cell} ipython3
2
```

:::{note}
The end.
:::
"""


def test_jupytext_gives_a_chapter_back_as_it_is():
    options = JupytextConfiguration(**build.NOT_WRITTEN)
    notebook = jupytext.reads(CHAPTER, fmt="md:myst", config=options)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    notebook.metadata["kernelspec"]["language"] = "python"
    notebook.cells[0].metadata["user_expressions"] = [{"expression": "1 + 1"}]
    assert len(notebook.cells) == 6
    assert jupytext.writes(notebook, fmt="md:myst", config=options) == CHAPTER


def until(condition):
    """Wait until a function gives something true, and return that."""
    late = time.monotonic() + PATIENCE / 1000
    while not (value := condition()):
        assert time.monotonic() < late, "it never came"
        time.sleep(0.05)
    return value


@pytest.fixture
def lab(tmp_path):
    """JupyterLab as `python -m casebook lab -- FLAGS` starts it in a copy of the project.

    Gives the file of the copy's one chapter, and that chapter's address.
    """
    folder = copy_of_the_project(tmp_path)
    for chapter in (folder / "chapters").glob("*.md"):
        chapter.unlink()
    chapter = folder / "chapters" / "index.md"
    chapter.write_text(CHAPTER, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ["--allow-root", "--no-browser", f"--port={port}"]
    flags += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    command = [sys.executable, "-m", "casebook", "lab", "--", *flags]
    variables = environment(PYTHONPATH=str(folder))
    running = subprocess.Popen(
        command, cwd=folder, env=variables, stderr=subprocess.DEVNULL, start_new_session=True
    )

    def answers():
        assert running.poll() is None, "JupyterLab did not start"
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5)
        except OSError:
            return None

    until(answers)
    yield chapter, f"http://127.0.0.1:{port}/lab/tree/index.md"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def test_a_chapter_saved_after_its_execution_keeps_its_bytes(lab, browser):
    chapter, address = lab
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    wait_until(
        page, "!!document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]')"
    )
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".jp-OutputArea-output", has_text="2").nth(1).wait_for()
    before = chapter.stat().st_mtime_ns
    page.evaluate("void jupyterapp.commands.execute('docmanager:save')")
    until(lambda: chapter.stat().st_mtime_ns != before)
    saved = until(lambda: (text := chapter.read_text(encoding="utf-8")).endswith(":::\n") and text)
    assert saved == CHAPTER
    page.context.close()
