"""What every chapter owes its reader: headings in the article's order, glued numbers, short cells, figures that the text refers to."""

import re
from pathlib import Path

import pytest

from casebook import evidence

CHAPTERS = sorted((Path(__file__).parent.parent / "chapters").glob("*.md"))
THEMES = ["top-level-design", "participation", "rule-of-law", "smart-governance"]
CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.M | re.S)
# What may carry digits in prose: roles, inline code, links, HTML tags, headings and the article's own section numbers.
NOT_PROSE = re.compile(
    r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|<[^>]+>|^#.*$|^\(\w[\w-]*\)=$|https?://\S+|[Ss]ections? [1-5](?:\.[0-4])?(?: to [1-5](?:\.[0-4])?)?\b|\b[1-5]\.[0-4]\b|^\d\. ",
    re.M,
)


def text(path):
    return path.read_text(encoding="utf-8")


def cells(path):
    return CELL.findall(text(path))


def prose(path):
    """The chapter without its front matter and code cells."""
    body = re.sub(r"\A---\n.*?\n---\n", "", text(path), flags=re.S)
    return CELL.sub("", body)


def source_lines(cell):
    """A cell's code, without fence, options and their closing dashes."""
    lines = cell.splitlines()[1:-1]
    if lines and lines[0] == "---":
        lines = lines[lines.index("---", 1) + 1 :]
    return [line for line in lines if not line.startswith(":")]


def test_the_book_has_its_eight_chapters_and_ends_with_jiangsu():
    toc = (Path(__file__).parent.parent / "_toc.yml").read_text(encoding="utf-8")
    listed = re.findall(r"chapters/([\w-]+)", toc)
    assert sorted(listed) == [path.stem for path in CHAPTERS]
    assert listed == ["index", "method", "evidence", *THEMES, "jiangsu"]


@pytest.mark.parametrize("stem", THEMES)
def test_every_subsection_has_its_heading_in_the_articles_order(stem):
    sections = evidence.load().sections
    expected = [s for s in sections.loc[sections.chapter == stem, "section"] if "." in s]
    path = next(p for p in CHAPTERS if p.stem == stem)
    assert re.findall(r"^## (\d\.\d) ", text(path), re.M) == expected
    assert re.findall(r"^## (.*)$", text(path), re.M)[-1] == "What this section cannot show"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_number_is_typed_into_prose(path):
    rest = NOT_PROSE.sub(" ", prose(path))
    typed = [line.strip() for line in rest.splitlines() if re.search(r"\d", line)]
    assert not typed, f"{path.name}: glue these numbers from a cell: {typed}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_glue_uses_the_chapters_own_path(path):
    short = [m for m in re.findall(r"\{glue:\w*\}`([^`]+)`", text(path)) if not m.startswith(f"{path.name}::")]
    assert not short, f"{path.name}: the short form of glue prints nothing in a translated edition: {short}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_cells_are_short_and_hold_no_chinese(path):
    for number, cell in enumerate(cells(path)):
        lines = source_lines(cell)
        assert len(lines) <= 25, f"{path.name}, cell {number}: {len(lines)} lines"
        assert not re.search(r"[\u4e00-\u9fff]", cell), f"{path.name}, cell {number}: labels belong in data/"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_every_figure_has_a_name_a_caption_and_a_reference_in_the_text(path):
    for cell in cells(path):
        if "charts." not in cell or "figure:" not in cell:
            continue
        name = re.search(r"name: (fig-[\w-]+)", cell)
        assert name and re.search(r"caption: \S", cell), f"{path.name}: a figure without name or caption:\n{cell[:300]}"
        assert re.search(rf"\{{numref\}}`[^`]*{name[1]}>?`", prose(path)), f"{path.name}: the text never refers to {name[1]}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_every_glued_value_is_cited(path):
    given = {
        key
        for call in re.findall(r"tables\.glue\(([^*].*?)\n?\)\n", text(path), re.S)
        for key in re.findall(r"(?:^|[\s(])([a-z_]\w*)=(?!=)", call)
    }
    assert {key for key in given if f"{path.name}::{key}:" not in prose(path)} == set()
