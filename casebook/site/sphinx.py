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
from xml.etree.ElementTree import Element, ElementTree, SubElement

from bs4 import BeautifulSoup
from docutils.parsers.rst.roles import register_local_role
from jinja2 import FileSystemBytecodeCache
from markupsafe import Markup

from casebook import __version__, chapters, evidence, shortlist, study, tables
from casebook.addresses import of_chapter
from casebook.charts.text import pieces_of
from casebook.site import citing, downloads, drawing, lighter, policy, prose, retired, search
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
    sentences,
    site_of,
    tag,
    the_book,
)

HERE = Path(__file__).parent
NOT_FOUND = Template((HERE / "404.html").read_text(encoding="utf-8"))
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
CODE = re.compile(r"<(code|pre)\b")
TO_FIRST = Template((HERE / "root.html").read_text(encoding="utf-8"))
DIGEST = "casebook_text"  # in Sphinx's metadata of a document: the digest of the text that was read
# Scripts and styles that the theme or its extensions ask for on every page, and no page uses.
UNUSED = re.compile(
    r"thebe|togglebutton|toggle(?:Hint|Open)|pagename|translations\.js|design-tabs|sphinx-design"
    r"|sphinx_highlight|search_as_you_type|doctools|clipboard\.min|copybutton\.js",
    re.I,
)
THEBE = re.compile(
    r'<script(?: type="text/x-thebe-config")?>\s*(?:\{\s*requestKernel|kernelName)[^<]*</script>\s*'
)
# Scripts and styles of the pages that have what they work on: what tells it in the page's body.
OF_PAGES = {
    "shortlist.css": "shortlist-data",
    "wake.js": "shortlist-data",
    "compare.js": "compare-controls",
    "register.js": "register-count",
    "copy.js": "highlight-ipython3",
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
        body = IN_SUMMARY.sub(r'<span class="\1">\2</span>', body)  # which holds no paragraph
        for styles in (tables.html.TABLE_IN_LAB, shortlist.IN_LAB):
            body = body.replace(styles, "")
        context["body"] = WRITTEN.sub(_as_cards, THEBE.sub("", body))


IN_SUMMARY = re.compile(r'<p class="((?:collapsed|expanded) admonition-title)">(.*?)</p>')
WRITTEN = re.compile(r'<table class="table">.*?</table>', re.S)  # in Markdown, by an author


def _as_cards(match):
    """A table that an author wrote in Markdown, in the form of the book's own: a row is a card."""
    table = BeautifulSoup(match[0], "html.parser").table
    table["class"] = ["casebook", "cards", "written"]
    heads = [head.get_text() for head in table.thead.find_all("th")]
    # Widths given beforehand do not change while a long page still arrives.
    body = [[cell.decode_contents() for cell in row.find_all("td")] for row in table.tbody("tr")]
    shares = tables.html.columns(tables.html.widths(list(zip(heads, *body))))
    table.insert(0, BeautifulSoup(str(shares), "html.parser"))
    for head in table.thead.find_all("th"):
        head["scope"] = "col"
    for row in table.find_all("tr"):
        del row["class"]
        for at, (cell, head) in enumerate(zip(row.find_all("td"), heads)):
            if at:
                cell["data-label"] = head
            else:
                cell.name, cell["scope"] = "th", "row"
    return str(table)


def _words(app, pagename, templatename, context, doctree):
    """Give the templates the edition's labels, the page's other editions, what moved from it."""
    found = [key for key in LABELS if key.startswith("found_")]  # Pagefind's words
    words = {key.removeprefix("found_"): label(key) for key in found}
    others = [language for language in editions() if language != LANGUAGE]
    context |= {
        "label": label,
        "brand": Markup(" ").join(
            Markup("<wbr>").join(pieces_of(word)) for word in context["docstitle"].split(" ")
        ),
        "search_words": json.dumps(words, ensure_ascii=False),
        "editions": [_edition(pagename, language) for language in others],
        "moved": retired.moved_from(posixpath.basename(pagename)),
        "about": _about(context, pagename),
        # Search engines take absolute addresses alone.
        "alternates": {
            tag(one): f"{site_of(one)}{pagename}.html" for one in editions() if site_of()
        },
    }


def _about(context, pagename):
    """What the head of a page says for search engines and reference managers: {name: text}.

    Zotero takes a page with `citation_book_title` for a chapter of that book.
    """
    first = PARAGRAPH.search(context.get("body", ""))
    if not first:
        return {"description": label("found_search_label")}  # the search page
    package, chapter = evidence.descriptor(), posixpath.basename(pagename)
    title, description = (
        Markup(context["title"]).striptags(),
        _opening(Markup(first[1]).striptags()),
    )
    context["schema_org"] = citing.schema_org(package, chapter, title, description)
    work = citing.part(package, chapter, title, of_chapter(chapter))
    return {
        "description": description,
        "author": work.author,
        "citation_title": work.title,
        "citation_book_title": work.book,
        "citation_author": work.author,
        "citation_publication_date": work.day.replace("-", "/"),
        "citation_language": work.language,
        **({"citation_public_url": work.url} if work.url else {}),
    }


def _opening(text):
    """The first sentences of a text, as many as a search engine shows; one at least.

    It shows some 200 letters, or 100 Chinese characters.
    """
    room = 100 if re.search(f"[{HAN}]", text) else 200
    opening, *others = re.split(r"(?<=[。？！])(?=.)|(?<=[.?!]) ", text)
    for sentence in others:
        longer = sentences([opening, sentence])
        if len(longer) > room:
            break
        opening = longer
    return opening


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
        rf'(\b(?:aria-label|title)=")({known})(?=")',
        rf"(>\s*)({known})(?=\s*<|\s+\d{{4}}\.)",
    ):
        page = re.sub(pattern, lambda match: match[1] + words[match[2]], page)
    return re.sub(rf"(?<=[{HAN}][：。，；]) +(?=[{HAN}])", "", page)  # “author:” and its blank


def _files(app, error):
    """Put into each page its policy, and beside the pages the downloads, Vega and search index.

    What no page uses is removed.
    """
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    if LANGUAGE == SOURCE:
        (out / "404.html").write_text(not_found(), encoding="utf-8")
        (out / ".nojekyll").touch()  # else GitHub leaves out _static from a branch of pages
        _for_search_engines(out, app.env.found_docs)
    # In place of Jupyter Book's, which has no title, no language and no icon.
    root = TO_FIRST.substitute(
        language=tag(), title=html.escape(the_book("title")), first=f"{app.config.root_doc}.html"
    )
    (out / "index.html").write_text(root, encoding="utf-8")
    lighter.lighten(out)
    for path in out.rglob("*.html"):
        page = theme_in_words(path.read_text(encoding="utf-8"))
        page = page.replace('onclick="toggleFullScreen()"', "data-full-screen")
        page = CODE.sub(r'<\1 translate="no"', page)  # a browser that translates leaves ids alone
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


def _for_search_engines(out, names):
    """Write robots.txt and, where the site's address is known, sitemap.xml with every page."""
    lines = ["User-agent: *", "Allow: /"]
    if study.address():
        lines.append(f"Sitemap: {study.address()}sitemap.xml")
        top = Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
        for name in sorted(names):
            for language in editions():
                SubElement(SubElement(top, "url"), "loc").text = f"{site_of(language)}{name}.html"
        ElementTree(top).write(out / "sitemap.xml", encoding="utf-8", xml_declaration=True)
    (out / "robots.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


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
    config.html_static_path += [str(HERE / "static"), str(PACKAGE / "shortlist" / "static")]
    config.html_use_index = False  # an index without an entry
    config.templates_path.insert(0, str(HERE / "templates"))  # before the theme's own


def _with_version(script):
    """The name of a script that a page asks for later, as Sphinx writes those that it asks for at
    once: a browser that has an older one takes it anew."""
    return f"{script.name}?v={chapters.digest(script.read_bytes())[:8]}"


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
    app.add_css_file("shortlist.css")
    data = {
        "place.js": {"data-lost": label("lost_place")},
        "wake.js": {"data-scripts": " ".join(map(_with_version, shortlist.SCRIPTS))},
    }
    of_pages = (script for script in OF_PAGES if script.endswith(".js"))
    for script in ("typed.js", "charts.js", "place.js", "edition.js", *of_pages):
        app.add_js_file(script, loading_method="defer", **data.get(script, {}))
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
