"""Text in a drawing: how wide it is, where a line of it may end, and texts as Vega expressions."""

import re
from itertools import accumulate, pairwise
from textwrap import TextWrapper
from unicodedata import bidirectional, east_asian_width

from casebook.escape import in_expression
from casebook.words import joined, number, say

HAN_WIDTH = 1.8  # the width of a Chinese character, in Latin ones
ASIDE = re.compile("（[^（）]{1,4}）")
OPENING = "（《〈〔“‘(["  # marks that end no line
CLOSING = "，。、；：？！）》〉〕”’,.;:?!)]%"  # marks that begin none
TITLE = re.compile("《[^《》]*》")
# What it costs to end a line within a word, and within a title: many lines, and somewhat over one.
SPLIT, IN_TITLE = 100, 1.5


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


def atoms_of(text):
    """The pieces of a text within which no line may end, one after the other.

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


def pieces_of(text):
    """The pieces of a text that a line should not break: atoms, in Chinese joined to words."""
    piece = ""
    for atom, cost in zip(atoms := list(atoms_of(text)), costs_of(atoms)):
        if piece and cost >= SPLIT:
            piece += atom
            continue
        yield from filter(None, [piece])
        piece = atom
    yield piece


def costs_of(atoms):
    """What it costs to end a line before each of the atoms of a text: a list of numbers."""
    text = "".join(atoms)
    if not any(map(is_wide, text)):
        return [0] * len(atoms)
    from casebook.charts.breaks import words_of  # where there is Chinese: its model takes a moment

    ends = set(accumulate(map(len, words_of(text))))
    titles = [range(title.start() + 1, title.end()) for title in TITLE.finditer(text)]
    costs = []
    for at, atom in zip(accumulate(map(len, atoms), initial=0), atoms):
        within = at not in ends and all(map(is_wide, text[max(at - 1, 0) : at + 1]))
        in_title = any(at in title for title in titles)
        costs.append(0 if atom.isspace() else SPLIT * within + IN_TITLE * in_title)
    return costs


def lines_of(text, width):
    """`text` as a list of lines of at most `width` Latin characters; a longer word stays whole.

    English breaks as textwrap.wrap does. Chinese breaks between words, within one only where it is
    too long for a line, and within the marks of a title only where a line more would not help. Its
    lines are of about one length: no character stands alone.
    """
    text = str(text)
    lines = evened(text, width) if any(map(is_wide, text)) else filled(text, width)
    return [line.rstrip() for line in lines if line.strip()]


def filled(text, width):
    """The lines of a text of which each has as much as goes into it."""
    lines = [""]
    for piece in atoms_of(text):
        if lines[-1] and width_of(lines[-1] + piece) > width:
            lines.append("")
        if lines[-1] or piece.strip() or len(lines) == 1:  # a line does not begin with a blank
            lines[-1] += piece
    return lines


def evened(text, width):
    """The lines of a text that cost least, of all that there may be.

    A line costs 1 and more the longer it is, so that few are made and those even; what it costs to
    end one is of `costs_of`.
    """
    atoms = list(atoms_of(text))
    costs = costs_of(atoms)
    best = [(0.0, [])]  # of the text before each atom: what it costs, and its lines
    for end in range(1, len(atoms) + 1):
        ways = []
        for start in range(end - 1, -1, -1):
            line = "".join(atoms[start:end]).strip()
            share = width_of(line) / width
            if share > 1 and start < end - 1:
                break
            cost, lines = best[start]
            ways.append((cost + costs[start] * (start > 0) + 1 + share**2 / 2, [*lines, line]))
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def wrap(text, width):
    """`text` broken into lines of at most `width` Latin characters, joined with line feeds."""
    lines = lines_of(text, width)
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
