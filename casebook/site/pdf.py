"""One PDF of the whole built book, for each edition: `make pdf`.

The pages of `_build/html` are put together into one document, in which a link from chapter to
chapter is a link within the document. Chromium prints that. The PDF is made from what readers see,
not by a second builder: what `make book` proved holds for the PDF too. It takes the place of the
last PDF only when all went well.
"""

import os
import posixpath
import re
import subprocess
import sys
import unicodedata
from html import escape
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from markupsafe import Markup
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from casebook import evidence
from casebook.chapters import listed
from casebook.command import Problem, run
from casebook.site.browser import NoBrowser, launch
from casebook.study import OUT
from casebook.tables.cells import of_language
from casebook.words import LANGUAGE, SOURCE, editions, label, the_article, the_book
from casebook.words import tag as language_tag

# Of the edition's pages, within _build.
FOLDER = "html" if LANGUAGE == SOURCE else f"html/{LANGUAGE}"
PAGES = OUT / FOLDER / "chapters"
# What serves the screen: code, controls, navigation. Of a chart’s tools only the table stays, where
# the chart is best used live. Of the shortlist its rows stay; what is under them stands elsewhere.
SCREEN_ONLY = (
    "script, button, .headerlink, .cell_input, details.hide, .toctree-wrapper, "
    ".register-controls, .register-count, .chart-narrow, .chart-filters, "
    ".chart:not(.live) .chart-tools, .chart-tools > :not(.chart-table), "
    ".shortlist-tool, .shortlist .sure, .shortlist details, .shortlist-compare, "
    ".shortlist template, .shortlist [hidden], "
    "table.rows :is(td.more, th.more)"
)
REFERRING = ("id", "for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
FOOTER = (
    '<div style="width: 100%; font: 8px system-ui, sans-serif; color: #57606a; text-align: center">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)
# The Chinese character for each radical of the same shape: by Unicode’s own decomposition, and by
# EquivalentUnifiedIdeograph for radicals of simplified characters, which it leaves alone.
UNIFIED = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2E80, 0x2FE0)}
UNIFIED |= str.maketrans(
    "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


class PdfError(Problem):
    """Why there is no PDF, in one sentence for a person."""


def chapter(name, page, names):
    """The article of a page as part of the one document.

    The parts for the screen are gone and details open; ids and links are the document’s.
    """
    article = page.select_one("article.bd-article")
    of_screen = article.select(SCREEN_ONLY)
    gone = {tag["id"] for part in of_screen for tag in part.select("[id]")}
    for part in of_screen:
        part.decompose()
    for link in article.select("a[href^='#']"):
        if link["href"][1:] in gone:
            del link["href"]
    # A cell that only computed leaves an empty box.
    for cell in article.select(".cell:not(:has(.cell_output))"):
        cell.decompose()
    # A table of many pages follows its figure, whose caption would else be lost behind it.
    for table in article.select("figure .chart-table"):
        table.find_parent("figure").insert_after(table)
    for details in article.select("details"):
        details["open"] = ""
    for tag in article.find_all(True):
        for key in REFERRING:
            if key in tag.attrs:
                value = tag[key] if isinstance(tag[key], list) else tag[key].split()
                tag[key] = " ".join(f"{name}--{one}" for one in value)
        for key, value in tag.attrs.items():
            if isinstance(value, str) and "url(#" in value:
                tag[key] = value.replace("url(#", f"url(#{name}--")
        if tag.has_attr("src"):
            tag["src"] = posixpath.normpath(posixpath.join(f"../{FOLDER}/chapters", tag["src"]))
        if tag.has_attr("href"):
            tag["href"] = address(tag["href"], name, names)
            if not tag["href"]:
                tag.unwrap()
    article["id"] = name
    return article


def address(href, name, names):
    """Where a link of the page `name` leads in the document.

    Into the document, into the web, or nowhere (“”: a download).
    """
    parts = urlsplit(href)
    if parts.scheme:
        return href
    target = parts.path.removesuffix(".html") or name
    if target not in names:
        return ""
    return f"#{target}--{unquote(parts.fragment)}" if parts.fragment else f"#{target}"


def title_page():
    """The title page as HTML: the book and its version, the article that it studies."""
    ev, article = evidence.load(), the_article()
    marks = "《{}》" if ev.language == "zh" else "“{}”"
    printed = of_language(ev.package["sources"][0]["title"], language_tag(ev.language))
    study = Markup(label("pdf_study")).format(title=Markup(marks).format(printed), **article)
    return (
        f'<div class="book-title"><p class="title">{escape(the_book("title"))}</p>'
        f"<p>{escape(the_book('author'))}</p>"
        f"<p>{escape(label('pdf_version', version=ev.package['version']))}</p><p>{study}</p></div>"
    )


def contents(articles):
    """The table of contents as HTML: each chapter and its sections, linked."""
    line = '<li class="toc-{}"><a href="#{}">{}</a></li>'
    lines = [
        line.format(heading.name, heading.find_parent("section")["id"], escape(heading.get_text()))
        for article in articles
        for heading in article.select("h1, h2")
    ]
    title = f"<h1>{escape(label('pdf_contents'))}</h1>"
    return f'<nav class="book-contents">{title}<ul>{"".join(lines)}</ul></nav>'


def document():
    """The whole book as one HTML text, to stand in a folder beside _build/html.

    PdfError if the book is not there or not whole.
    """
    names = listed()
    if missing := [name for name in names if not (PAGES / f"{name}.html").exists()]:
        raise PdfError(
            f"no built book (_build/html/chapters/{missing[0]}.html is missing): "
            "run make book first"
        )
    pages = [
        BeautifulSoup((PAGES / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for name in names
    ]
    styles = "".join(str(link) for link in pages[0].select('link[rel="stylesheet"]')).replace(
        '"../_static', f'"../{FOLDER}/_static'
    )
    articles = [chapter(name, page, names) for name, page in zip(names, pages)]
    body = f"{title_page()}{contents(articles)}{''.join(map(str, articles))}"
    if lost := set(re.findall(r'href="#([^"]+)"', body)) - set(re.findall(r'\bid="([^"]+)"', body)):
        raise PdfError(
            f"links of the book lead to nothing in the PDF: {', '.join(sorted(lost)[:5])}"
        )
    return (
        f'<!DOCTYPE html><html lang="{pages[0].html["lang"]}" data-theme="light"><head>'
        f'<meta charset="utf-8"><title>{escape(the_book("title"))}</title>'
        f'{styles}</head><body><main class="bd-content book">{body}</main></body></html>'
    )


def printed(page_file, target):
    """Print an HTML file to a PDF with Chromium, which asks for files alone.

    NoBrowser without a Chromium, PdfError if a file is missing.
    """
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(java_script_enabled=False)
        failed = []
        page.route(re.compile(r"^(?!file:|data:)"), lambda route: route.abort())
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.goto(page_file.as_uri())
        # Margins are print.css's.
        page.pdf(
            path=target,
            format="A4",
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            print_background=True,
            outline=True,
            tagged=True,
        )
        browser.close()
    if failed:
        raise PdfError(f"the book asks for what is not in it: {failed[0]}")


def entries(first):
    """The entries of an outline from its `first` on, in reading order."""
    while first:
        entry = first.get_object()
        yield entry
        yield from entries(entry.get("/First"))
        first = entry.get("/Next")


def with_unified_characters(cmap):
    """A font’s map from codes to characters, with Chinese characters in the place of radicals.

    It is the bytes of a ToUnicode stream. Chromium names a glyph by the lowest character that has
    it, so that a search for 文章 would not find ⽂章.
    """

    def one(found):
        text = bytes.fromhex(found[3].decode()).decode("utf-16-be").translate(UNIFIED)
        return found[1] + f"<{text.encode('utf-16-be').hex().upper()}>".encode()

    # A line is one code, or a range of codes. A range of more than one has no radical, as their
    # glyphs do not follow each other.
    return re.sub(
        rb"^((?:(<[0-9A-F]+>) (?=\2 ))?<[0-9A-F]+> )<((?:2[EF][0-9A-F]{2})+)>(?=\s*$)",
        one,
        cmap,
        flags=re.M | re.I,
    )


def mend_outline(target, headings):
    """Write the headings’ own words into the outline, and name Chinese characters as what they are.

    Chromium doubles some headings and glues the words at a line’s end together. For the characters
    see `with_unified_characters`.
    """
    writer = PdfWriter(target, incremental=True)
    maps = {}
    for page in writer.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            if "/ToUnicode" in font.get_object():
                found = font.get_object()["/ToUnicode"].get_object()
                maps[id(found)] = found
    for found in maps.values():
        found.set_data(with_unified_characters(found.get_data()))
    for entry, heading in zip(
        entries(writer.root_object["/Outlines"]["/First"]), headings, strict=True
    ):
        entry[NameObject("/Title")] = TextStringObject(heading)
    writer.write(target)


def edition():
    """Make the PDF of this process’s edition.

    Returns the exit code: 0, or 1 with one sentence on standard error.
    """
    folder = OUT / "pdf"
    target = OUT / ("book.pdf" if LANGUAGE == SOURCE else f"book-{LANGUAGE}.pdf")
    try:
        text = document()
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / target.with_suffix(".html").name
        source.write_text(text, encoding="utf-8")
        printed(source, folder / "next.pdf")
        headings = BeautifulSoup(text, "html.parser").select("h1, h2, h3, h4, h5, h6")
        mend_outline(folder / "next.pdf", [heading.get_text() for heading in headings])
    except (PdfError, NoBrowser) as error:
        print(error, file=sys.stderr)
        return 1
    (folder / "next.pdf").replace(target)
    print(f"made: _build/{target.name}, {len(PdfReader(target).pages)} pages")
    return 0


def main():
    """Make _build/book.pdf, and book-<language>.pdf for every other edition.

    Each is made in a process of its own, whose words are its edition’s. Returns the exit code: 0,
    or that of the first that failed.
    """
    for language in editions():
        command = [sys.executable, "-m", "casebook.site.pdf"]
        done = subprocess.run(command, env={**os.environ, "CASEBOOK_LANGUAGE": language})
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    run(edition)
