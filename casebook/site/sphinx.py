"""The Sphinx extension of the site.

It has the site's roles, its downloads, the self-hosted Vega runtime, the search index, and pages
without foreign requests. Charts become figures by an entry point (casebook.site.figure).
"""

import html
import json
import posixpath
import re
import shutil
from pathlib import Path
from string import Template

from bs4 import BeautifulSoup
from docutils.parsers.rst.roles import register_local_role
from jinja2 import FileSystemBytecodeCache
from markupsafe import Markup

from casebook import __version__, chapters, explorer, tables
from casebook.charts.text import pieces_of
from casebook.site import downloads, drawing, policy, prose, retired, search
from casebook.site.figure import charts_of, the_evidence
from casebook.study import PACKAGE
from casebook.words import (
    HAN,
    LABELS,
    LANGUAGE,
    SOURCE,
    editions,
    label,
    own_name,
    say,
    tag,
    the_book,
)

HERE = Path(__file__).parent
NOT_FOUND = Template((HERE / "404.html").read_text(encoding="utf-8"))
TO_FIRST = Template((HERE / "root.html").read_text(encoding="utf-8"))
DIGEST = "casebook_text"  # in Sphinx's metadata of a document: the digest of the text that was read
# Scripts and styles that the theme or its extensions ask for on every page, and no page uses.
UNUSED = re.compile(
    r"thebe|togglebutton|toggle(?:Hint|Open)|pagename|translations\.js|design-tabs|sphinx-design"
    r"|sphinx_highlight|search_as_you_type",
    re.I,
)
UNUSED_FILES = [
    ".buildinfo",  # of Sphinx, for its next build; its hash has the path of this machine in it
    "searchindex.js",
    "_static/searchtools.js",
    "_static/translations.js",
    "_static/scripts/fontawesome.js",
    "_static/webpack-macros.html",  # the themes' own templates
    "_static/sbt-webpack-macros.html",
]
THEBE = re.compile(
    r'<script(?: type="text/x-thebe-config")?>\s*(?:\{\s*requestKernel|kernelName)[^<]*</script>\s*'
)
# Scripts of the pages that have what they work on: what tells it in the page's body.
OF_PAGES = {
    "ranking.js": "explorer-data",
    "explorer.js": "explorer-data",
    "compare.js": "compare-controls",
}


def _lighter_page(app, pagename, templatename, context, doctree):
    """Drop what the page does not use, and what throws: Thebe, which the theme sets up twice."""
    body = context.get("body", "")

    def used(file):
        name = str(getattr(file, "filename", file))
        unused = UNUSED.search(f"{name} {getattr(file, 'attributes', '')}")
        sign = OF_PAGES.get(name.rpartition("/")[2].partition("?")[0], "")
        return not unused and sign in body

    for kind in ("script_files", "css_files"):
        context[kind] = list(filter(used, context.get(kind, [])))
    if body:
        # The label hides the visible words ("Show the code") from a screen reader.
        body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
        for styles in (tables.html.TABLE_IN_LAB, explorer.EXPLORER_IN_LAB):
            body = body.replace(styles, "")
        context["body"] = WRITTEN.sub(_as_cards, THEBE.sub("", body))


WRITTEN = re.compile(r'<table class="table">.*?</table>', re.S)  # in Markdown, by an author


def _as_cards(match):
    """A table that an author wrote in Markdown, in the form of the book's own: a row is a card."""
    table = BeautifulSoup(match[0], "html.parser").table
    table["class"], table["role"] = ["casebook", "cards", "written"], "table"
    heads = [head.get_text() for head in table.thead.find_all("th")]
    for part in table.find_all(["thead", "tbody"]):
        part["role"] = "rowgroup"
    for head in table.thead.find_all("th"):
        head["scope"], head["role"] = "col", "columnheader"
    for row in table.find_all("tr"):
        row["role"], row["class"] = "row", []
        for at, (cell, head) in enumerate(zip(row.find_all("td"), heads)):
            if at:
                cell["role"], cell["data-label"] = "cell", head
            else:
                cell.name, cell["scope"], cell["role"] = "th", "row", "rowheader"
    return str(table)


def _words(app, pagename, templatename, context, doctree):
    """Give the templates the edition's labels, the page's other editions, what moved from it."""
    found = [key for key in LABELS if key.startswith("found_")]  # Pagefind's words
    words = {key.removeprefix("found_"): label(key) for key in found}
    others = [language for language in editions() if language != LANGUAGE]
    context |= {
        "label": label,
        "brand": Markup("<wbr>").join(pieces_of(context["docstitle"])),
        "search_words": json.dumps(words, ensure_ascii=False),
        "editions": [_edition(pagename, language) for language in others],
        "moved": retired.moved_from(posixpath.basename(pagename)),
    }


def _edition(pagename, language):
    """What a template needs of another edition of a page, with its own words that offer it."""
    folder = "" if language == SOURCE else language
    here = posixpath.dirname(posixpath.join("" if LANGUAGE == SOURCE else LANGUAGE, pagename))
    keys = ("edition", "offer", "offer_go", "offer_no")
    return {
        "language": language,
        "tag": tag(language),
        "name": own_name(language),
        "address": posixpath.relpath(posixpath.join(folder, f"{pagename}.html"), here or "."),
        **{key: say(LABELS[key], language) for key in keys},
    }


def not_found():
    """The HTML that a host shows for an address that leads nowhere, in every edition's language."""
    part = Markup(
        '<section lang="{}" data-edition="{}"><h1>{}</h1><p>{}</p>'
        '<p><a href="{}">{}</a></p></section>'
    )
    parts = [
        part.format(
            tag(language),
            "" if language == SOURCE else language,
            *(say(LABELS[key], language) for key in ("lost", "lost_why")),
            "./" if language == SOURCE else f"./{language}/",
            say(LABELS["lost_home"], language),
        )
        for language in editions()
    ]
    return NOT_FOUND.substitute(title=html.escape(label("lost")), parts=Markup("\n").join(parts))


def theme_in_words(page):
    """A page's HTML with the theme's words, some of which it lacks in the edition's language."""
    if LANGUAGE == SOURCE:
        return page
    keys = [key for key in LABELS if key.startswith("theme_") or key == "search"]
    words = {LABELS[key]: label(key) for key in keys}
    known = "|".join(map(re.escape, words))
    for pattern in (
        rf'(\b(?:aria-label|title|data-bs-title)=")({known})(?=")',
        rf"(>\s*)({known})(?=\s*<|\s+\d{{4}}\.)",
    ):
        page = re.sub(pattern, lambda match: match[1] + words[match[2]], page)
    return re.sub(rf"(?<=[{HAN}][：。，；]) +(?=[{HAN}])", "", page)  # “author:” and its blank


def _files(app, error):
    """Put into each page its policy, and beside the pages the downloads, Vega and search index.

    What no page asks for any more is removed.
    """
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for unused in UNUSED_FILES:
        (out / unused).unlink(missing_ok=True)
    if LANGUAGE == SOURCE:
        (out / "404.html").write_text(not_found(), encoding="utf-8")
    # In place of Jupyter Book's, which has no title, no language and no icon.
    root = TO_FIRST.substitute(
        language=tag(), title=html.escape(the_book("title")), first=f"{app.config.root_doc}.html"
    )
    (out / "index.html").write_text(root, encoding="utf-8")
    for path in out.rglob("*.html"):
        page = theme_in_words(path.read_text(encoding="utf-8"))
        page = page.replace('onclick="toggleFullScreen()"', "data-full-screen")
        path.write_text(policy.guarded(page), encoding="utf-8")
    register = Path(app.env.doctreedir) / "downloads"  # it changes with no chapter
    if not register.exists():
        downloads.write_downloads(the_evidence(), register)
    shutil.copytree(register, out / "downloads")
    charts = out / "downloads" / "charts"
    for docname in app.env.found_docs:
        shutil.copytree(charts_of(app.env, docname), charts, dirs_exist_ok=True)
    (out / "_static" / "vega.js").write_bytes(drawing.runtime())
    search.write_index(the_evidence(), out)


def _forget_charts(app, env, docname):
    shutil.rmtree(charts_of(env, docname))


def _note_text(app, docname, source):
    app.env.metadata[docname][DIGEST] = chapters.digest(source[0].encode())


def _changed(app, env, added, changed, removed):
    """The documents whose text is not the one that was read.

    Sphinx goes by the time of a file, which may go back.
    """
    return [
        name
        for name in env.found_docs & env.all_docs.keys()
        if env.metadata[name].get(DIGEST) != chapters.digest(Path(env.doc2path(name)).read_bytes())
    ]


def _quicker(app):
    """Compile templates once, and make no search index of Sphinx's, which serves nobody here."""
    app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(app.doctreedir)
    app.builder.index_page = lambda pagename, doctree, title: None
    app.builder.dump_search_index = lambda: None


def _paths(app, config):
    config.html_static_path += [str(HERE / "static"), str(PACKAGE / "explorer" / "static")]
    config.templates_path.insert(0, str(HERE / "templates"))  # before the theme's own


def setup(app):
    """Sphinx extension."""
    register_local_role("eval", prose.eval_role)
    for transform in (prose.Citations, prose.Anchors, prose.Claims):
        app.add_transform(transform)
    app.add_post_transform(prose.FigureNumbers)
    app.connect("config-inited", _paths)
    app.connect("builder-inited", _quicker)
    app.connect("env-get-outdated", _changed)
    app.connect("source-read", _note_text)
    app.connect("env-purge-doc", _forget_charts)
    # Before the theme looks which templates stay empty.
    app.connect("html-page-context", _words, priority=100)
    app.connect("html-page-context", _lighter_page, priority=900)
    # After the page at the root, which only leads to the first chapter.
    app.connect("build-finished", _files, priority=900)
    app.add_css_file("book.css")
    app.add_css_file("print.css", media="print")
    for script in ("edition.js", "charts.js", "register.js", *OF_PAGES):
        app.add_js_file(script, loading_method="defer")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
