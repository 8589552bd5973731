"""Addresses that the book once had: each row of retired.csv leads to something, in both books."""

import re

import pytest
from conftest import wait_until
from test_pages import ids

from casebook.command import Problem
from casebook.proof import accept
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
        elif not anchor:
            yield f"{place}: a row needs an anchor"
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
    "evidence,,checks,": "a row needs an anchor",
    "method,fig-verdicts,checks,check-": "nothing follows it",
}


@pytest.mark.parametrize("row", FAULTS)
def test_a_row_that_leads_nowhere_or_from_what_is_there_is_told(pages, row):
    columns = ("page", "anchor", "new_page", "new_anchor")
    found = list(lost([dict(zip(columns, row.split(",")))], pages))
    assert any(FAULTS[row] in line for line in found), found


def test_every_address_that_a_row_ever_had_leads_to_something():
    assert list(accept.dead_addresses()) == []
    accepted, present = accept.addresses()
    assert present <= accepted, "make accept"


def test_a_row_that_is_renamed_needs_a_line_that_leads_on(monkeypatch):
    accepted, present = accept.addresses()
    gone = "evidence.html#zj-never-was"
    monkeypatch.setattr(accept, "addresses", lambda: (accepted | {gone}, present))
    (told,) = accept.dead_addresses()
    assert told.startswith(gone) and "chapters/retired.csv" in told
    with pytest.raises(Problem, match="zj-never-was"):
        accept.main([])
    row = dict(zip(retired.rows()[0], ("evidence", "zj-never-was", "evidence", "zj-one-visit")))
    monkeypatch.setattr(retired, "rows", lambda: [row])
    assert list(accept.dead_addresses()) == []


def from_top(page, address):
    """How far from the top the anchor of an address is, once a page has gone on to it."""
    page.wait_for_url(lambda url: url.endswith(address))
    anchor = address.partition("#")[2]
    if not anchor:
        return page.evaluate("scrollY")
    wait_until(page, f"(id) => Math.abs(({TOP})(id)) < innerHeight", anchor)
    return page.evaluate(TOP, anchor)


TOP = "(id) => document.getElementById(id)?.getBoundingClientRect().top"
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
    assert abs(from_top(page, f"/{edition}chapters/{MOVED[old]}")) < page.viewport_size["height"]


def test_an_old_address_leads_on_from_disk_and_within_a_page(read, book):
    page = read((book / "chapters" / "method.html").as_uri() + "#check-plenum")
    assert abs(from_top(page, "/chapters/checks.html#check-plenum")) < page.viewport_size["height"]
    page.goto((book / "chapters" / "method.html").as_uri())
    page.evaluate("setTimeout(() => { location.hash = 'the-checks-in-public-sources'; })")
    assert from_top(page, "/chapters/checks.html") == 0
    assert page.evaluate("history.length") < 5, "the old address is no step back"


def test_without_script_and_where_nothing_moved_a_page_stays(read, site):
    page = read(f"{site}/chapters/method.html#check-plenum", java_script_enabled=False)
    assert page.locator("article h1").is_visible() and page.url.endswith("method.html#check-plenum")
    page = read(f"{site}/chapters/method.html#how-to-cite")
    assert page.url.endswith("method.html#how-to-cite")


def test_only_a_page_from_which_something_moved_has_the_script(book):
    moved = {row["page"] for row in retired.rows()}
    for path in (book / "chapters").glob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert ("moved.js" in html) == (path.stem in moved), path.name
        assert not re.search(r"<script(?![^>]* src=)[^>]*>[^<]*moved", html)
