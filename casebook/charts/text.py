"""Text in a drawing: how wide it is, where a line of it may end, and texts as Vega expressions."""

import re
from itertools import pairwise
from textwrap import TextWrapper
from unicodedata import bidirectional, east_asian_width

from casebook.escape import in_expression
from casebook.words import joined, number, say

HAN_WIDTH = 1.8  # the width of a Chinese character, in Latin ones
ASIDE = re.compile("（[^（）]{1,4}）")
OPENING = "（《〈〔“‘(["  # marks that end no line
CLOSING = "，。、；：？！）》〉〕”’,.;:?!)]%"  # marks that begin none


def is_wide(character):
    """Whether a character is as wide as it is tall, as Chinese and the marks within it are."""
    return east_asian_width(character) in "WF"


def is_from_right(character):
    """Whether a character is of a script that runs from right to left."""
    return bidirectional(character) in ("R", "AL")


def width_of(text):
    """The width of a text, in Latin characters."""
    wide = sum(map(is_wide, text))
    # Multiplied: a sum of fractions is rounded otherwise from Python 3.12 on.
    return HAN_WIDTH * wide + (len(text) - wide)


def pieces_of(text):
    """The pieces of a text that may not be broken, one after the other.

    They are words and blanks, as textwrap has them, and in Chinese every character, with the marks
    that may not begin or end a line. A number stays with what it counts, a short word in brackets
    whole.
    """
    for word in filter(None, TextWrapper.wordsep_re.split(re.sub(r"[\t\n\r]", " ", text))):
        asides = [range(aside.start() + 1, aside.end()) for aside in ASIDE.finditer(word)]
        start = 0
        for at, (before, after) in enumerate(pairwise(word), start=1):
            held = before in OPENING or after in CLOSING or (before.isdigit() and after.isalpha())
            held = held or any(at in aside for aside in asides)
            if not held and (is_wide(before) or is_wide(after)):
                yield word[start:at]
                start = at
        yield word[start:]


def lines_of(text, width):
    """`text` as a list of lines of at most `width` Latin characters; a longer word stays whole.

    English breaks as textwrap.wrap does, Chinese between any two characters that no mark holds
    together.
    """
    lines = [""]
    for piece in pieces_of(str(text)):
        if lines[-1] and width_of(lines[-1] + piece) > width:
            lines.append("")
        if lines[-1] or piece.strip() or len(lines) == 1:  # a line does not begin with a blank
            lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]


def wrap(text, width):
    """`text` broken into lines of at most `width` Latin characters, joined with line feeds.

    Lines of Chinese, which breaks anywhere, are of about one length: no character stands alone.
    """
    lines = lines_of(text, width)
    balanced = len(lines) > 1 and any(map(is_wide, str(text)))
    while balanced and len(closer := lines_of(text, width - 1)) == len(lines):
        lines, width = closer, width - 1
    # A text of several lines is one paragraph to some programs that draw SVG: what runs from right
    # to left stays within its line.
    if len(lines) > 1 and any(map(is_from_right, str(text))):
        lines = [f"\u2068{line}\u2069" for line in lines]
    return "\n".join(lines)


def tally(counts):
    """Names with their numbers: of {"Beijing": 31, "Shanghai": 9}, “Beijing 31, Shanghai 9”."""
    return joined(say("{name} {n}", name=name, n=number(n)) for name, n in counts.items())


def expression(message, **parts):
    """A message as a Vega expression; `parts` has an expression for each of its {names}."""
    texts = re.split(r"\{(\w+)\}", message)  # by turns text and name
    texts[::2] = [text and in_expression(text) for text in texts[::2]]
    texts[1::2] = [parts[name] for name in texts[1::2]]
    return " + ".join(filter(None, texts))
