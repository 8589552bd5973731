"""The chapters of every book, and what they gave when they were executed.

`chapters/` is the English book, `chapters/<language>/` another one with the same pages. A chapter's
prose cites values of its own cells: `` {eval}`f.older` ``. A sentence may stand on a claim, a line
`% claim: f.older > 1` below it; the words of a chart or a table on a comment `# claim: f.older > 1`
in their cell. The kernel that executes the cells evaluates all where they stand (casebook.execute).

`_build/cache/executed` keeps what a chapter gave, with a digest of all that it was made from: its
code, expressions and claims, the package's modules that it loaded, the files of `data/` that it
read, the edition's words, every installed version. A change in one table executes the chapters that
read this table. An edit of prose executes none.
"""

import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import nbformat
import yaml

from casebook.command import Problem, step
from casebook.study import CHAPTERS, DATA, OUT, PACKAGE, ROOT, name_of, put
from casebook.words import CATALOGUES, LANGUAGE, SOURCE, editions, own_name

DRAFT = bool(os.environ.get("DRAFT"))  # build also with sentences that have lost their ground
KEPT = OUT / "cache" / "executed"
EXPRESSION = re.compile(r"\{eval\}`([^`]*)`")
NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")  # what an expression may be: no computation
CLAIM = re.compile(r"^ *[%#] claim: (.+?) *$", re.M)  # in prose or in code


class ChapterError(Problem):
    """A chapter that cannot be executed. The message has chapter, line, code and error."""


@dataclass(frozen=True)
class Cell:
    """A cell of a chapter: code, or prose."""

    source: str
    is_code: bool
    line: int = 0  # of the chapter's text, where the source begins

    @property
    def expressions(self):
        """What its prose cites of the kernel."""
        return [] if self.is_code else EXPRESSION.findall(self.source)

    @property
    def claims(self):
        """What its words stand on."""
        return CLAIM.findall(self.source)

    def line_of(self, at):
        """The line of the chapter's text in which a place of the source is."""
        return self.line + self.source[:at].count("\n")


def folder(language):
    """The folder of a book's chapters."""
    return CHAPTERS if language == SOURCE else CHAPTERS / language


def language_of(chapter):
    """The language of the book that a chapter's file belongs to."""
    return SOURCE if chapter.parent == CHAPTERS else chapter.parent.name


def every(language=SOURCE):
    """The files of all chapters of a book, by name."""
    return sorted(folder(language).glob("[!.]*.md"))


def listed():
    """The names of the chapters that _toc.yml lists, in its order.

    Raises ChapterError if it is no YAML.
    """
    try:
        toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ChapterError(f"_toc.yml: {error}") from None
    return [Path(file).stem for file in _files(toc)]


def _files(part):
    """The files that a part of a table of contents names."""
    for key, value in part.items():
        if key in ("root", "file"):
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from _files(one)


@cache
def cells_of(text):
    """The cells of a chapter's text, in order: a list of Cell."""
    import jupytext  # not for who makes pages: MyST-NB reads there

    cells, at, lines = [], 0, f"\n{text}\n"
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        at = max(at, lines.find(f"\n{cell.source}\n", at))
        cells.append(Cell(cell.source, cell.cell_type == "code", lines[:at].count("\n") + 1))
        at += len(cell.source)
    return cells


@cache
def versions():
    """SHA-256 of Python's version, of all that is installed and of this module, in hexadecimal."""
    installed = sorted(f"{one.name}=={one.version}" for one in metadata.distributions())
    return digest(
        "\n".join([sys.version, *installed, Path(__file__).read_text(encoding="utf-8")]).encode()
    )


def code_digest(text):
    """SHA-256 of what is executed of a chapter's text, in hexadecimal digits."""
    parts = [
        cell.source if cell.is_code else [cell.expressions, cell.claims] for cell in cells_of(text)
    ]
    return digest(json.dumps(parts).encode())


def digest(raw):
    """SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def outputs(language, code):
    """The file with the executed notebook of a book's chapter whose code has this digest."""
    return KEPT / f"{language}-{code}.ipynb"


def grounds(chapter):
    """The file that says what that notebook was made from."""
    return KEPT / f"{language_of(chapter)}-{chapter.stem}.json"


def kept(chapter, now):
    """The file of the notebook that a chapter gave last.

    None if anything that it was made from is not as in `now`, which is `sources()`.
    """
    try:
        found = json.loads(grounds(chapter).read_text(encoding="utf-8"))
        same = (
            found["files"] == {name: now.get(name) for name in found["files"]}
            and found["versions"] == versions()
            # Another text may have the same code.
            and (
                found["text"] == now[name_of(chapter)]
                or found["code"] == code_digest(chapter.read_text(encoding="utf-8"))
            )
        )
        path = outputs(language_of(chapter), found["code"])
        return path if same and found["outputs"] == digest(path.read_bytes()) else None
    except (OSError, ValueError, KeyError, TypeError):  # none, or not whole
        return None


def keep(chapter, notebook, code, text, files):
    """Keep a notebook with what it was made from.

    `code` and `text` are digests of the chapter, `files` is {name: digest}.
    """
    raw = json.dumps(notebook).encode()
    put(outputs(language_of(chapter), code), raw)
    found = {
        "text": text,
        "code": code,
        "outputs": digest(raw),
        "versions": versions(),
        "files": files,
    }
    put(grounds(chapter), json.dumps(found).encode())


def sources():
    """Every file that the book is made from, as it is now: {study.name_of(file): digest}."""
    found = [ROOT / "_config.yml", ROOT / "_toc.yml"]
    for place in (CHAPTERS, PACKAGE, DATA, CATALOGUES):
        found += [path for path in place.rglob("*") if path.is_file() and not _passing(path)]
    return {name_of(path): digest(path.read_bytes()) for path in sorted(found) if path.exists()}


def _passing(path):
    """Whether a tool made the file for itself: bytecode, copies of JupyterLab and of editors."""
    hidden = path.name.startswith(".") or ".ipynb_checkpoints" in path.parts
    return hidden or path.suffix in (".pyc", ".mo")


def state_of_sources():
    """What the book is made from, as it is now: `sources()`, the folder, what is installed."""
    return {
        **sources(),
        "the folder": str(ROOT),
        "what is installed": versions(),
        "a draft": str(DRAFT),
    }


def executed(language, state):
    """Execute the chapters of a book of which nothing is kept that holds for the sources' `state`.

    Returns their names. Raises ChapterError with all that failed, or with the chapters that
    _toc.yml does not list.
    """
    names = listed()
    if strangers := [name_of(file) for file in every(language) if file.stem not in names]:
        raise ChapterError(f"{', '.join(strangers)}: not in _toc.yml; list it there, or remove it")
    fresh = [chapter for chapter in every(language) if kept(chapter, state) is None]
    if fresh:
        from casebook.execute import execute  # Jupyter's client takes a while to import

        text = f"{own_name(language)}: executing {len(fresh)} of {len(every(language))} chapters"
        with step(text, len(fresh)) as done:
            execute(fresh, done)
    return [chapter.stem for chapter in fresh]


def loaded(path):
    """A notebook that is kept, as nbformat has it."""
    return nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))


def kept_of(text):
    """The executed notebook that is kept of a chapter's text, in this process's language.

    Raises ChapterError if there is none.
    """
    path = outputs(LANGUAGE, code_digest(text))
    if not path.exists():
        raise ChapterError(
            f"a chapter changed while the book was built, or was not executed: {text[:80]!r}"
        )
    return loaded(path)


def read(text):
    """A chapter's text as a notebook with the outputs that are kept of it, for MyST-NB.

    Raises ChapterError if nothing is kept of such code.
    """
    from myst_nb.core.read import read_myst_markdown_notebook  # for who makes pages only

    notebook = read_myst_markdown_notebook(text, add_source_map=True)
    notebook.metadata["language_info"] = nbformat.from_dict(
        {"name": "python", "pygments_lexer": "ipython3"}
    )
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, executed in zip(cells, kept_of(text).cells, strict=True):
        cell.outputs, cell.execution_count = executed.outputs, executed.execution_count
    return notebook


def prose(text):
    """The lines of a chapter's prose, without front matter, code, claims and labels."""
    cells = (cell.source for cell in cells_of(text) if not cell.is_code)
    lines = "\n".join(cells).splitlines()
    return [line for line in lines if line.strip() and not re.match(r"\s*%|\(.*\)=$", line)]


def headings(text):
    """The headings of a chapter's text, in order, without marks of emphasis."""
    found = (re.match(r"#+ (.+)$", line) for line in prose(text))
    return [re.sub(r"[*`]", "", heading[1]) for heading in found if heading]


def lost_claims(language, state):
    """What a book says that has lost its ground, a line each.

    A line has page, line and claim, and the beginning of what stands on it: of the paragraph above
    the claim, or of the code around it.
    """
    lines = []
    for chapter in every(language):
        holds = loaded(kept(chapter, state)).metadata["claims"]
        if all(holds.values()):
            continue  # before jupytext is asked for the cells
        for cell in cells_of(chapter.read_text(encoding="utf-8")):
            for claim in CLAIM.finditer(cell.source):
                if not holds[claim[1]]:
                    place = f"{name_of(chapter)}, line {cell.line_of(claim.start())}"
                    words = " ".join(_standing_on(cell, claim).split())[:90]
                    lines.append(f"{place}: {claim[1]} no longer holds: “{words}…”")
    return lines


def _standing_on(cell, claim):
    """What stands on a claim (a match of CLAIM) in a cell: the paragraph above it, or the code."""
    if cell.is_code:
        return CLAIM.sub("", cell.source)
    above = CLAIM.sub("", cell.source[: claim.start()]).rstrip()
    return re.split(r"\n\s*\n|\n(?=\s*[-*\d]+\.? )", above)[-1]


def forget_others():
    """Remove what is kept of code that no chapter has any more."""
    current = {
        outputs(language, code_digest(chapter.read_text(encoding="utf-8")))
        for language in editions()
        for chapter in every(language)
    }
    for path in {*KEPT.glob("*.ipynb")} - current:
        path.unlink(missing_ok=True)
