"""A built edition without what its pages do not use: rules, scripts and files of the themes.

The themes' styles are made for every page that anybody may write. An edition keeps the rules that
its own pages and scripts can use, in one file. A style of some pages alone stays a file.
"""

import re
from functools import cache

import rjsmin
import tinycss2

from casebook import shortlist

STYLE = "style.css"
UNUSED_FILES = [
    ".buildinfo",  # of Sphinx, for its next build; its hash has the path of this machine in it
    "searchindex.js",
    "_static/webpack-macros.html",  # the themes' own templates
    "_static/sbt-webpack-macros.html",
]
# Scripts that another asks for when somebody wants them.
ASKED_BY = {
    "clipboard.min.js": "copy.js",
    "copybutton.js": "copy.js",
    **dict.fromkeys((script.name for script in shortlist.SCRIPTS), "wake.js"),
}
# It would only show the titles of three buttons, which browsers do themselves.
BOOTSTRAP = re.compile(r'\s*<script defer src="[^"]*/bootstrap\.js[^"]*"></script>')
SHEET = re.compile(r' *<link (?=[^>]*rel="stylesheet")[^>]*href="([^"?]*/?_static/[^"?]*)[^>]*>\n?')
BLOCKING = re.compile(r'<script(?![^>]* defer)(?=[^>]* src="[^"]*_static/(?!moved))')
TAG = re.compile(r"<([a-z][\w-]*)")
ATTRIBUTE = re.compile(r'\s([a-z][\w:-]*)(?:="([^"]*)")?')
NAME = re.compile(r"[A-Za-z_-][\w-]*")
# The theme's script also serves a banner and a choice of versions, which the book has not.
IDLE = re.compile("announcement|banner|version|dropdown|list-group")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
ASKED = re.compile(r'(?:src|href)="([^"?]*_static/[^"?]*\.(?:js|css))')
IMPORT = re.compile(r"""@import (?:url\()?["']([^"']+)["']\)?;""")
ALTERNATIVES = {"is", "where", "has"}  # one of the selectors within has to be usable


def lighten(out):
    """Make the built edition in the folder `out` lighter, its files changed in place.

    Styles that every page asks for become one, with the rules that a page or a script can use.
    Scripts lose what only their authors read, and none holds up a page.
    """
    for unused in UNUSED_FILES:
        (out / unused).unlink(missing_ok=True)
    static = out / "_static"
    pages = {path: path.read_text(encoding="utf-8") for path in out.rglob("*.html")}
    pages = {path: BOOTSTRAP.sub("", page) for path, page in pages.items()}
    asked = [files_of(path, page) for path, page in pages.items()]
    asked = [files for files in asked if files]  # the first page of the site only leads on
    common = [
        path for path in asked[0] if path.suffix == ".css" and all(path in files for files in asked)
    ]
    text = "\n".join(map(read_sheet, common))
    there = {path.name for files in asked for path in files}
    for path in {*static.rglob("*.js"), *static.rglob("*.css")}.difference(*asked) | {*common}:
        if ASKED_BY.get(path.name) not in there:
            path.unlink()
    names = set().union(*map(names_in, pages.values()))
    for path in static.rglob("*.js"):
        script = path.read_text(encoding="utf-8")
        names |= {name for name in NAME.findall(script) if not IDLE.search(name)}
        path.write_text(rjsmin.jsmin(script), encoding="utf-8")
    for path in static.rglob("*.css"):  # of some pages alone
        sheet = path.read_text(encoding="utf-8")
        path.write_text(used(sheet, frozenset(names)), encoding="utf-8")
    (static / STYLE).write_text(used(text, frozenset(names)), encoding="utf-8")
    for path, page in pages.items():
        path.write_text(lighter(page, {sheet.name for sheet in common}), encoding="utf-8")


def files_of(path, page):
    """The scripts and styles in the site's own folder that the page at `path` asks for."""
    return [(path.parent / href).resolve() for href in ASKED.findall(page)]


def read_sheet(path):
    """The text of a stylesheet with those that it imports; print.css counts on paper alone."""
    text = IMPORT.sub(
        lambda imported: read_sheet(path.parent / imported[1]), path.read_text(encoding="utf-8")
    )
    return f"@media print {{\n{text}\n}}" if path.name == "print.css" else text


def lighter(page, common):
    """A page's HTML that asks for one style in place of the `common` ones, and waits for no script.

    `common` are names of files.
    """
    style = None
    for link in SHEET.finditer(page):
        folder, _, name = link[1].rpartition("_static/")
        if name.rpartition("/")[2] in common:
            style = style or f'<link rel="stylesheet" href="{folder}_static/{STYLE}" />\n'
            page = page.replace(link[0], "", 1)
    if style:
        page = page.replace("</title>", f"</title>\n  {style}", 1)
    return BLOCKING.sub("<script defer", page).replace("data-bs-title=", "title=")


def names_in(page):
    """What a selector can name in a page's HTML: its tags, attributes, classes, ids, variables."""
    names = {*TAG.findall(page), *VARIABLE.findall(page)}
    for name, value in ATTRIBUTE.findall(page):
        names.add(name)
        if name in ("class", "id"):
            names.update(value.split())
    return names


@cache
def used(text, names):
    """The rules of a stylesheet's `text` that can match in pages with these `names`, as text.

    Of the variables, it keeps those that a kept rule, a page or a script asks for.
    """
    rules = tinycss2.parse_stylesheet(text, skip_comments=True)
    before, now = None, written(rules, names, {*VARIABLE.findall(text)})
    while now != before:
        rules = tinycss2.parse_stylesheet(now)
        before, now = now, written(rules, names, {*VARIABLE.findall(now)})
    return now


def written(rules, names, variables):
    """Parsed `rules` as text, without those that match nothing and without other `variables`.

    `names` are what a selector can name.
    """
    lines = []
    for rule in rules:
        if rule.type == "qualified-rule":
            head = ",".join(plain(one) for one in split(rule.prelude) if matches(one, names))
            inner = declarations(rule.content, names | variables) if head else ""
        elif rule.type == "at-rule" and rule.content and rule.lower_at_keyword != "font-face":
            head, inner = f"@{rule.at_keyword} {plain(rule.prelude)}", plain(rule.content)
            if rule.lower_at_keyword in ("media", "container", "supports"):
                within = tinycss2.parse_rule_list(rule.content, skip_comments=True)
                inner = written(within, names, variables)
        else:  # an icons' font: ours are drawn
            continue
        if inner:
            lines.append(f"{head}{{{inner}}}")
    return "\n".join(lines)


def declarations(content, variables):
    """The declarations in a rule's `content` as text; of variables those among `variables`."""
    parsed = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    kept = [one for one in parsed if not one.name.startswith("--") or one.name in variables]
    return ";".join(plain([one]).rstrip("; ") for one in kept)


def plain(tokens):
    """Parsed tokens as text, without comments and with one blank for several."""
    kept = [token for token in tokens if token.type != "comment"]
    return re.sub(r"\s+", " ", tinycss2.serialize(kept)).strip()


def split(tokens):
    """A list of selectors, in tokens, at its commas."""
    parts = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def matches(selector, names):
    """Whether all that a selector, in tokens, asks for is among the `names` of the pages.

    What `:not()` and the like exclude asks for nothing.
    """
    before = None
    for token in selector:
        asked = ""
        if token.type == "hash" or (token.type == "ident" and before != ":"):
            asked = token.value
        elif token.type == "[] block":
            asked = next(one.value for one in token.content if one.type == "ident")
        if asked and not {asked, camel_case(asked)} & names:
            return False
        within = split(token.arguments) if getattr(token, "lower_name", "") in ALTERNATIVES else ()
        if within and not any(matches(one, names) for one in within):
            return False
        before = token
    return True


def camel_case(name):
    """How a script names an attribute: `data-theme` is `theme` in an element's dataset."""
    first, *others = name.removeprefix("data-").split("-")
    return first + "".join(map(str.capitalize, others))
