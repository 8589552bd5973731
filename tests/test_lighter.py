"""Pages without what they do not use: no rule is lost that one of them can use."""

import gzip

import pytest
from test_pages import PAGES

from casebook import shortlist
from casebook.site import lighter

NAMES = frozenset({"html", "p", "a", "table", "cards", "fig-map", "class", "theme", "open"})


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("p.cards{x:y}", "p.cards{x:y}"),
        ("p.badge{x:y}", ""),
        ("p, .badge { x: y; z: w }", "p{x: y;z: w}"),
        ("#fig-map > a:hover::before{x:y}", "#fig-map > a:hover::before{x:y}"),
        ("#fig-none a{x:y}", ""),
        ("html[data-theme=dark] p{x:y}", "html[data-theme=dark] p{x:y}"),
        ("html[data-bs-theme=dark] p{x:y}", ""),
        ("p:not(.badge):lang(zh){x:y}", "p:not(.badge):lang(zh){x:y}"),
        ("p:is(.badge, .cards){x:y}", "p:is(.badge, .cards){x:y}"),
        ("p:is(.badge, .alert){x:y}", ""),
        ("@media print{.badge{x:y}}", ""),
        ("@media print{ p{x:y} .badge{x:y} }", "@media print{p{x:y}}"),
        ("@keyframes turn{from{x:y}}", "@keyframes turn{from{x:y}}"),
        ("@font-face{font-family:icons;src:url(icons.woff2)}", ""),
        (
            ":root{--a:var(--b);--b:1;--c:2}p{x:var(--a)}",
            ":root{--a:var(--b);--b:1}\np{x:var(--a)}",
        ),
    ],
)
def test_a_rule_stays_where_a_page_can_use_it(rule, kept):
    assert lighter.used(rule, NAMES) == kept


def test_a_style_brings_what_it_imports_and_what_is_for_paper_stays_for_paper(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "basic.css").write_text("p{x:y}", encoding="utf-8")
    (tmp_path / "styles" / "theme.css").write_text('@import "../basic.css";', encoding="utf-8")
    (tmp_path / "print.css").write_text("a{x:y}", encoding="utf-8")
    assert lighter.read_sheet(tmp_path / "styles" / "theme.css") == "p{x:y}"
    text = lighter.read_sheet(tmp_path / "print.css")
    assert lighter.used(text, NAMES) == "@media print{a{x:y}}"


# What a page loads before any sign of a reader, in kB as a server compresses it: the page, its
# styles and scripts; and what of the shortlist comes then. Each practice of the shortlist may weigh
# a kB, so that who adds one is not stopped here: with 72 of them it is 130 in all.
MOST, MORE = {"index": 50, "jiangsu": 58}, 17


@pytest.mark.parametrize("edition", ["", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_and_waits_for_no_script(book, edition, name):
    path = book / edition / "chapters" / f"{name}.html"
    page = path.read_text(encoding="utf-8")
    files = lighter.files_of(path, page)
    assert len(files) == len(set(files)) > 5
    weight = sum(len(gzip.compress(one.read_bytes())) for one in (path, *files)) / 1000
    assert weight <= MOST.get(name, 90) + page.count(" data-practice=")
    later = [path.parents[1] / "_static" / script.name for script in shortlist.SCRIPTS]
    assert sum(len(gzip.compress(one.read_bytes())) for one in later) / 1000 <= MORE
    assert not lighter.BLOCKING.search(page)
