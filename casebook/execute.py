"""Execute the chapters, and keep what they gave for exactly as long as it holds.

What a chapter gave is kept in `_build/cache/executed`, together with a digest of everything that it was made from: its
code, the modules of this package that it loaded, the files of `data/` that it took rows from, the edition's words, and
every installed version. It is used again while all of these are what they were, so that a change in one table executes
the chapters that read this table, and an edit of prose executes none.
"""

import hashlib
import json
import os
import re
import sys
import textwrap
from importlib import metadata
from pathlib import Path

import jupytext
import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from casebook.command import Problem
from casebook.edition import CATALOGUES, SOURCE, editions
from casebook.study import CHAPTERS, DATA, OUT, PACKAGE, ROOT, file_of, name_of

KEPT = OUT / "cache" / "executed"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TIMEOUT = 120  # seconds for one cell
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # a terminal's
# The last cell of every execution, which is no part of the chapter: what this kernel took from the package and from data/.
ASK = """
import json, sys
from casebook import evidence
modules = [module.__file__ for name, module in sorted(sys.modules.items()) if name.partition(".")[0] == "casebook"]
print(json.dumps([*modules, *sorted(map(str, evidence.READ))]))
"""


class ChapterError(Problem):
    """A chapter that cannot be executed; the message names chapter, edition and cell, and has its code and the error."""


def code_cells(chapter):
    """The sources of a chapter's code cells, in order."""
    return [cell.source for cell in jupytext.read(chapter, fmt="md:myst").cells if cell.cell_type == "code"]


def execute(chapter, language=SOURCE):
    """A chapter's code cells as an executed notebook of an edition. Raises ChapterError where a cell fails."""
    return traced(chapter, language)[0]


def traced(chapter, language):
    """An executed notebook, and the files that it was made from: (notebook, list of Path). Raises ChapterError."""
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate([*code_cells(chapter), ASK])]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    name = chapter.stem if language == SOURCE else f"{language}/{chapter.stem}"
    try:
        NotebookClient(notebook, timeout=TIMEOUT, kernel_name="python3", record_timing=False).execute(
            cwd=str(CHAPTERS), env={**os.environ, "CASEBOOK_LANGUAGE": language}
        )
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        if isinstance(error, CellExecutionError):
            said = f"{error.ename}: {re.sub(COLOUR, '', error.evalue)}"
        elif isinstance(error, CellTimeoutError):
            said = f"it ran for more than {TIMEOUT} seconds"
        else:
            said = "Python itself ended (killed, or out of memory?)"
        failed = [
            cell.execution_count is None or any(out.output_type == "error" for out in cell.outputs) for cell in notebook.cells
        ]
        number = failed.index(True)
        code = textwrap.indent(f"{notebook.cells[number].source}\n→ {said}", "    ")
        raise ChapterError(f"{name}: a cell failed, number {number}:\n{code}") from None
    files = [Path(file) for file in json.loads(notebook.cells.pop().outputs[0].text)]
    if language != SOURCE:
        files.append(CATALOGUES / editions()[language] / "LC_MESSAGES" / "casebook.po")
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    return notebook, files


def given(chapter):
    """What every execution of a chapter depends on, as {name: digest}: its code, and Python with all that is installed."""
    versions = sorted(f"{one.name}=={one.version}" for one in metadata.distributions())
    return {
        "code": digest(json.dumps(code_cells(chapter)).encode()),
        "versions": digest("\n".join([sys.version, *versions]).encode()),
    }


def digest(raw):
    """SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def kept(chapter, language):
    """The notebook that a chapter gave last, or None if anything that it was made from has changed since."""
    path = KEPT / f"{language}-{chapter.stem}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        files = {name: digest(file_of(name).read_bytes()) for name in found["files"]}
        same = files == found["files"] and given(chapter) == found["given"]
        return nbformat.from_dict(found["notebook"]) if same else None
    except (OSError, ValueError, KeyError, TypeError):  # none, or not whole
        return None


def keep(chapter, language, **made):
    """Keep a `notebook` with what it was made from: `given`, and `files` as {name (see casebook.study): digest}."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{language}-{chapter.stem}.json"
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps(made), encoding="utf-8")
    new.replace(path)


def sources():
    """Every file that the book is made from, as it is now: {name (see casebook.study): digest of its bytes}."""
    found = [ROOT / "_config.yml", ROOT / "_toc.yml"]
    for folder in (CHAPTERS, PACKAGE, DATA, CATALOGUES):
        found += [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".mo")]
    return {name_of(path): digest(path.read_bytes()) for path in sorted(found) if path.exists()}


def bring(language, folder):
    """Put every chapter of an edition, executed, into MyST-NB's cache in `folder`.

    Returns the names of the chapters that had to be executed. Raises ChapterError with all that failed.
    """
    before, now, failed = sources(), [], []  # taken before a kernel reads: a file that changes meanwhile is no match later
    cache = get_cache(str(folder))
    for chapter in sorted(CHAPTERS.glob("*.md")):
        notebook = kept(chapter, language)
        if notebook is None:
            now.append(chapter.stem)
            code = given(chapter)
            try:
                notebook, files = traced(chapter, language)
            except ChapterError as error:
                failed.append(str(error))
                continue
            names = [name_of(file) for file in files]
            keep(chapter, language, notebook=notebook, given=code, files={name: before.get(name, "") for name in names})
        # As MyST-NB reads the chapter: it looks for a notebook with the same code, tags, captions and kernel.
        whole = read_myst_markdown_notebook(chapter.read_text(encoding="utf-8"), None)
        whole.metadata["language_info"] = nbformat.from_dict({"name": "python", "pygments_lexer": "ipython3"})
        for cell, done in zip((cell for cell in whole.cells if cell.cell_type == "code"), notebook.cells, strict=True):
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
        cache.cache_notebook_bundle(CacheBundleIn(whole, chapter.name, data={}), check_validity=False, overwrite=True)
    if failed:
        raise ChapterError("\n".join(failed))
    return now
