"""Tables as they stand on a page: the register, matrices, the codebook, the checks and so on.

Every function returns a `Table`: real HTML with a caption and headers for a screen reader, the same
in JupyterLab and in the book. On a narrow screen each row becomes a card, so that no page scrolls
sideways. Text from data/ is escaped here.
"""

from casebook.tables.agreement import agreement
from casebook.tables.cells import practice_link, zh
from casebook.tables.codebook import codebooks, dictionary, folded
from casebook.tables.compare import compare
from casebook.tables.ground import baseline, benefits, later, origins
from casebook.tables.html import Table, nothing, table
from casebook.tables.practices import (
    assessment,
    context,
    figures,
    items,
    matched,
    measures,
    practices,
    scales,
    side_by_side,
    undated,
)
from casebook.tables.register import register, take_along
from casebook.tables.sources import check_badge, checks, references, source_short, verdict_badges

__all__ = [
    "Table",
    "agreement",
    "assessment",
    "baseline",
    "benefits",
    "check_badge",
    "checks",
    "codebooks",
    "compare",
    "context",
    "dictionary",
    "figures",
    "folded",
    "items",
    "later",
    "matched",
    "measures",
    "nothing",
    "origins",
    "practice_link",
    "practices",
    "references",
    "register",
    "scales",
    "side_by_side",
    "source_short",
    "table",
    "take_along",
    "undated",
    "verdict_badges",
    "zh",
]
