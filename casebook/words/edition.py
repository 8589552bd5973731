"""Which edition is built, and every word of it that belongs to no row of `data/` and to no chapter's prose.

English is the source: a message is its English text, and `locale/<locale>/LC_MESSAGES/casebook.po` has it in another
language. Names, notes and reasons come from the `_<language>` columns of `data/`, prose from the book's own chapters
(`chapters/<language>/`). Numbers, dates and names of languages are Babel's (CLDR).
"""

import datetime
import os
import re
from functools import cache
from gettext import c2py
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal

from casebook import study
from casebook.study import CATALOGUES
from casebook.words.labels import LABELS

SOURCE, SOURCE_LOCALE = "en", "en_GB"
HAN = "\u4e00-\u9fff"
FULL_WIDTH = "\u3000-\u303f\uff00-\uffef"  # marks that bring their own room


@cache
def editions():
    """The editions of the book, the source first: {language: locale}, such as {"en": "en_GB", "zh": "zh_CN"}.

    A folder of `locale/` is an edition; its language is the suffix of its columns in `data/` and its folder on the site.
    """
    folders = (
        sorted(path.name for path in CATALOGUES.iterdir() if (path / "LC_MESSAGES").is_dir())
        if CATALOGUES.exists()
        else []
    )
    return {SOURCE: SOURCE_LOCALE, **{name.partition("_")[0]: name for name in folders}}


# The edition that this process speaks. A notebook's kernel runs in the folder of its book, `chapters/zh`.
LANGUAGE = os.environ.get("CASEBOOK_LANGUAGE") or (
    Path.cwd().name if Path.cwd().name in editions() else SOURCE
)


def locale_of(language=LANGUAGE):
    """Babel's locale of an edition. KeyError if there is no such edition."""
    return Locale.parse(editions()[language])


def tag(language=LANGUAGE):
    """A language as HTML has it, with its country where it is an edition’s: “en”, “zh-CN”."""
    return SOURCE if language == SOURCE else editions().get(language, language).replace("_", "-")


def own_name(language):
    """An edition's language in its own words: “English”, “中文”."""
    name = locale_of(language).get_language_name()
    return name[:1].upper() + name[1:]


@cache
def _catalogue(language):
    if language == SOURCE:
        return None
    path = CATALOGUES / editions()[language] / "LC_MESSAGES" / "casebook.po"
    with path.open("rb") as file:
        return read_po(file)


def _translated(message, language):
    catalogue = _catalogue(language)
    found = catalogue.get(message) if catalogue else None
    if found is None or found.fuzzy:
        return None
    forms = found.string if isinstance(found.string, tuple) else (found.string,)
    return forms if all(forms) else None


def say(message, language=LANGUAGE, **values):
    """`message` (English, with {name} for each of `values`) in the edition's language, or in another `language`.

    A message without a translation stays English: `casebook.proof.translate` lists it, and the tests refuse it.
    """
    text = (_translated(message, language) or (message,))[0]
    return text.format(**values) if values else text


def some(one, many, n, **values):
    """A message with a number: `some("{n} line", "{n} lines", 1)` is “1 line”; in the plural form of the edition's language."""
    forms = _translated(one, LANGUAGE)
    form = c2py(_catalogue(LANGUAGE).plural_expr)(n) if forms else int(n != 1)
    return (forms or (one, many))[form].format(n=number(n), **values)


def of_all(n, every):
    """How many of `every`, where the sentence names that number already: “all”, or the number."""
    return say("all") if n == every else number(n)


def label(key):
    """The label `key` (a key of `LABELS`) in the edition's language; KeyError if there is none."""
    return say(LABELS[key])


def the_book(key, language=LANGUAGE):
    """The book's `title` or `author`, as the study's `_config.yml` has it, in the edition's language, or in another `language`."""
    return say(study.settings()[key], language)


def the_article():
    """Whose the article is, where and when it was published, in the edition's language: {"author", "journal", "day"}."""
    source = study.article()
    published = day(datetime.date.fromisoformat(source["date"]))
    return {"author": say(source["author"]), "journal": say(source["journal"]), "day": published}


def missing_as(text):
    """A labelled missing value of `data/` in the edition's language; any other text as it is."""
    key = str(text).replace(" ", "_")
    return label(key) if key in ("not_mentioned", "not_coded", "not_applicable") else text


def joined(parts, separator="comma"):
    """Texts as a list, with the edition's own mark between them (`separator` is a key of `LABELS`: comma, semicolon, both);
    with “both” only the last two are joined by it: “A, B and C”."""
    parts = [str(part) for part in parts]
    if separator == "both" and len(parts) > 2:
        parts = [label("comma").join(parts[:-1]), parts[-1]]
    return label(separator).join(parts)


def sentences(lines):
    """Sentences as a paragraph: a blank between two, and none after a mark that brings its own room."""
    spaced = [line if re.search(f"[{FULL_WIDTH}]$", line) else f"{line} " for line in lines]
    return "".join(spaced).removesuffix(" ")


def placed(name, kind):
    """A jurisdiction's name with its type (a key of `LABELS`), on one line: “Beijing (municipality)”."""
    return label("placed").format(name, label(kind))


@cache
def _by_myriads(language):
    """Whether a language counts large numbers in ten thousands: by CLDR its short form of 10000 has one digit."""
    return (
        locale_of(language).compact_decimal_formats["short"]["other"]["10000"].pattern.count("0")
        == 1
    )


def number(value, decimals=None):
    """A number as the edition writes it: “863,000”, in Chinese “86.3万” where nothing is lost by it.

    `decimals` fixes how many are shown; without it, as many as there are, at most two.
    """
    value = float(value) if float(value) % 1 else int(value)
    locale = locale_of()
    if decimals is None and abs(value) >= 10_000 and _by_myriads(LANGUAGE):
        unit = 100_000_000 if abs(value) >= 100_000_000 else 10_000
        for digits in (0, 1, 2):
            if round(value / unit, digits) * unit == value:
                return format_compact_decimal(value, locale=locale, fraction_digits=digits)
    whole = (
        "0" if _by_myriads(LANGUAGE) and abs(value) < 10_000 else "#,##0"
    )  # 3,300 is 3300 to who counts in ten thousands
    pattern = whole + (".##" if decimals is None else "." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, locale=locale)


def month(date):
    """A month as the edition writes it: “August 2020”, “2020年8月”."""
    return format_skeleton("yMMMM", date, locale=locale_of())


def when(text):
    """A date as the tables of data/ have it (a day, a year, a quarter such as “2020 Q3”) as the edition writes it; any other
    text as it is."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return day(datetime.date(*map(int, found.groups())))
    if found := re.fullmatch(r"(\d{4}) Q([1-4])", text):
        return format_skeleton(
            "yQQQ", datetime.date(int(found[1]), 3 * int(found[2]), 1), locale=locale_of()
        )
    return label("year").format(text) if re.fullmatch(r"\d{4}", text) else text


def day(date):
    """A day as the edition writes it: “20 August 2020”, “2020年8月20日”."""
    return format_date(date, "long", locale=locale_of())
