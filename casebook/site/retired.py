"""Addresses that the book once had still lead to what stood there.

A row of retired.csv is an anchor that a page has no more: the page, the anchor, and the page and
anchor in its place. An anchor that ends in a hyphen is a prefix, `check-` for `check-plenum`; where
the new one ends in a hyphen, too, the rest goes with it. Without a new anchor the row leads to the
top of the page. A row without an anchor is a whole page that is gone: the build writes a page there
that leads on. moved.js does the rest. Without script a page opens at its top.
"""

import csv
import html
import json
from functools import cache
from pathlib import Path
from string import Template

from casebook.site import policy
from casebook.words import tag

TABLE = Path(__file__).with_name("retired.csv")
GONE = Template(Path(__file__).with_name("gone.html").read_text(encoding="utf-8"))


@cache
def rows():
    """The rows of retired.csv: a list of dicts."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moved_from(page, pages):
    """Where each retired anchor of a page stands now, as JSON for moved.js; "" if none moved.

    `pages` are the names of the book's pages: a row that leads to another one is of another book.
    """
    of_page = [
        [row["anchor"], f"{row['new_page']}.html", row["new_anchor"]]
        for row in rows()
        if row["page"] == page and row["new_page"] in pages
    ]
    return json.dumps(of_page) if of_page else ""


def write_gone(folder, pages):
    """Write a page that leads on for each whole page that is gone, into the folder of the pages.

    `pages` has the title of each of the book's pages: {name: title}.
    """
    for row in rows():
        page, new = row["page"], row["new_page"]
        if row["anchor"] or page in pages or new not in pages:
            continue
        text = GONE.substitute(
            language=tag(),
            title=html.escape(pages[new]),
            address=f"{new}.html" + (f"#{row['new_anchor']}" if row["new_anchor"] else ""),
            moved=html.escape(moved_from(page, pages)),
        )
        (folder / f"{page}.html").write_text(policy.guarded(text), encoding="utf-8")
