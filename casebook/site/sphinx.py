"""The Sphinx extension of the site: its roles, its downloads, the self-hosted Vega runtime, the search index, and pages without
foreign requests. Charts become figures by an entry point (casebook.site.figure)."""

import html
import json
import posixpath
import re
import shutil
from pathlib import Path
from string import Template

from docutils.parsers.rst.roles import register_local_role
from jinja2 import FileSystemBytecodeCache
from markupsafe import Markup

from casebook import __version__, chapters, explorer, tables
from casebook.site import downloads, drawing, policy, prose, search
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
TEXT = "casebook_text"  # in Sphinx's metadata of a document: the digest of the text that was read
# Scripts and styles that the theme or its extensions ask for on every page, and that no page of this book uses.
UNUSED = re.compile(
    r"thebe|togglebutton|toggle(?:Hint|Open)|pagename|translations\.js|design-tabs|sphinx-design|sphinx_highlight"
    r"|search_as_you_type",
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


FOUND = (
    "placeholder",
    "clear_search",
    "load_more",
    "search_label",
    "zero_results",
    "many_results",
    "one_result",
    "searching",
)  # Pagefind's words
EXPLORER = ("ranking.js", "explorer.js")  # of the page that has it


def _lighter_page(app, pagename, templatename, context, doctree):
    """Drop what the page does not use, and what throws (Thebe, which the theme sets up twice on every page)."""
    explored = "explorer-data" in context.get("body", "")
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context.get(kind, [])
            if not UNUSED.search(
                f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}"
            )
            and (explored or not str(getattr(file, "filename", file)).endswith(EXPLORER))
        ]
    if "body" in context:
        # A label that hides the visible words ("Show the code") from a screen reader.
        body = context["body"].replace('<summary aria-label="Toggle hidden content">', "<summary>")
        context["body"] = (
            THEBE.sub("", body).replace(tables.html.IN_LAB, "").replace(explorer.IN_LAB, "")
        )


def _words(app, pagename, templatename, context, doctree):
    """Give the templates the edition's labels, and the other editions of the page."""
    words = json.dumps({name: label(f"found_{name}") for name in FOUND}, ensure_ascii=False)
    context |= {
        "label": label,
        "search_words": words,
        "editions": [
            _edition(pagename, language) for language in editions() if language != LANGUAGE
        ],
    }


def _edition(pagename, language):
    """What a template needs of another edition of a page: its tag, name, address, and its own words that offer it."""
    folder = "" if language == SOURCE else language
    here = posixpath.dirname(posixpath.join("" if LANGUAGE == SOURCE else LANGUAGE, pagename))
    words = {
        key: say(LABELS[key], language) for key in ("edition", "offer", "offer_go", "offer_no")
    }
    address = posixpath.relpath(posixpath.join(folder, f"{pagename}.html"), here or ".")
    return {
        "language": language,
        "tag": tag(language),
        "name": own_name(language),
        "address": address,
        **words,
    }


def not_found():
    """The page that a host shows for an address that leads nowhere, in every edition's language: HTML text."""
    part = Markup(
        '<section lang="{}" data-edition="{}"><h1>{}</h1><p>{}</p><p><a href="{}">{}</a></p></section>'
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


def in_words(page):
    """A page's HTML with the words of the theme that its own translations lack in the edition's language."""
    if LANGUAGE == SOURCE:
        return page
    words = {
        LABELS[key]: label(key) for key in LABELS if key.startswith("theme_") or key == "search"
    }
    known = "|".join(map(re.escape, words))
    page = re.sub(
        rf'(\b(?:aria-label|title|data-bs-title)=")({known})(?=")',
        lambda found: found[1] + words[found[2]],
        page,
    )
    page = re.sub(
        rf"(>\s*)({known})(?=\s*<|\s+\d{{4}}\.)", lambda found: found[1] + words[found[2]], page
    )
    return re.sub(rf"(?<=[{HAN}][：。，；]) +(?=[{HAN}])", "", page)  # “author:” and its blank


def _files(app, error):
    """In every page, its policy; beside the pages: the downloads, the Vega runtime that live charts load from the book itself,
    the search index; and gone from them: what no page asks for any more."""
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
        page = in_words(path.read_text(encoding="utf-8")).replace(
            'onclick="toggleFullScreen()"', "data-full-screen"
        )
        path.write_text(policy.guarded(page), encoding="utf-8")
    register = Path(app.env.doctreedir) / "downloads"  # it changes with no chapter
    if not register.exists():
        downloads.write(the_evidence(), register)
    shutil.copytree(register, out / "downloads")
    for docname in app.env.found_docs:
        shutil.copytree(
            charts_of(app.env, docname), out / "downloads" / "charts", dirs_exist_ok=True
        )
    (out / "_static" / "vega.js").write_bytes(drawing.runtime())
    search.write(the_evidence(), out)


def _forget_charts(app, env, docname):
    shutil.rmtree(charts_of(env, docname))


def _note_text(app, docname, source):
    app.env.metadata[docname][TEXT] = chapters.digest(source[0].encode())


def _changed(app, env, added, changed, removed):
    """The documents whose text is not the one that was read: Sphinx goes by the time of a file, which may go back."""
    texts = {
        docname: Path(env.doc2path(docname)).read_bytes()
        for docname in env.found_docs & env.all_docs.keys()
    }
    return [
        docname
        for docname, raw in texts.items()
        if env.metadata[docname].get(TEXT) != chapters.digest(raw)
    ]


def _quicker(app):
    """Templates are compiled once. Sphinx's own search index, which serves nobody here and takes a second, is not made."""
    app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(app.doctreedir)
    app.builder.index_page = lambda pagename, doctree, title: None
    app.builder.dump_search_index = lambda: None


def _paths(app, config):
    config.html_static_path += [str(HERE / "static"), str(PACKAGE / "explorer" / "static")]
    config.templates_path.insert(0, str(HERE / "templates"))  # before the theme's own


def setup(app):
    """Sphinx extension."""
    register_local_role("eval", prose.eval_role)
    app.add_transform(prose.Citations)
    app.add_transform(prose.Anchors)
    app.add_transform(prose.Claims)
    app.add_post_transform(prose.FigureNumbers)
    app.connect("config-inited", _paths)
    app.connect("builder-inited", _quicker)
    app.connect("env-get-outdated", _changed)
    app.connect("source-read", _note_text)
    app.connect("env-purge-doc", _forget_charts)
    app.connect(
        "html-page-context", _words, priority=100
    )  # before the theme looks which templates stay empty
    app.connect("html-page-context", _lighter_page, priority=900)
    app.connect(
        "build-finished", _files, priority=900
    )  # after the page at the root, which only leads to the first chapter
    app.add_css_file("book.css")
    app.add_css_file("print.css", media="print")
    for script in ("edition.js", "charts.js", "register.js", *EXPLORER):
        app.add_js_file(script, loading_method="defer")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
