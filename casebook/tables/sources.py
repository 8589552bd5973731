"""Checks and sources: the badge of a verdict, the list of checks, the references."""

import re

from markupsafe import Markup

from casebook import addresses
from casebook.evidence.clean import LATIN_LETTER
from casebook.tables.cells import (
    HAN_RUN,
    LATIN_WORD,
    also_printed,
    cell_markup,
    missing,
    of_language,
    symbol_and_name,
    zh,
)
from casebook.tables.html import table
from casebook.words import LANGUAGE, label, say, tag

VERDICTS = ("contradicted", "refined", "confirmed", "not found")


def _badge(ev, verdict, check, count=1):
    """A verdict as a link to its check, with how many checks have it where there are several."""
    words = symbol_and_name(ev, "verdict", verdict)
    times = Markup(" ×{}").format(count) if count > 1 else ""
    return Markup(' <a class="verdict v-{}" href="{}">{}{}</a>').format(
        verdict.replace(" ", "-"), addresses.of_check(check), words, times
    )


def check_badge(ev, check, count=1):
    """The verdict of one check, as symbol and word, linked to it.

    With a `count` it is that of the first of so many. Raises KeyError if there is no such check.
    """
    return _badge(ev, ev.source_checks.set_index("check").verdict[check], check, count)


def verdict_badges(ev, practice=None, figure=None):
    """The verdicts of all checks of a practice or a figure.

    Each stands once, linked to its first check. It is empty where no check was made.
    """
    checks = ev.verdicts_of(practice=practice, figure=figure)
    groups = [(v, [check for check, verdict in checks if verdict == v]) for v in VERDICTS]
    return Markup("").join(_badge(ev, verdict, ids[0], len(ids)) for verdict, ids in groups if ids)


def checks(ev, rows, caption):
    """Checks in public sources: what was looked up, section, verdict, finding, source.

    `rows` are some of `ev.source_checks`. Each has its id as anchor.
    """
    sources = references(ev)
    body = []
    for row in rows.itertuples():
        claim = Markup('<span id="{}" class="anchor">{}</span>').format(row.check, row.claim)
        claim += also_printed(ev, row, "claim")
        verdict = Markup('<span class="verdict v-{}">{}</span>').format(
            row.verdict.replace(" ", "-"), symbol_and_name(ev, "verdict", row.verdict)
        )
        source = sources.get(row.source, missing(say("no source")))
        body.append([claim, row.section, verdict, row.finding, source])
    heads = [
        say("What was looked up"),
        say("Section"),
        label("verdict"),
        say("What the source says"),
        say("Source"),
    ]
    return table(heads, body, caption)


def is_english(fields, name):
    """Whether a reference's field is English in an edition that is not.

    Then it has no variant of its own there.
    """
    if tag() == "en" or f"{'howpublished' if name == 'who' else name}_{LANGUAGE}" in fields:
        return False
    text = fields[name]
    return bool(LATIN_WORD.search(text) or (LATIN_LETTER.search(text) and not HAN_RUN.search(text)))


def reference_part(fields, name):
    """What a reference says under `name`: Markup, marked where it is in another language."""
    text = fields[name]
    if not is_english(fields, name):
        return cell_markup(text)
    # An English title may give the number of a document in Chinese.
    return Markup("").join(
        zh(piece) if HAN_RUN.match(piece) else of_language(piece, "en")
        for piece in HAN_RUN.split(text)
        if piece
    )


def source_short(ev, key):
    """A reference as it stands in a sentence: last names and year.

    It is a link where it has an address, and has its title as a hint. Raises KeyError if
    references.bib has no such key.
    """
    fields = ev.sources[key]
    text = Markup(say("{who} {year}")).format(
        who=fields["short"] or reference_part(fields, "who"), year=reference_part(fields, "date")
    )
    hint = Markup('title="{}"').format(fields["title"])
    if is_english(fields, "title"):  # the hint is in English, the words are not
        hint += Markup(' lang="en"')
        text = Markup('<span lang="{}">{}</span>').format(tag(), text)
    link = Markup('<a href="{}" {}>{}</a>').format(fields.get("url"), hint, text)
    return link if "url" in fields else Markup("<span {}>{}</span>").format(hint, text)


def references(ev):
    """references.bib as {key: Markup of one line}.

    A title is a link only where the entry has an address.
    """
    lines = {}
    for key, fields in ev.sources.items():
        title = reference_part(fields, "title")
        if "url" in fields:
            title = Markup('<a href="{}">{}</a>').format(fields["url"], title)
        lines[key] = title
        for name in ("who", "date"):
            if fields[name]:
                more = Markup(
                    re.sub(r"(?<=[a-z])\.(?=[a-z])", ".<wbr>", str(reference_part(fields, name)))
                )  # the name of a host
                lines[key] = Markup(say("{reference}, {more}")).format(
                    reference=lines[key], more=more
                )
    return lines
