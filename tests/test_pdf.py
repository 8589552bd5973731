"""The PDF of the whole book: every chapter, bookmarks, whole links, nothing empty, nothing cut."""

import re
import unicodedata

import pytest
from bs4 import BeautifulSoup
from conftest import PATIENCE, ROOT, casebook, must
from pypdf import PdfReader
from pypdf.generic import Destination

from casebook.site import pdf
from casebook.words import LABELS, SOURCE, editions, say, tag

A4 = {(595, 842), (596, 843)}  # points


@pytest.fixture(scope="module")
def output(book):
    """The PDFs of all editions, made once exactly as `make pdf` does: what it said."""
    done = casebook(ROOT, "pdf")
    if "no Chromium" in done.stderr:
        must(done.stderr.strip())
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


EDITIONS = [pytest.param(one, marks=pytest.mark.long) for one in editions()]


@pytest.fixture(scope="module", params=EDITIONS)
def language(request):
    """The editions. To print 140 pages and to read them takes a minute each."""
    return request.param


@pytest.fixture(scope="module")
def name(language):
    """The edition's PDF and the page it was printed from, without their endings."""
    return "book" if language == SOURCE else f"book-{language}"


@pytest.fixture(scope="module")
def printed(output, name):
    """The edition's PDF."""
    reader = PdfReader(ROOT / "_build" / f"{name}.pdf")
    assert f"made: _build/{name}.pdf, {len(reader.pages)} pages\n" in output
    return reader


@pytest.fixture(scope="module")
def texts(printed):
    """The text of each page."""
    return [page.extract_text() for page in printed.pages]


@pytest.fixture(scope="module")
def headings(book, language):
    """What the outline must have: for each chapter its title and those of its sections.

    They come from the built pages without their tools.
    """
    files = re.findall(r"chapters/[\w-]+", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    top = book if language == SOURCE else book / language
    texts = [(top / f"{file}.html").read_text(encoding="utf-8") for file in files]
    pages = [BeautifulSoup(text, "html.parser") for text in texts]
    found = "article :is(h1, h2, h3):not(.shortlist-tool *)"
    return [[h.get_text().removesuffix("#") for h in page.select(found)] for page in pages]


def flat(outline):
    """The entries of an outline, nested or not, in order."""
    return [
        one
        for entry in outline
        for one in ([entry] if isinstance(entry, Destination) else flat(entry))
    ]


def squeezed(text):
    """Text without white space, which a line’s end puts anywhere, and without ligatures."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def test_the_outline_has_every_chapter_and_its_headings_in_order(
    printed, texts, headings, language
):
    contents = say(LABELS["pdf_contents"], language)
    expected = [contents, *(title for chapter in headings for title in chapter)]
    assert [entry.title for entry in flat(printed.outline)] == expected
    tops = [entry.title for entry in printed.outline if isinstance(entry, Destination)]
    assert tops == [contents, *(chapter[0] for chapter in headings)]
    for entry in flat(printed.outline):
        text = texts[printed.get_destination_page_number(entry)]
        assert squeezed(entry.title) in squeezed(text), entry.title


def test_the_text_has_each_chapter_and_is_chinese_too(texts, headings):
    for title, *_ in headings:
        starts = [squeezed(text).startswith(squeezed(title)) for text in texts]
        assert any(starts), f"no page starts with {title}"
    assert "社会组织" in squeezed("".join(texts))


def test_there_are_many_pages_none_of_them_empty_and_all_a4(printed, texts):
    assert len(texts) > 30
    for number, text in enumerate(texts, 1):
        assert f"{number}/{len(texts)}" in squeezed(text), "a page without its number"
        assert len(squeezed(re.sub(r"\d+\s*/\s*\d+", "", text))) >= 20, f"page {number} is empty"
    boxes = [page.mediabox for page in printed.pages]
    assert {(round(float(box.width)), round(float(box.height))) for box in boxes} <= A4


def test_every_link_within_the_pdf_leads_to_something(printed, name):
    links = [note.get_object() for page in printed.pages for note in page.get("/Annots", ())]
    inner = {str(link["/Dest"]) for link in links if "/Dest" in link}
    assert inner <= {str(name) for name in printed.named_destinations}
    # Chromium drops a link that leads to nothing without a word.
    source = (ROOT / "_build" / "pdf" / f"{name}.html").read_text(encoding="utf-8")
    asked = re.findall(r'<a [^>]*href="#([^"]+)"', source)
    assert len(asked) > 500 and inner == {f"/{target}" for target in asked}
    outer = {str(link["/A"]["/URI"]) for link in links if "/A" in link}
    on_disk = [address for address in outer if not address.startswith(("https://", "http://"))]
    assert outer and on_disk == []


def test_chinese_words_are_found_in_the_pdf_as_they_are_typed(texts, language):
    """Chromium would name 文 by a radical of its shape: a search for 文章 would find nothing."""
    text = "".join(texts)
    assert re.findall("[\u2e80-\u2fdf]", text) == [] and "社会组织" in text
    assert language == SOURCE or "文章" in text


def test_it_is_tagged_and_in_the_editions_language(printed, language):
    root = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == tag(language)


def test_nothing_is_wider_or_taller_than_a_sheet_and_tables_are_tables(printed, name, browser):
    # The print area of A4 in CSS pixels, margins off.
    page = browser.new_context(viewport={"width": 657, "height": 986}).new_page()
    page.set_default_timeout(PATIENCE)
    page.emulate_media(media="print")
    page.goto((ROOT / "_build" / "pdf" / f"{name}.html").as_uri())
    chapters = [path.read_text(encoding="utf-8") for path in (ROOT / "chapters").glob("*.md")]
    charts = "".join(chapters).count("name: fig-")
    assert page.locator(".chart-wide svg").count() == page.locator("figure").count() == charts
    over = page.evaluate(
        """() => [...document.querySelectorAll("main :is(p, table, td, th, .chart-svg), figure")]
        .filter((e) => !e.matches("p:empty"))  // what a script fills
        .filter((e) => { const { width, right, height } = e.getBoundingClientRect();
        const tall = e.matches("figure, .chart-svg") && height > innerHeight;
        return width === 0 || right > innerWidth + 1 || tall; })
        .map((e) => e.textContent.slice(0, 60))"""
    )
    assert over == []
    displays = page.evaluate(
        "() => [...new Set([...document.querySelectorAll('main td')]"
        ".map((e) => getComputedStyle(e).display))]"
    )
    assert displays == ["table-cell"]
    page.context.close()


def test_without_a_built_book_one_sentence_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pdf, "PAGES", tmp_path)
    assert pdf.edition() == 1
    assert capsys.readouterr().err.strip().endswith("run make book first")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("evidence.html#zj-one-visit", "#evidence--zj-one-visit"),
        ("#fig-map", "#index--fig-map"),
        ("evidence.html?province=CN-ZJ", "#evidence"),
        ("method.html", "#method"),
        ("https://example.org/a#b", "https://example.org/a#b"),
        ("../downloads/register.csv", ""),
    ],
)
def test_where_a_link_of_a_page_leads_in_the_document(href, expected):
    assert pdf.address(href, "index", ["index", "method", "evidence"]) == expected
