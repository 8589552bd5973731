"""The chapters, and what they gave when they were executed, kept for exactly as long as it holds.

What a chapter gave is kept in `_build/cache/executed`, together with a digest of everything that it was made from: its
code, the modules of this package that it loaded, the files of `data/` that it took rows from, the edition's words, and
every installed version. It is used again while all of these are what they were, so that a change in one table executes
the chapters that read this table (casebook.execute), and an edit of prose executes none.
"""

import hashlib
import json
import sys
from functools import cache
from importlib import metadata

import nbformat

from casebook.command import Problem, step
from casebook.study import CHAPTERS, DATA, OUT, PACKAGE, ROOT, name_of, put
from casebook.words import CATALOGUES, LANGUAGE, editions, own_name

KEPT = OUT / "cache" / "executed"


class ChapterError(Problem):
    """A chapter that cannot be executed; the message names chapter, edition and cell, and has its code and the error."""


def code_cells(chapter):
    """The sources of a chapter's code cells, in order."""
    return _code_cells(chapter.read_text(encoding="utf-8"))


@cache
def _code_cells(text):
    import jupytext  # not for who makes pages: MyST-NB reads there

    return [cell.source for cell in jupytext.reads(text, fmt="md:myst").cells if cell.cell_type == "code"]


def every():
    """The files of all chapters, by name."""
    return sorted(CHAPTERS.glob("*.md"))


@cache
def versions():
    """SHA-256 of Python's own version and of all that is installed, as hexadecimal digits."""
    installed = sorted(f"{one.name}=={one.version}" for one in metadata.distributions())
    return digest("\n".join([sys.version, *installed]).encode())


def code_digest(cells):
    """SHA-256 of the sources of code cells, as hexadecimal digits."""
    return digest(json.dumps(cells).encode())


def digest(raw):
    """SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def outputs(language, code):
    """The file in which an edition keeps the executed notebook of a chapter with this digest of its code."""
    return KEPT / f"{language}-{code}.ipynb"


def grounds(chapter, language):
    """The file that says what that notebook was made from."""
    return KEPT / f"{language}-{chapter.stem}.json"


def kept(chapter, language, now):
    """The file of the notebook that a chapter gave last; None if anything that it was made from is not as in `now` (`sources`)."""
    try:
        found = json.loads(grounds(chapter, language).read_text(encoding="utf-8"))
        same = found["files"] == {name: now.get(name) for name in found["files"]} and found["versions"] == versions()
        # Another text may have the same code.
        same = same and (found["text"] == now[name_of(chapter)] or found["code"] == code_digest(code_cells(chapter)))
        path = outputs(language, found["code"])
        return path if same and found["outputs"] == digest(path.read_bytes()) else None
    except (OSError, ValueError, KeyError, TypeError):  # none, or not whole
        return None


def keep(chapter, language, notebook, text, files):
    """Keep a notebook with what it was made from: the digest of the chapter's `text`, and `files` as {name: digest}."""
    code, raw = code_digest([cell.source for cell in notebook.cells]), json.dumps(notebook).encode()
    put(outputs(language, code), raw)
    found = {"text": text, "code": code, "outputs": digest(raw), "versions": versions(), "files": files}
    put(grounds(chapter, language), json.dumps(found).encode())


def sources():
    """Every file that the book is made from, as it is now: {name (see casebook.study): digest of its bytes}."""
    found = [ROOT / "_config.yml", ROOT / "_toc.yml"]
    for folder in (CHAPTERS, PACKAGE, DATA, CATALOGUES):
        found += [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".mo")]
    return {name_of(path): digest(path.read_bytes()) for path in sorted(found) if path.exists()}


def state_of_sources():
    """What the book is made from, as it is now: {name: digest} of every source, and of Python with all that is installed."""
    return {**sources(), "the folder": str(ROOT), "what is installed": versions()}


def executed(language, state):
    """Execute every chapter of an edition of which nothing is kept that holds for the sources' `state`: the names of those.

    Raises ChapterError with all that failed.
    """
    fresh = [chapter for chapter in every() if kept(chapter, language, state) is None]
    if fresh:
        from casebook.execute import execute  # Jupyter's client takes a while to import

        with step(f"{own_name(language)}: executing {len(fresh)} of {len(every())} chapters", len(fresh)) as done:
            execute([(chapter, language) for chapter in fresh], done)
    return [chapter.stem for chapter in fresh]


def loaded(path):
    """A notebook that is kept, as nbformat has it."""
    return nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))


def read(text):
    """A chapter's text as a notebook with the outputs that this process's edition keeps of it: how MyST-NB reads a chapter.

    Raises ChapterError if nothing is kept of such code.
    """
    from myst_nb.core.read import read_myst_markdown_notebook  # for who makes pages only

    notebook = read_myst_markdown_notebook(text, add_source_map=True)
    notebook.metadata["language_info"] = nbformat.from_dict({"name": "python", "pygments_lexer": "ipython3"})
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    path = outputs(LANGUAGE, code_digest([cell.source for cell in cells]))
    if not path.exists():
        raise ChapterError(f"a chapter changed while the book was built, or was not executed: {text[:80]!r}")
    for cell, executed in zip(cells, loaded(path).cells, strict=True):
        cell.outputs, cell.execution_count = executed.outputs, executed.execution_count
    return notebook


def forget_others():
    """Remove what is kept of code that no chapter has any more."""
    current = {outputs(language, code_digest(code_cells(chapter))) for language in editions() for chapter in every()}
    for path in {*KEPT.glob("*.ipynb")} - current:
        path.unlink(missing_ok=True)
