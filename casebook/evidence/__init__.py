"""The evidence: the tables of `data/`, validated and typed, and the joins of them. It knows no page and no chart.

`findings` has what can be wrong, in words; `schema` the descriptor and the bibliography; `clean` bytes and characters;
`rules` what holds between columns; `validation` puts these together; `valid` remembers what was found valid; `joins` is
what chapters use: `ev = evidence.load()`.
"""

from casebook.evidence.findings import EvidenceError, Finding
from casebook.evidence.schema import (
    JOIN,
    MISSING,
    NOT_APPLICABLE,
    NOT_CODED,
    NOT_MENTIONED,
    READ,
    bibliography,
    created_on,
    descriptor,
    languages,
)
from casebook.study import DATA

__all__ = [
    "DATA",
    "HUES",
    "JOIN",
    "MISSING",
    "NOT_APPLICABLE",
    "NOT_CODED",
    "NOT_MENTIONED",
    "READ",
    "Evidence",
    "EvidenceError",
    "Finding",
    "bibliography",
    "created_on",
    "dated",
    "descriptor",
    "languages",
    "load",
]


def __getattr__(name):
    """What `joins` has, when it is first asked for: its pandas takes a third of a second, which who only validates can save."""
    if name not in ("HUES", "Evidence", "dated", "load"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from casebook.evidence import joins

    return getattr(joins, name)
