"""Addresses that the book once had: each row of retired.csv leads to something, in both books."""

import re
import shutil

import pytest
from conftest import served, wait_until
from test_pages import ids

from casebook.site import retired
from casebook.words import editions


def lost(rows, pages):
    """What is wrong with rows of retired.csv, a line each; `pages` has the ids of each page."""
    for row in rows:
        page, anchor, new, now = row.values()
        place = f"{page}#{anchor}"
        if new not in pages:
            yield f"{place}: there is no page {new}"
        elif now and not any(has(found, now) for found in pages[new]):
            yield f"{place}: {new} has no {now}"
        if anchor and any(has(found, anchor) for found in pages.get(page, ())):
            yield f"{place}: it still stands there"
        elif not anchor and page in pages:
            yield f"{place}: the page is still there"
        if now.endswith("-") and not anchor.endswith("-"):
            yield f"{place}: nothing follows it that could follow {now}"


def has(found, anchor):
    return found.startswith(anchor) if anchor.endswith("-") else found == anchor


@pytest.fixture(scope="module", params=editions())
def pages(request, book):
    """The ids of every page of a book, by name."""
    folder = book / ("" if request.param == "en" else request.param) / "chapters"
    return {path.stem: ids(path.read_text(encoding="utf-8")) for path in folder.glob("*.html")}


def test_every_row_leads_to_something_and_from_nothing(pages):
    assert list(lost(retired.rows(), pages)) == []


FAULTS = {
    "method,fig-verdicts,cheques,fig-verdicts": "there is no page cheques",
    "method,fig-verdicts,checks,fig-verdict": "checks has no fig-verdict",
    "method,check-,checks,cheque-": "checks has no cheque-",
    "method,how-to-cite,checks,": "it still stands there",
    "checks,check-,method,": "it still stands there",
    "evidence,,checks,": "the page is still there",
    "method,fig-verdicts,checks,check-": "nothing follows it",
}


@pytest.mark.parametrize("row", FAULTS)
def test_a_row_that_leads_nowhere_or_from_what_is_there_is_told(pages, row):
    columns = ("page", "anchor", "new_page", "new_anchor")
    found = list(lost([dict(zip(columns, row.split(",")))], pages))
    assert any(FAULTS[row] in line for line in found), found


def arrived(page, address, top=False):
    """Wait until a page has gone on to an address, and stands at its place."""
    page.wait_for_url(lambda url: url.endswith(address))
    if not top:
        place = "(id) => document.getElementById(id)?.getBoundingClientRect().top"
        anchor = address.rpartition("#")[2]
        wait_until(page, f"(id) => Math.abs(({place})(id)) < innerHeight", anchor)


MOVED = {
    "method.html#check-plenum": "checks.html#check-plenum",
    "method.html?x=1#fig-verdicts": "checks.html?x=1#fig-verdicts",
    "method.html#fig-elements": "places.html#fig-profiles",
    "method.html#agreement": "codebook.html#agreement",
    "method.html#how-a-row-is-proven": "method.html#what-a-script-proves-and-what-it-cannot",
}


@pytest.mark.parametrize("edition", ["", "zh/"])
@pytest.mark.parametrize("old", MOVED)
def test_an_old_address_leads_on(read, site, edition, old):
    page = read(f"{site}/{edition}chapters/{old}")
    arrived(page, f"/{edition}chapters/{MOVED[old]}")


def test_an_old_address_leads_on_from_disk_and_within_a_page(read, book):
    page = read((book / "chapters" / "method.html").as_uri() + "#check-plenum")
    arrived(page, "/chapters/checks.html#check-plenum")
    page.goto((book / "chapters" / "method.html").as_uri())
    page.evaluate("setTimeout(() => { location.hash = 'the-checks-in-public-sources'; })")
    arrived(page, "/chapters/checks.html", top=True)
    assert page.evaluate("history.length") < 5, "the old address is no step back"


def test_without_script_and_where_nothing_moved_a_page_stays(read, site):
    page = read(f"{site}/chapters/method.html#check-plenum", java_script_enabled=False)
    assert page.locator("article h1").is_visible() and page.url.endswith("method.html#check-plenum")
    page = read(f"{site}/chapters/method.html#how-to-cite")
    assert page.url.endswith("method.html#how-to-cite")


def test_a_page_that_is_gone_leads_on(read, book, tmp_path, monkeypatch):
    columns = ("page", "anchor", "new_page", "new_anchor")
    rows = ["old,,checks,", "old,fig-old,checks,fig-verdicts", "method,,checks,", "gone,,nowhere,"]
    monkeypatch.setattr(retired, "rows", lambda: [dict(zip(columns, r.split(","))) for r in rows])
    folder = tmp_path / "chapters"
    folder.mkdir()
    retired.write_gone(folder, {"checks": "What public sources say", "method": "Method"})
    assert [path.name for path in folder.iterdir()] == ["old.html"]
    shutil.copy(book / "chapters" / "checks.html", folder)
    (tmp_path / "_static").symlink_to(book / "_static", target_is_directory=True)
    with served(tmp_path) as address:
        for asked, found in (
            ("old.html#fig-old", "checks.html#fig-verdicts"),
            ("old.html#unknown", "checks.html"),
            ("old.html", "checks.html"),
        ):
            arrived(read(f"{address}/chapters/{asked}"), f"/chapters/{found}", "#" not in found)
        page = read(f"{address}/chapters/old.html#fig-old", java_script_enabled=False)
        page.wait_for_url("**/chapters/checks.html")


def test_only_a_page_from_which_something_moved_has_the_script(book):
    moved = {row["page"] for row in retired.rows()}
    for path in (book / "chapters").glob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert ("moved.js" in html) == (path.stem in moved), path.name
        assert not re.search(r"<script(?![^>]* src=)[^>]*>[^<]*moved", html)
