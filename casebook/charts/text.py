"""Text in a drawing: how wide it is, where a line of it may end, and texts as Vega expressions."""

import re
from itertools import pairwise
from textwrap import TextWrapper
from unicodedata import bidirectional, east_asian_width

from casebook.escape import in_expression
from casebook.words import joined, number, say

HAN_WIDTH = 1.8  # a Chinese character's width, in Latin ones
ASIDE = re.compile("（[^（）]{1,4}）")
OPENING, CLOSING = "（《〈〔“‘([", "，。、；：？！）》〉〕”’,.;:?!)]%"  # marks that end no line, and that begin none


def is_wide(character):
    """Whether a character is as wide as it is tall: Chinese, and the marks within Chinese."""
    return east_asian_width(character) in "WF"


def is_from_right(character):
    """Whether a character is of a script that runs from right to left."""
    return bidirectional(character) in ("R", "AL")


def width_of(text):
    """The width of a text, in Latin characters; multiplied, for a sum of fractions is rounded otherwise from Python 3.12 on."""
    wide = sum(map(is_wide, text))
    return HAN_WIDTH * wide + (len(text) - wide)


def pieces_of(text):
    """A text in pieces, none of which may be broken: words and blanks, as textwrap has them, and in Chinese every character,
    with the marks that may not begin or end a line, a number with what it counts, and a short word in brackets."""
    for word in filter(None, TextWrapper.wordsep_re.split(re.sub(r"[\t\n\r]", " ", text))):
        start, inside = 0, {at for found in ASIDE.finditer(word) for at in range(found.start() + 1, found.end())}
        for at, (before, after) in enumerate(pairwise(word), start=1):
            held = at in inside or before in OPENING or after in CLOSING or (before.isdigit() and after.isalpha())
            if not held and (is_wide(before) or is_wide(after)):
                yield word[start:at]
                start = at
        yield word[start:]


def lines_of(text, width):
    """`text` as a list of lines of at most `width` Latin characters; a longer word stays whole.

    English breaks as textwrap.wrap does, Chinese between any two characters unless a mark forbids it.
    """
    lines = [""]
    for piece in pieces_of(str(text)):
        if lines[-1] and width_of(lines[-1] + piece) > width:
            lines.append("")
        if lines[-1] or piece.strip() or len(lines) == 1:  # a line does not begin with a blank
            lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]


def wrap(text, width):
    """`text` broken into lines of at most `width` Latin characters, joined with line feeds; lines of Chinese, which breaks
    anywhere, are of about one length, so that no last character stands alone."""
    lines = lines_of(text, width)
    while len(lines) > 1 and any(map(is_wide, str(text))) and len(closer := lines_of(text, width - 1)) == len(lines):
        lines, width = closer, width - 1
    # A text of several lines is one paragraph to some that draw SVG: what runs from right to left stays within its line.
    if len(lines) > 1 and any(map(is_from_right, str(text))):
        lines = [f"\u2068{line}\u2069" for line in lines]
    return "\n".join(lines)


def tally(counts):
    """Names with their numbers, as a list: `tally({"Beijing": 31, "Shanghai": 9})` is “Beijing 31, Shanghai 9”."""
    return joined(say("{name} {n}", name=name, n=number(n)) for name, n in counts.items())


def expression(message, **parts):
    """A message as a Vega expression: each of its {names} is what the expression of that name in `parts` gives."""
    pieces = re.split(r"\{(\w+)\}", message)
    pieces = [parts[piece] if at % 2 else piece and in_expression(piece) for at, piece in enumerate(pieces)]
    return " + ".join(filter(None, pieces))
