"""What stands in a cell: a name in its language, a place with its type, a date, a status."""

import re

import pandas as pd
from markupsafe import Markup, escape

from casebook import addresses, marks
from casebook.evidence import MISSING, NOT_MENTIONED
from casebook.words import LANGUAGE, label, missing_as, number, say, tag

# What makes a text one of words in Latin letters, more than a name such as LAC.
LATIN_WORD = re.compile("[a-z]{3}")
# A run of Chinese, with the marks and digits inside it.
HAN_RUN = re.compile(
    r"([\u4e00-\u9fff](?:[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef〔〕0-9]*[\u4e00-\u9fff])?)"
)


def of_language(text, language):
    """Text in a language, which is marked where the edition is in another.

    `language` is its tag in HTML. Screen readers and fonts need the mark.
    """
    if language == tag():
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)


def zh(text):
    """Chinese text, marked as such in an edition that is not Chinese itself."""
    return of_language(text, "zh-CN")


def as_printed(ev, text):
    """Text in the language of the article, marked as such in an edition in another."""
    return of_language(text, tag(ev.language))


def also_printed(ev, row, column="name"):
    """The `column` of a row in the language of the article, on a line of its own.

    It is empty where the edition has the same words already. A row is a tuple with names.
    """
    text, of_edition = (
        getattr(row, f"{column}_{language}") for language in (ev.language, LANGUAGE)
    )
    return Markup("") if text in (of_edition, *MISSING) else Markup("<br>") + as_printed(ev, text)


def translated(text):
    """Text of data/ that has no column for each language, in the edition's.

    A field's description is one. It is translated where a catalogue has it.
    """
    return say(text)


def with_markup(key, place, markup, **values):
    """The label `key` with its values, the one named `place` in `markup`.

    Marks close to that value, such as brackets or a colon, stand in the markup, too.
    """
    close = re.compile(rf"[^\s}}]*\{{{place}\}}[^\s{{]*")
    return Markup(close.sub(lambda match: markup.format(match[0]), label(key))).format(**values)


def with_remark(text, more):
    """A text, and in muted type what is said of it in brackets."""
    return with_markup("placed", "more", '<span class="type">{}</span>', name=text, more=more)


def missing(text=NOT_MENTIONED):
    """A missing value: on a page a grey dash, which the key above its table explains.

    Its words stand within it: for screen readers, for a search, and for JupyterLab, which has no
    style sheet that hides them.
    """
    return Markup('<span class="missing"><span>{}</span></span>').format(missing_as(text))


def or_missing(text):
    """A text, or what stands for it where it is a labelled missing value."""
    return missing(text) if text in {*MISSING, *map(missing_as, MISSING)} else text


def cell_markup(value):
    """A cell's text as Markup.

    Missing values are a dash, Chinese is marked, and a float has no empty decimals.
    """
    if isinstance(value, Markup):
        return value
    text = number(value) if isinstance(value, float) else str(value)
    if text in MISSING:
        return missing(text)
    if not LATIN_WORD.search(text):
        return zh(text) if HAN_RUN.search(text) else escape(text)
    # Latin text with Chinese in it: the Chinese is marked, run by run.
    pieces = [zh(piece) if HAN_RUN.match(piece) else escape(piece) for piece in HAN_RUN.split(text)]
    return Markup("").join(pieces)


def practice_link(ev, practice):
    """A practice's name, linked to its row in the register.

    KeyError if there is no such practice.
    """
    return Markup('<a class="row-link" href="{}">{}</a>').format(
        addresses.of_row(practice), ev.practice_names[practice]
    )


def place(row):
    """A jurisdiction's name with its type, unless the name says it already."""
    name, kind = row.province_name, label(row.type)
    return name if name == kind else with_remark(name, kind)


def date_cell(row):
    """A practice's year or period, or in words that the article gives none."""
    return missing(say("date not mentioned")) if row.dated == NOT_MENTIONED else escape(row.dated)


def since(row):
    """When a practice is dated, and by whom: the article, or else a source; empty without a date.

    `row` has dated and seen_year, the year that a source gives, or missing.
    """
    if row.dated != NOT_MENTIONED:
        return row.dated
    if pd.isna(row.seen_year):
        return ""
    return say("{year}, by a source", year=label("year", year=row.seen_year))


def symbol_and_name(ev, variable, code):
    """A code as its symbol, which is drawn, and its name."""
    picture = marks.drawn(ev.symbol(variable, code))
    return picture + ev.code_name(variable, code)


def status(ev, code):
    """A status as its symbol and its name."""
    return symbol_and_name(ev, "status", code)


def bullets(texts):
    """Texts as the items of a list, without the list around them."""
    return Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)
