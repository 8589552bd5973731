"""What stands in a cell: a name in its language, a place with its type, a date, a status."""

import re

from markupsafe import Markup, escape

from casebook import addresses
from casebook.evidence import MISSING, NOT_MENTIONED
from casebook.words import LANGUAGE, joined, label, missing_as, number, placed, say, tag

# A run of Chinese, with the marks and digits inside it.
HAN_RUN = re.compile(
    r"([\u4e00-\u9fff](?:[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef〔〕0-9]*[\u4e00-\u9fff])?)"
)
LATIN = re.compile("[A-Za-z]")


def of_language(text, language):
    """Text in a language (its tag in HTML), marked as such for screen readers and fonts where the edition is in another."""
    return (
        escape(text)
        if language == tag()
        else Markup('<span lang="{}">{}</span>').format(language, text)
    )


def zh(text):
    """Chinese text, marked as such in an edition that is not Chinese itself."""
    return of_language(text, "zh-CN")


def as_printed(ev, text):
    """Text in the language of the article, marked as such in an edition in another."""
    return of_language(text, tag(ev.language))


def also_printed(ev, row, column="name"):
    """On a line of its own, the `column` of a row (a tuple with names) in the language of the article; nothing where the edition
    has the same words already."""
    text, own = (getattr(row, f"{column}_{language}") for language in (ev.language, LANGUAGE))
    return Markup("") if text in (own, *MISSING) else Markup("<br>") + as_printed(ev, text)


def translated(text):
    """Text of data/ without a column for each language, such as a field's description: translated where a catalogue has it."""
    return say(text)


def with_markup(key, place, markup, *values):
    """The label `key` with its values, the one at `place` in `markup` together with the marks close to it: brackets, a colon."""
    close = re.compile(rf"[^\s}}]*\{{{place}\}}[^\s{{]*")
    return Markup(close.sub(lambda found: markup.format(found[0]), label(key))).format(*values)


def with_remark(text, more):
    """A text, and in muted type what is said of it in brackets."""
    return with_markup("placed", 1, '<span class="type">{}</span>', text, more)


def missing(text=NOT_MENTIONED):
    """A labelled missing value, in muted type."""
    return Markup('<span class="missing">{}</span>').format(missing_as(text))


def cell_markup(value):
    """A cell's text: missing values in muted type, Chinese marked, a float without its empty decimals."""
    if isinstance(value, Markup):
        return value
    text = number(value) if isinstance(value, float) else str(value)
    if text in MISSING:
        return missing(text)
    if not re.search(r"[a-z]{3}", text):
        return zh(text) if HAN_RUN.search(text) else escape(text)
    # Latin text with Chinese in it: the Chinese is marked, run by run.
    pieces = [zh(piece) if HAN_RUN.match(piece) else escape(piece) for piece in HAN_RUN.split(text)]
    return Markup("").join(pieces)


def practice_link(ev, practice):
    """A practice's name, linked to its row in the register. KeyError if there is no such practice."""
    return Markup('<a class="row-link" href="{}">{}</a>').format(
        addresses.of_row(practice), ev.practice_names[practice]
    )


def place(row):
    """A jurisdiction's name with its type."""
    return with_remark(row.province_name, label(row.type))


def by_place(rows):
    """How many of `rows` (of the register) each jurisdiction has, in words and the most first: “36 of Guangdong (province), …”."""
    counts = (
        rows.groupby(["place", "province_name", "type"])
        .size()
        .sort_values(ascending=False, kind="stable")
    )
    return joined(
        (
            say("{n} of {place}", n=n, place=placed(name, kind))
            for (_, name, kind), n in counts.items()
        ),
        "both",
    )


def date_cell(row):
    """A practice's year or period, or in words that the article gives none."""
    return missing(say("date not mentioned")) if row.dated == NOT_MENTIONED else escape(row.dated)


def status(ev, code):
    """A status as its symbol and word."""
    return Markup('<span aria-hidden="true">{}</span> {}').format(
        ev.symbol("status", code), ev.code_name("status", code)
    )
