"""What is compared between a book and the English one, section by section.

Prose is written in each language and not compared. What it stands on is compared: cells but for
their texts, figures, values, links to rows, checks and sources, claims, labels.
"""

import ast
import builtins
import re
from collections import defaultdict
from itertools import zip_longest

import jupytext

from casebook import chapters
from casebook.words import HAN

HEADING = re.compile(r"^#+ (.+)$", re.M)
CITED = {
    "values": chapters.EXPRESSION,
    "claims": chapters.CLAIM,
    "links": re.compile(r"\]\(([^)\s]+)\)"),
    "labels": re.compile(r"^\(([\w-]+)\)=$", re.M),
}
# Arguments that a reader reads.
TEXTS = {"finding", "counted", "caveat", "caption", "unit", "corner"}
# What a language may need to put a value into its words.
WORDING = {*dir(builtins), "some", "joined", "number", "label"}


class Section:
    """What a section of a chapter has, besides words: code, and sets of what it cites."""

    def __init__(self, heading):
        self.heading, self.cells, self.cited = heading, [], defaultdict(set)


def sections(text):
    """A chapter's text as a list of Section."""
    found = [Section("(before the first heading)")]
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        if cell.cell_type == "code":
            found[-1].cells.append(without_texts(cell.source))
            found[-1].cited["claims"].update(chapters.CLAIM.findall(cell.source))
            figure = cell.metadata.get("mystnb", {}).get("figure", {})
            found[-1].cited["figures"] |= {figure["name"]} if figure else set()
            continue
        for at, piece in enumerate(HEADING.split(cell.source)):
            if at % 2:  # every second piece is a heading
                found.append(Section(piece))
                continue
            for what, pattern in CITED.items():
                found[-1].cited[what].update(pattern.findall(piece))
    return found


class _Texts(ast.NodeTransformer):
    """Puts “…”, with the names that stand in it, in the place of every text that a reader sees."""

    def visit_JoinedStr(self, node):
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - WORDING
        return ast.Constant(f"… {' '.join(sorted(names))}".strip())

    def visit_Call(self, node):
        # The plural of a language that has one, and a text with its values.
        called = getattr(node.func, "id", getattr(node.func, "attr", None))
        if called in ("some", "format"):
            return self.visit_JoinedStr(node)
        return self.generic_visit(node)

    def visit_keyword(self, node):
        if node.arg in TEXTS:
            return ast.keyword(node.arg, self.visit_JoinedStr(node.value))
        return self.generic_visit(node)

    def visit_Constant(self, node):
        is_text = isinstance(node.value, str) and re.search(
            rf"[{HAN}]|[A-Z].*[a-z]|[a-z] [a-z]", node.value
        )
        return ast.Constant("…") if is_text else node


def without_texts(code):
    """Python code without the texts that a reader sees, one statement a line."""
    return ast.unparse(_Texts().visit(ast.parse(code)))


def differences(english, other):
    """What differs between an English chapter's text and another book's: section and difference."""
    english, other = sections(english), sections(other)
    if len(english) != len(other):
        headings = (" · ".join(section.heading for section in book) for book in (english, other))
        yield f"{len(english)} sections, {len(other)} in the other: {' / '.join(headings)}"
        return
    for one, two in zip(english, other):
        place = f"“{one.heading}” / “{two.heading}”"
        for what in one.cited.keys() | two.cited.keys():
            for names, which in (
                (one.cited[what] - two.cited[what], "only in English"),
                (two.cited[what] - one.cited[what], "only in the other"),
            ):
                if names:
                    yield f"{place}: {what} {which}: {', '.join(sorted(names))}"
        cells = enumerate(zip_longest(one.cells, two.cells, fillvalue=""), start=1)
        for number, (code, same) in cells:
            lines = zip_longest(code.splitlines(), same.splitlines(), fillvalue="no line")
            if differing := next((pair for pair in lines if pair[0] != pair[1]), None):
                yield f"{place}: its cell {number} differs: {' / '.join(differing)}"
