"""The evidence: the tables of `data/`, validated and typed, and the joins of them.

It knows no page, and but for `wording` no word of one.

`findings` has what can be wrong, `schema` the descriptor and the bibliography, `clean` bytes and
characters, `rules` what holds between columns. `validation` puts these together, and `valid`
remembers what was found valid. `joins` has the typed tables, `wording` puts the edition's words on
them: chapters say `ev = evidence.load()`.
"""

from importlib import import_module

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
    "descriptor",
    "languages",
    "load",
]


# What needs pandas or words is imported when it is first asked for: that takes a third of a second,
# which validation can save.
LATER = {
    "HUES": "casebook.evidence.joins",
    "Evidence": "casebook.evidence.joins",
    "load": "casebook.evidence.wording",
}


def __getattr__(name):
    """A name of `LATER`. Raises AttributeError for any other."""
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(LATER[name]), name)
