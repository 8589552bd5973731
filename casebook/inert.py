"""Text of the tables stays text, wherever it goes: each kind of escape that is not HTML's own, once; and what a page may run.

Text in HTML and its attributes is escaped by markupsafe, in tables.py and explorer.py. The loader refuses markup and formulas
as well; nothing here relies on that. Beneath it all lies the page's Content-Security-Policy: what an escape that somebody
forgot lets into a page, no browser runs.
"""

import base64
import hashlib
import json
import re
from urllib.parse import quote

from markupsafe import Markup

# How a spreadsheet knows a formula: by a sign, a full-width one too, or by a blank that it takes off before it looks.
FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
LINK = re.compile(r"https?://[^\s\"'<>\\]+", re.I)
# What ends a script's element or a line of a script, or begins a comment or an entity in the page around it.
IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
CHARSET = re.compile(r'<meta charset="[^"]*" ?/?>')
INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.S)


def cell(value):
    """A value as a cell of a CSV that is made for spreadsheets: text that one would run as a formula gets an apostrophe in
    front, a number stays one. charts.js has the same for the CSV that it makes."""
    text = str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def fragment(text):
    """An id as a part of an address, percent-encoded."""
    return quote(str(text), safe="")


def link(text):
    """An address of the web that a page may lead to, or None for any other text, such as one that begins with javascript:."""
    return text if LINK.fullmatch(text) else None


def in_script(value):
    """A value as JSON inside a script element of a page."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(IN_SCRIPT))


def in_expression(text):
    """A text as a string of a Vega expression."""
    return "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace("'", "\\'").translate(IN_SCRIPT) + "'"


def in_tags(change, markup):
    """SVG text with `change(tag)` made in its tags, and none in the words between them. It has no > but at a tag's end."""
    return re.sub(r"<[^>]+>", lambda tag: change(tag[0]), markup)


def policy(page):
    """The Content-Security-Policy of a page's HTML: what stands beside the page, on the same host or the same disk, and nothing
    else.

    No script in the page runs but those of its head, where no text of the tables goes: they are the theme's, and known by
    their hashes. Vega is told to interpret its expressions (charts.js), so that no text is ever run as a script. The search
    page alone may ask for files (the index) and run Pagefind's WebAssembly.
    """
    known = {"script": ["'self'"], "style": ["'self'"]}
    for kind, attributes, text in INLINE.findall(page.partition("</head>")[0]):
        if "src=" not in attributes:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            known[kind] = list(dict.fromkeys([*known[kind], f"'sha256-{digest}'"]))
    search = "pagefind-ui.js" in page
    rules = {
        "default-src": "'none'",
        "script-src": " ".join([*known["script"], *(["'wasm-unsafe-eval'"] if search else [])]),
        "style-src-elem": " ".join(known["style"]),
        "style-src": "'self' 'unsafe-inline'",  # a column's width, what Vega draws: attributes, which run nothing
        "img-src": "'self' data:",
        "font-src": "'self'",
        **({"connect-src": "'self'", "worker-src": "'self'"} if search else {}),
        "form-action": "'self'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{rule} {sources}" for rule, sources in rules.items())


def guarded(page):
    """A page's HTML with its policy in front of whatever it may ask for."""
    found = CHARSET.search(page)
    at = found.end() if found else 0
    return f'{page[:at]}<meta http-equiv="Content-Security-Policy" content="{policy(page)}"/>{page[at:]}'
