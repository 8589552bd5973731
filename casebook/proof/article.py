"""The article as text to compare with: its sections, sentences, jurisdictions, numbers and years.

The article is its author's and is not part of the project, so it is read from outside. Text is
compared after NFKC and without white space, in every language. Which language it is,
datapackage.json says.
"""

import hashlib
import os
import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

from casebook import study
from casebook.evidence import DATA
from casebook.evidence.clean import read_rows
from casebook.study import ROOT, RUN

# White space, and what a page saved as text has between characters: soft hyphens, joiners, marks of
# direction and of byte order.
UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
# Characters of running text: what stands above the first such line is the page's own.
LONG_LINE = 100
WRAPPED = 120  # columns: a text without a longer line is taken for one that is wrapped
# What may stand before a heading, once blanks are gone: 1.  1.1  (1)  1)  iv.  （一）  一、  一是
HAN_DIGITS = "[一二三四五六七八九十]+"
NUMBERED = (
    rf"(?:\((?:\d+|[a-zA-Z]+|{HAN_DIGITS})\)|(?:\d+(?:\.\d+)*|[a-zA-Z]|[ivxIVX]+)[.):、]"
    rf"|\d+(?:\.\d+)*|第?{HAN_DIGITS}[、是章节])?"
)
# What stays on one line: a word, or a Chinese character with the mark after it.
FIRST_WORD = re.compile(r"[\u4e00-\u9fff](?:[，。、；：？！”》）])?|[^\s\u4e00-\u9fff]*")
STOP = "。.:!?"  # ends a heading that its paragraph goes on after
# A full stop within a number ends no sentence, but one after an abbreviation does (“St. Mary”). A
# sentence that ends too early only holds a row stricter.
SENTENCE_END = re.compile(r"[。!?！？]|(?<!\d)\.|\.(?!\d)")
TITLE = re.compile(r"《[^》]*》")
QUOTED_NAME = re.compile(r"“[^”]*”|\"[^\"]*\"")
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
DATE = re.compile(
    rf"\d{{4}}年(\d{{1,2}}月|末)?|(?:\d{{1,2}})?(?:{MONTH})?\d{{4}}|{MONTH}\d{{1,2}},\d{{4}}"
)
PERIOD = re.compile(r"(\d{4})年?(?:[-–至到]|to)(\d{4})(?:年|(?![\d\u4e00-\u9fff]))")
# A year: four digits that 年 or 版 follows, or beside which nothing Chinese and no letter stands
# that it might count.
YEAR = re.compile(r"\d{4}(?=年|版)|(?<![\d\u4e00-\u9fff.,])(?:19|20)\d\d(?![\w%.,])")
MAYBE_YEAR = re.compile(
    r"\d{4}(?=年|版)|(?<![\d\u4e00-\u9fff.,])(?:19|20)\d\d(?![\d\u4e00-\u9fff%])"
)
HAN_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
HAN_NUMERALS = {n: i for i, n in enumerate("零一二三四五六七八九")} | {"十": 10}
# Arabic digits, or Chinese numerals before a measure word. The measure words are those that the
# article counts with.
PRINTED_NUMBER = re.compile(
    r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?万?|[一二三四五六七八九十百千万]+(?=[项个大部条])"
)


def article_file():
    """Where the article's text is looked for: SOURCE, or beside the study, in `shared` or alone."""
    if given := os.environ.get("SOURCE"):
        return Path(given)
    alone = ROOT.parent / "article.txt"
    return alone if alone.exists() else ROOT.parent / "shared" / "article.txt"


def may_be_missing():
    """Whether the check against the article may be skipped where the article is not at hand.

    It may on a reader's machine. In CI it may only for a pull request from a fork, which gets no
    secret: the workflow then sets WITHOUT_ARTICLE.
    """
    return not os.environ.get("CI") or bool(os.environ.get("WITHOUT_ARTICLE"))


def no_article(path):
    """What to say where the article is not at hand."""
    return (
        f"no article at {path}; it is its author's and no part of this repository: "
        "save its page as text and give SOURCE=path"
    )


def normalise(text):
    """`text` after NFKC, without white space and without what nobody sees: marks of width 0."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def sha256_of(text):
    """SHA-256 of normalised text, as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


# ---- sections


def printed_name():
    """The column that has names in the language of the article."""
    return f"name_{study.article()['language']}"


def heading(number, name):
    """A section's heading as the article prints it, normalised.

    It is empty for a section without one: the opening, 0, and what stands before a first
    sub-section, such as 5.0.
    """
    return "" if number.rpartition(".")[2] == "0" else normalise(name)


def printed_headings(folder=DATA):
    """The sections of `folder` in their order: {number: its `heading`}."""
    header, records, _ = read_rows(Path(folder) / "sections.csv")
    printed = header.index(printed_name())
    return {record[0]: heading(record[0], record[printed]) for record in records}


def split(article, sections=None):
    """The article's text by section: {number: (heading, normalised text)}.

    `sections` are those to look for (default: the study's, by `printed_headings`). A heading
    stands at the beginning of a line, after a number or none. Where the line has nothing else, the
    lines up to the next heading are the section's text. Where the line goes on after a full stop or
    a colon, it is itself the section's text. A section that has sub-sections holds its heading
    only. The opening begins with the first long line. Raises ValueError if a heading is not found,
    or text belongs nowhere.
    """
    sections = printed_headings() if sections is None else sections
    divided = {number.rpartition(".")[0] for number in sections}
    above, lines = _lines_of_sections(article, sections, divided)
    texts = {number: "".join(parts) for number, parts in lines.items()}
    if "0" in sections:
        long = next((at for at, line in enumerate(above) if len(line) > LONG_LINE), len(above) - 1)
        texts["0"] = "".join(above[max(long, 0) :])
    if empty := [number for number in sections if not texts[number] and number not in divided]:
        raise ValueError(
            f"this is not the article: no text was found for section {', '.join(empty)}"
        )
    return {
        number: (printed, printed if number in divided else texts[number])
        for number, printed in sections.items()
    }


def columns(line):
    """How wide a line is on a console, in columns: a Chinese character takes two."""
    return sum(1 + (unicodedata.east_asian_width(character) in "FW") for character in line)


def unwrapped(text, headings):
    """The paragraphs of a text, normalised, each on one line, also where the text is wrapped.

    Wrapped at a column, a line goes on in the next one where that one's first word had no room.
    Whoever wraps counts characters or columns. A line that begins with one of the `headings`
    (normalised) continues none.
    """
    lines = [line.strip() for line in text.splitlines()]
    widest = {measure: max(map(measure, lines), default=0) for measure in (len, columns)}
    joined, full = [], False
    for line, after in zip(lines, [*lines[1:], ""]):
        plain = normalise(line)
        begins = any(one in plain[: len(one) + 8] for one in headings)  # 8: a number before it
        if full and plain and not begins:
            joined[-1] += plain
        else:
            joined.append(plain)
        word = FIRST_WORD.match(after)[0]
        full = widest[columns] <= WRAPPED and any(
            measure(line) + measure(word) + 1 > most for measure, most in widest.items()
        )
    return list(filter(None, joined))


def _lines_of_sections(article, sections, divided):
    """The lines above the first heading, and {number: lines} of the sections below it.

    `divided` have sub-sections.
    """
    wanted = [number for number, printed in sections.items() if printed]
    above, lines = [], {number: [] for number in sections}
    last, count, ended = None, 0, False
    for line in unwrapped(article, list(filter(None, sections.values()))):
        following = wanted[count] if count < len(wanted) else None
        pattern = (
            rf"{NUMBERED}{re.escape(sections[following])}([{STOP}]?)(.*)" if following else r"(?!)"
        )
        begun = re.fullmatch(pattern, line)
        if begun and (begun[1] or not begun[2]):
            last, count, runs_on = following, count + 1, bool(begun[2])
            lines[last] = [line] if runs_on else []
            # What follows the last paragraph is the page's own.
            ended = runs_on and last == wanted[-1]
        elif last is None:
            above.append(line)
        elif last in divided:
            if following and line.startswith(following):
                raise ValueError(
                    f"section {following} is “{sections[following]}” in sections.csv, and the "
                    f"article's line with its number is “{line[:RUN]}”, here without blanks"
                )
            if f"{last}.0" not in lines:
                raise ValueError(
                    f"section {last} prints a text before its first sub-section: "
                    f"it needs a row {last}.0 of sections.csv, in `casebook new` a part of "
                    f"--sections such as {last}.0=Introduction ({line[:RUN]}…)"
                )
            lines[f"{last}.0"].append(line)
        elif not ended:
            lines[last].append(line)
    if count < len(wanted):
        after = f" after that of section {last}" if count else ""
        raise ValueError(
            f"this is not the article, or not its heading: section {wanted[count]}, "
            f"“{sections[wanted[count]]}” (sections.csv), was looked for at the beginning of a line"
            f"{after}, with or without a number before it, and not found"
        )
    return above, lines


# ---- what stands in a section's text


def marked(text):
    """The titles, quoted names and numbers of a paragraph, as (offset, text)."""
    for pattern in (TITLE, QUOTED_NAME, PRINTED_NUMBER):
        for match in pattern.finditer(text):
            yield match.start(), match[0]


def value_of(text):
    """The value of a number as the article prints it (`86.3万`, `十`, `250`, `1,200`), or None."""
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)(万?)", text.replace(",", "")):
        value = float(match[1]) * (10_000 if match[2] else 1)
        return round(value, 6)
    return HAN_NUMERALS.get(text)


@lru_cache
def _sentence_starts(text):
    return [0, *(match.end() for match in SENTENCE_END.finditer(text))]


def sentence_start(text, offset):
    """Where the sentence that `offset` stands in begins."""
    starts = _sentence_starts(text)
    return starts[bisect_right(starts, offset) - 1]


@lru_cache(maxsize=64)
def _namings(text, places):
    """Where a text names a place, in order: (offset, length, jurisdiction).

    `places` are pairs of a name and a jurisdiction.
    """
    # Of two names that begin at one place the longer is meant.
    return sorted(
        (match.start(), len(name), province)
        for name, province in places
        for match in re.finditer(re.escape(name), text)
    )


def named_before(text, offset, places):
    """The jurisdiction named last at or before `offset`, or None.

    `places` maps a name to a jurisdiction.
    """
    namings = _namings(text, tuple(places.items()))
    last = bisect_right(namings, offset, key=itemgetter(0))
    return namings[last - 1][2] if last else None


def named_in_sentence(text, offset, places):
    """All jurisdictions named in the sentence of `offset`, before it."""
    before = text[sentence_start(text, offset) : offset]
    return {province for name, province in places.items() if name in before}


def offsets_of(piece, text):
    """Where a piece of evidence stands in a text, in order: offsets. 10 does not stand in 2010."""
    begins, ends = (r"(?<!\d)" * piece[:1].isdigit(), r"(?!\d)" * piece[-1:].isdigit())
    return [match.start() for match in re.finditer(begins + re.escape(piece) + ends, text)]


def first_printed(parts, name):
    """The locator of a name where the article prints it first, or None.

    `parts` are what `split` gives.
    """
    offsets = ((section, text.find(name)) for section, (_, text) in parts.items())
    return next((f"{section}@{at}+{len(name)}" for section, at in offsets if at >= 0), None)
