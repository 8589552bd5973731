"""Which edition is built, and the package's own words in it: `say`, `some` and `label`.

English is the source: a message is its English text, and
`locale/<locale>/LC_MESSAGES/casebook.po` has it in another language. Names, notes and reasons come
from the `_<language>` columns of `data/`, prose from `chapters/<language>/`. Numbers, dates and
names of languages are Babel's (CLDR).
"""

import datetime
import io
import os
import re
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal

from casebook import study
from casebook.command import Problem
from casebook.study import CATALOGUES
from casebook.words.labels import LABELS

SOURCE, SOURCE_LOCALE = "en", "en_GB"
HAN = "\u4e00-\u9fff"
FULL_WIDTH = "\u3000-\u303f\uff00-\uffef"  # marks that bring their own room


@cache
def editions():
    """The editions of the book, the source first: {"en": "en_GB", "zh": "zh_CN"}.

    A folder of `locale/` is an edition. Its language is the suffix of its columns in `data/` and
    its folder on the site. Raises a Problem for two folders of one language.
    """
    found = {SOURCE: SOURCE_LOCALE}
    for name in sorted(path.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/")):
        language = name.partition("_")[0]
        if language in found:
            raise Problem(
                f"locale/{name}: there is an edition in {language} already, {found[language]}; "
                "expected one folder for a language"
            )
        found[language] = name
    return found


# The edition that this process speaks. A notebook's kernel runs in the folder of its book, such as
# `chapters/zh`.
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
def _translations(language):
    """The words of an edition as gettext has them; the source's are the messages themselves."""
    if language == SOURCE:
        return NullTranslations()
    path = CATALOGUES / editions()[language] / "LC_MESSAGES" / "casebook.po"
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return GNUTranslations(compiled)


def say(message, language=LANGUAGE, **values):
    """An English `message`, with {name} for each of `values`, in a language: the edition's own.

    A message without a translation stays English. `casebook.proof.translate` lists it, and the
    tests refuse it.
    """
    text = _translations(language).gettext(message)
    return text.format(**values) if values else text


def some(one, many, n, **values):
    """A message with a number, in the right plural form of the edition's language.

    `some("{n} line", "{n} lines", 1)` is “1 line”.
    """
    return _translations(LANGUAGE).ngettext(one, many, n).format(n=number(n), **values)


def label(key, **values):
    """The label `key` (a key of `LABELS`) as `say` gives it; KeyError if there is none."""
    return say(LABELS[key], **values)


def the_book(key, language=LANGUAGE):
    """The book's `title` or `author` (in `_config.yml`) in a language: the edition's own."""
    return say(study.settings()[key], language)


def site_of(language=LANGUAGE):
    """The address of an edition's site, with a slash at its end; empty where none is configured."""
    folder = "" if language == SOURCE else f"{language}/"
    return study.address() and study.address() + folder


def elsewhere(link):
    """A link from one chapter to another as it stands elsewhere: with the site's address, if any.

    `evidence.html#zj-one-visit` is `https://…/chapters/evidence.html#zj-one-visit`.
    """
    return f"{site_of()}chapters/{link}" if link and site_of() else link


def the_article():
    """The article's {"author", "journal", "day"} of publication, in the edition's language."""
    source = study.article()
    published = day(datetime.date.fromisoformat(source["date"]))
    return {"author": say(source["author"]), "journal": say(source["journal"]), "day": published}


def missing_as(text):
    """A labelled missing value of `data/` in the edition's language; any other text as it is."""
    key = str(text).replace(" ", "_")
    return label(key) if key in ("not_mentioned", "not_coded", "not_applicable") else text


def joined(parts, separator="comma"):
    """Texts as a list, with the edition's own mark between them.

    `separator` is a key of `LABELS`: comma, semicolon, or both, which joins the last two alone:
    “A, B and C”.
    """
    parts = [str(part) for part in parts]
    if separator == "both" and len(parts) > 2:
        parts = [label("comma").join(parts[:-1]), parts[-1]]
    return label(separator).join(parts)


def sentences(lines):
    """Sentences as a paragraph: a blank between two, but none after a full-width mark."""
    spaced = [line if re.search(f"[{FULL_WIDTH}]$", line) else f"{line} " for line in lines]
    return "".join(spaced).removesuffix(" ")


def placed(name, kind):
    """A jurisdiction's name with its type, a key of `LABELS`: “Beijing (municipality)”.

    A name that says its type already stands alone.
    """
    return name if name == label(kind) else label("placed", name=name, more=label(kind))


@cache
def _by_myriads(language):
    """Whether a language counts large numbers in ten thousands.

    By CLDR its short form of 10000 then has one digit.
    """
    forms = locale_of(language).compact_decimal_formats["short"]["other"]
    return forms["10000"].pattern.count("0") == 1


def number(value, decimals=None):
    """A number as the edition writes it: “863,000”, in Chinese “86.3万” if nothing is lost.

    `decimals` fixes how many are shown; without it, as many as there are, at most two.
    """
    value = float(value) if float(value) % 1 else int(value)
    locale, by_myriads = locale_of(), _by_myriads(LANGUAGE)
    if decimals is None and abs(value) >= 10_000 and by_myriads:
        unit = 100_000_000 if abs(value) >= 100_000_000 else 10_000
        for digits in (0, 1, 2):
            if round(value / unit, digits) * unit == value:
                return format_compact_decimal(value, locale=locale, fraction_digits=digits)
    # Who counts in ten thousands writes 97091, not 97,091.
    whole = "0" if by_myriads else "#,##0"
    pattern = whole + (".##" if decimals is None else "." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, locale=locale)


def month(date):
    """A month as the edition writes it: “August 2020”, “2020年8月”."""
    return format_skeleton("yMMMM", date, locale=locale_of())


def when(text):
    """A date of data/ as the edition writes it: a day, month, year, or quarter (“2020 Q3”).

    Any other text stays as it is.
    """
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return day(datetime.date(*map(int, match.groups())))
    if match := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return month(datetime.date(int(match[1]), int(match[2]), 1))
    if match := re.fullmatch(r"(\d{4}) Q([1-4])", text):
        last_month = datetime.date(int(match[1]), 3 * int(match[2]), 1)
        return format_skeleton("yQQQ", last_month, locale=locale_of())
    return label("year", year=text) if re.fullmatch(r"\d{4}", text) else text


def day(date):
    """A day as the edition writes it: “20 August 2020”, “2020年8月20日”."""
    return format_date(date, "long", locale=locale_of())
