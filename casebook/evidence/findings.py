"""What is wrong with the evidence, in words for a person: one `Finding` for each thing."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from casebook.command import Problem

IN_MESSAGE = 16  # findings in a message: some take two lines of a screen
# Marks that show nothing by themselves though Unicode does not class them as control or format
# characters.
INVISIBLE = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x3164,
    0xFFA0,
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
}


@cache
def is_hidden(char):
    """Whether a character shows nothing on a page, or changes how its neighbours show.

    Examples are controls, marks of direction, joiners and tags.
    """
    return (
        unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
        or ord(char) in INVISIBLE
    )


def code_point(char):
    """A character by its number, `U+202E`."""
    return f"U+{ord(char):04X}"


def quoted(value):
    """A value as a message quotes it: 80 characters at most, hidden ones written out."""
    value = repr(value if len(value) <= 80 else value[:77] + "…")
    return "".join(c.encode("unicode_escape").decode() if is_hidden(c) else c for c in value)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with the evidence, in words for a person."""

    file: str
    row: int  # line in the file, the header being 1; 0 where the file as a whole is meant
    column: str  # empty where the row or the file is meant
    value: str
    expected: str

    def __str__(self):
        place = (
            self.file
            + (f", row {self.row}" if self.row else "")
            + (f", column {self.column}" if self.column else "")
        )
        return f"{place}: {quoted(self.value)} – expected {self.expected}"


class EvidenceError(Problem):
    """The evidence cannot be used.

    `findings` has all that is wrong with it, and the message as much as fits on a screen.
    """

    def __init__(self, findings):
        self.findings = findings
        lines = [
            f"{len(self.findings)} finding(s) in the evidence:",
            *(f"  {finding}" for finding in self.findings[:IN_MESSAGE]),
        ]
        if rest := Counter(finding.file for finding in self.findings[IN_MESSAGE:]):
            files = ", ".join(f"{n} in {file}" for file, n in rest.items())
            lines.append(
                f"  and {rest.total()} more ({files}); all of them: python -m casebook check data"
            )
        super().__init__("\n".join(lines))
