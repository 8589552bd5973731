"""What every chapter owes its reader: the article's order, cited numbers, short cells, figures."""

import re
from pathlib import Path

import pytest

from casebook import chapters, evidence
from casebook.study import name_of
from casebook.words import HAN, editions

CHAPTERS = [path for language in editions() for path in chapters.every(language)]
THEMES = ["top-level-design", "participation", "rule-of-law", "smart-governance"]
CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.M | re.S)
# What may carry digits in prose: values, code, links, tags, headings, the article's own sections.
NOT_PROSE = re.compile(
    r"\{[\w:-]+\}`[^`]*`|`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<[^>]+>|^#.*$|^\(\w[\w-]*\)=$|https?://\S+"
    r"|[Ss]ections? [1-5](?:\.[0-4])?(?: to [1-5](?:\.[0-4])?)?\b|从0到1?|\d\d?月"
    r"|第[1-5](?:\.[0-4])?(?:至[1-5](?:\.[0-4])?)?节|\b[1-5]\.[0-4](?!\d)|^\d\. ",
    re.M,
)


def text(path):
    return path.read_text(encoding="utf-8")


def cells(path):
    return CELL.findall(text(path))


def prose(path):
    """The chapter without its front matter and code cells."""
    body = re.sub(r"\A---\n.*?\n---\n", "", text(path), flags=re.S)
    return chapters.CLAIM.sub("", CELL.sub("", body))


# Words of prose that a page has at most: without code, tables and claims.
LIMITS = {"index": 650, "places": 900, **dict.fromkeys(THEMES, 900), "method": 900, "jiangsu": 1500}
HAN_A_WORD = 1.6  # characters of Chinese that say what an English word says


def words(text):
    """How many words of English a prose is, Chinese characters counted by HAN_A_WORD."""
    text = re.sub(r"^\|[-| ]+$|^\([\w-]+\)=$|\|", " ", text, flags=re.M)
    text = re.sub(r"\]\([^)]*\)|[*#`]", " ", re.sub(r"\{eval\}`[^`]*`", "1", text))
    han = len(re.findall(f"[{HAN}]", text))
    return len(re.findall(r"[^\W_]+(?:[’'.-][^\W_]+)*", re.sub(f"[{HAN}]+", " ", text))) + round(
        han / HAN_A_WORD
    )


def test_a_page_has_no_more_words_than_its_limit():
    counted = {
        (language, name): words(prose(path))
        for language in editions()
        for name in LIMITS
        if (path := chapters.folder(language) / f"{name}.md").exists()
    }
    for (language, name), n in counted.items():
        print(f"{language} {name:18}{n:6} of {LIMITS[name]:5}")
    assert len(counted) == len(LIMITS) * len(editions())
    assert [page for page, n in counted.items() if n > LIMITS[page[1]]] == []


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("## Two words", 2),
        ("It has {eval}`f.n_orgs` [links](evidence.md#bj-whistle).", 4),
        ("(label)=\nOne.\n\n| a cell | of a table |\n| --- | --- |\n", 6),
        ("Qiu Yuting's book-keeping", 3),
        ("社会治理做法共{eval}`f.n`项", 6),
    ],
)
def test_words_are_those_that_a_reader_reads(text, n):
    assert words(text) == n


def test_the_book_has_its_chapters_in_order_and_ends_with_jiangsu():
    toc = (Path(__file__).parent.parent / "_toc.yml").read_text(encoding="utf-8")
    listed = re.findall(r"chapters/([\w-]+)", toc)
    for language in editions():
        assert sorted(listed) == [path.stem for path in chapters.every(language)]
    assert listed == [
        "index",
        "places",
        *THEMES,
        "method",
        "evidence",
        "checks",
        "codebook",
        "jiangsu",
    ]


LAST = {"en": "What the article leaves out", "zh": "文章没有写到的"}


@pytest.mark.parametrize("language", editions())
@pytest.mark.parametrize("stem", THEMES)
def test_every_subsection_has_its_heading_in_the_articles_order(stem, language):
    sections = evidence.load().sections
    expected = [s for s in sections.loc[sections.chapter == stem, "section"] if "." in s]
    chapter = text(chapters.folder(language) / f"{stem}.md")
    assert re.findall(r"^## (\d\.\d) ", chapter, re.M) == expected
    assert re.findall(r"^## (.*)$", chapter, re.M)[-1] == LAST[language]


@pytest.mark.parametrize("path", CHAPTERS, ids=name_of)
def test_no_number_is_typed_into_prose(path):
    rest = NOT_PROSE.sub(" ", prose(path))
    typed = [line.strip() for line in rest.splitlines() if re.search(r"\d", line)]
    assert not typed, f"{path}: cite these numbers from a cell: {typed}"


@pytest.mark.parametrize("path", CHAPTERS, ids=name_of)
def test_cells_are_short(path):
    for cell in chapters.cells_of(text(path)):
        if cell.is_code:
            lines, place = cell.source.splitlines(), f"{name_of(path)}, line {cell.line}"
            assert len(lines) <= 12 and max(map(len, lines)) <= 100, place


@pytest.mark.parametrize("path", CHAPTERS, ids=name_of)
def test_every_figure_has_a_name_and_a_caption(path):
    for cell in cells(path):
        if "charts." not in cell or "figure:" not in cell:
            continue
        name = re.search(r"name: (fig-[\w-]+)", cell)
        assert name and re.search(r"caption: \S", cell), cell
