"""Addresses that the book once had still lead to what stood there.

A row of chapters/retired.csv is an anchor that a page has no more: the page, the anchor, and the
page and anchor in its place. An anchor that ends in a hyphen is a prefix, `check-` for
`check-plenum`; where the new one ends in a hyphen, too, the rest goes with it. Without a new anchor
the row leads to the top of the page. The rows hold in the book of each language. moved.js does the
rest. Without script a page opens at its top.
"""

import csv
import json

from casebook.chapters import CHAPTERS

TABLE = CHAPTERS / "retired.csv"


def rows():
    """The rows of retired.csv: a list of dicts, empty for a book in which nothing has moved."""
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def leads_on(address):
    """Whether a row leads on from an address within chapters/: `checks.html#check-plenum`."""
    page, _, anchor = address.partition(".html#")
    return any(
        row["page"] == page
        and (
            anchor.startswith(row["anchor"])
            if row["anchor"][-1:] == "-"
            else anchor == row["anchor"]
        )
        for row in rows()
    )


def moved_from(page):
    """Where each retired anchor of a page stands now, as JSON for moved.js; "" if none moved."""
    of_page = [
        [row["anchor"], f"{row['new_page']}.html", row["new_anchor"]]
        for row in rows()
        if row["page"] == page
    ]
    return json.dumps(of_page) if of_page else ""
