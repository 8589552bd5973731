"""The books say the same: what is compared between a book and the English one, section by section.

Prose is written in each language and not compared. What it stands on is compared: cells but for
their texts, figures, values, links to rows, checks and sources, claims, labels.
"""

import ast
import builtins
import re
from dataclasses import dataclass, field

import jupytext

from casebook import chapters
from casebook.words import HAN, SOURCE, editions

MARKDOWN_LINK = re.compile(r"\]\(([^)\s]+)\)")
ANY_HEADING = re.compile(r"^#+ (.+)$", re.M)
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.M)
# What a language may need to put a value into its words.
WORDING = {*dir(builtins), "some", "joined", "number", "label"}
TEXT_ARGUMENTS = {
    "finding",
    "counted",
    "caveat",
    "caption",
    "unit",
    "corner",
}  # arguments that a reader reads
ANY_TEXT = "…"  # in the place of a text in code


@dataclass
class Section:
    """What a section of a chapter has, besides words."""

    heading: str
    cells: list = field(
        default_factory=list
    )  # code with its texts left out, and the names of what stands in these texts
    cited: dict = field(default_factory=dict)  # {what: set of texts}

    def cite(self, what, texts):
        self.cited.setdefault(what, set()).update(texts)


def sections_of(text):
    """A chapter's text as a list of Section."""
    found = [Section("(before the first heading)")]
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        if cell.cell_type == "code":
            found[-1].cells.append(without_texts(cell.source))
            figure = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
            found[-1].cite("figures", [figure] if figure else [])
            continue
        # Odd pieces are headings; a label stands before its heading, and belongs to it.
        pieces = ANY_HEADING.split(cell.source)
        for at, piece in enumerate(pieces):
            if at % 2:
                found.append(Section(piece))
                found[-1].cite("labels", LABEL.findall(pieces[at - 1]))
            else:
                found[-1].cite("values", chapters.EXPRESSION.findall(piece))
                found[-1].cite("claims", chapters.CLAIM.findall(piece))
                found[-1].cite("links", MARKDOWN_LINK.findall(piece))
    return found


class _Texts(ast.NodeTransformer):
    """Puts TEXT, with the names that stand in it, in the place of every text that a reader sees."""

    def visit_JoinedStr(self, node):
        return self._text(node)

    def visit_Call(self, node):
        if (
            isinstance(node.func, ast.Name) and node.func.id == "some"
        ):  # the plural of a language that has one
            return self._text(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return self._text(node)
        return self.generic_visit(node)

    def visit_keyword(self, node):
        if node.arg in TEXT_ARGUMENTS:
            return ast.keyword(node.arg, self._text(node.value))
        return self.generic_visit(node)

    def visit_Constant(self, node):
        shown = isinstance(node.value, str) and re.search(
            rf"[{HAN}]|[A-Z].*[a-z]|[a-z] [a-z]", node.value
        )
        return ast.Constant(ANY_TEXT) if shown else node

    def _text(self, node):
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - WORDING
        return ast.Constant(f"{ANY_TEXT} {' '.join(sorted(names))}".strip())


def without_texts(code):
    """Python code with TEXT in the place of each text that a reader sees, one statement a line."""
    return ast.unparse(_Texts().visit(ast.parse(code)))


def differences(language, texts=None):
    """What differs between a book and the English one, a line each: page, section, difference.

    `texts` are the chapters to compare, {name: (English, other)}. Without it the files are read.
    """
    if texts is None:
        pages = [{path.stem: path for path in chapters.every(one)} for one in (SOURCE, language)]
        lines = [
            f"{name}: only one of the books has this page"
            for name in sorted(pages[0].keys() ^ pages[1].keys())
        ]
        both = sorted(pages[0].keys() & pages[1].keys())
        texts = {
            name: tuple(page[name].read_text(encoding="utf-8") for page in pages) for name in both
        }
    else:
        lines = []
    for name, pair in texts.items():
        english, other = map(sections_of, pair)
        if len(english) != len(other):
            headings = [
                " · ".join(section.heading for section in book) for book in (english, other)
            ]
            lines.append(
                f"{name}: {len(english)} sections in English, {len(other)} in {language}: "
                f"{headings[0]} / {headings[1]}"
            )
            continue
        for one, two in zip(english, other):
            lines += [
                f"{name}, “{one.heading}” / “{two.heading}”: {what}"
                for what in _differing_texts(one, two, language)
            ]
    return lines


def _differing_texts(english, other, language):
    for what in english.cited.keys() | other.cited.keys():
        here, there = english.cited.get(what, set()), other.cited.get(what, set())
        if here - there:
            yield f"{what} only in English: {', '.join(sorted(here - there))}"
        if there - here:
            yield f"{what} only in {language}: {', '.join(sorted(there - here))}"
    if len(english.cells) != len(other.cells):
        yield f"{len(english.cells)} cells in English, {len(other.cells)} in {language}"
        return
    for number, (one, two) in enumerate(zip(english.cells, other.cells), start=1):
        for line, same in zip(one.splitlines(), two.splitlines()):
            if line != same:
                yield f"its cell {number} differs: {line[:120]} / {same[:120]}"
                break
        else:
            if one != two:
                yield f"its cell {number} has more lines in one of the books"


def all_differences():
    """What differs between the English book and every other: a list of lines."""
    return [line for language in editions() if language != SOURCE for line in differences(language)]
