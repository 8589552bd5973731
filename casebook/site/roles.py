"""How a row is cited in prose: the roles `row`, `check` and `source`."""

from docutils import nodes

from casebook import tables
from casebook.site.figure import the_evidence


def row_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """`{row}`zj-one-visit``: a practice's name, linked to its row, with the verdict of each check of it."""
    return _cite(
        inliner, rawtext, lineno, text, lambda ev: tables.practice_link(ev, text) + tables.verdict_badges(ev, practice=text)
    )


def check_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """`{check}`check-id``: a check's verdict as symbol and word, linked to the check."""
    return _cite(inliner, rawtext, lineno, text, lambda ev: tables.check_badge(ev, text))


def source_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """`{source}`key``: a reference of references.bib, as names and year."""
    return _cite(inliner, rawtext, lineno, text, lambda ev: tables.source_short(ev, text))


def _cite(inliner, rawtext, lineno, text, make):
    try:
        return [nodes.raw(rawtext, make(the_evidence()), format="html")], []
    except KeyError:
        message = inliner.reporter.error(f"no row of the evidence or of references.bib has the id {text!r}", line=lineno)
        return [inliner.problematic(rawtext, rawtext, message)], [message]
