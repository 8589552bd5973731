"""How article, book, charts and rows reach reference managers, search engines and journals."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from pybtex.database import parse_string

from casebook import chapters
from casebook.site import citing


def files_of(folder, name):
    """The .bib, .ris and .txt of a name in a folder, as texts, if they are there."""
    paths = {ending: folder / f"{name}.{ending}" for ending in ("bib", "ris", "txt")}
    return {key: path.read_text(encoding="utf-8") for key, path in paths.items() if path.exists()}


@pytest.mark.parametrize("edition", ["", "zh"])
def test_article_book_and_every_row_are_in_each_form(book, ev, edition):
    found = files_of(book / edition / "downloads", "citations")
    entries = parse_string(found["bib"], "bibtex").entries
    article, whole, *rows = entries
    assert rows == list(ev.register().practice)
    assert str(entries[article].persons["author"][0]) == "邱玉婷"
    assert entries[article].fields["journal"] == "江南论坛"
    assert entries[whole].fields["version"] == ev.package["version"]
    assert entries["zj-one-visit"].fields["note"] == "evidence.html\\#zj-one-visit"
    records = found["ris"].rstrip("\n").split("\n\n")
    assert len(records) == len(entries) == len(found["txt"].splitlines())
    for record in records:
        lines = record.splitlines()
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines), record
        assert lines[0][:6] == "TY  - " and lines[-1].strip() == "ER  -"
    first, second, *others = found["txt"].splitlines()
    assert first.startswith("邱玉婷. 新时代我国社会治理实践经验及启示[J]. 江南论坛, 2020")
    assert "[M/OL]. " in second and all("[M/OL]//" in line for line in others)


def test_each_chart_is_cited_by_its_finding_in_each_form(book):
    pages = (book / "chapters").glob("*.html")
    charts = [
        chart
        for path in pages
        for chart in BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select(".chart")
    ]
    assert charts
    for chart in charts:
        finding, cite = chart.select_one(".chart-finding").text, chart.select_one(".chart-cite")
        assert f"{finding}[M/OL]//" in cite.text
        for link in cite.select("a"):
            text = (book / "chapters" / link["href"]).resolve().read_text(encoding="utf-8")
            assert finding in text.replace("\\", "")
        assert [link.text for link in cite.select("a")] == ["BibTeX", "RIS"]


@pytest.mark.parametrize("edition", ["", "zh"])
def test_the_head_of_a_page_says_in_schema_org_what_it_is(book, ev, edition):
    for name in chapters.listed():
        page = (book / edition / "chapters" / f"{name}.html").read_text(encoding="utf-8")
        script = BeautifulSoup(page, "html.parser").select_one('[type="application/ld+json"]')
        first, *others = json.loads(script.string)
        assert first["@type"] == ("Book" if name == "index" else "Chapter")
        assert first["isBasedOn"]["author"]["name"] == "邱玉婷"
        assert first["inLanguage"] == ("zh-CN" if edition else "en") and first["description"]
        assert [one["@type"] for one in others] == (["Dataset"] if name == "evidence" else [])
        for one in others:
            columns = [variable["name"] for variable in one["variableMeasured"]]
            assert "practice" in columns and set(ev.practices) >= {"province", "section"} <= set(
                columns
            )
            for file in one["distribution"]:
                assert (book / edition / "chapters" / file["contentUrl"]).resolve().exists()


def test_a_name_that_means_something_to_bibtex_comes_through():
    url = "https://example.org/a_b/evidence.html#x"
    work = citing.Work("k", "50% & more_{x}", "A & B", "2020-01-02", "en", version="1", url=url)
    entry = parse_string(citing.bibtex([work]), "bibtex").entries["k"]
    assert entry.fields["url"] == url
    assert entry.fields["year"] == "2020" and "50\\% \\& more" in entry.fields["title"]
