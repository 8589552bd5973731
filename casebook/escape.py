"""Text of the tables stays text: each kind of escape that is not HTML’s own, once.

markupsafe escapes text in HTML and its attributes, in tables/ and shortlist/. The loader refuses
markup and formulas as well; nothing here relies on that. The page’s policy (casebook.site.policy)
lies beneath it all.
"""

import json
import re
from urllib.parse import quote

from markupsafe import Markup

# How a spreadsheet knows a formula: by a sign, a full-width one too, or by a blank that it drops
# before it looks.
FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
LINK = re.compile(r"https?://[^\s\"'<>\\]+", re.I)
# What ends a script’s element or a line of a script, or begins a comment or an entity in the page
# around it.
IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def cell(value):
    """A value as a cell of a CSV for spreadsheets.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; a number stays one.
    charts.js has the same for the CSV that it makes.
    """
    text = str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def fragment(text):
    """An id as a part of an address, percent-encoded."""
    return quote(str(text), safe="")


def link(text):
    """An address of the web that a page may lead to, or None for other text (“javascript:…”)."""
    return text if LINK.fullmatch(text) else None


def in_script(value):
    """A value as JSON inside a script element of a page."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(IN_SCRIPT))


def in_expression(text):
    """A text as a string of a Vega expression."""
    return (
        "'"
        + json.dumps(text, ensure_ascii=False)[1:-1].replace("'", "\\'").translate(IN_SCRIPT)
        + "'"
    )
