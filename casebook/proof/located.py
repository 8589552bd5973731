"""The tables whose rows have a place in the article, and those places written anew."""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from casebook.evidence import JOIN, MISSING, NOT_APPLICABLE, EvidenceError, Finding, descriptor
from casebook.evidence.clean import read_rows
from casebook.evidence.rules import Context
from casebook.proof.article import first_printed, named_before, normalise, offsets_of, sha256_of

LOCATED = (
    "practices", "figures", "items", "benefits", "premises", "recommendations", "measures",
    "uncoded",
)  # fmt: skip
# Those that the proofs cannot do without.
NEEDED = (*LOCATED, "sections", "places", "names", "source_checks", "checked_rows", "source_values")


@dataclass
class Row:
    """A row of a table, with its place in the file."""

    table: str
    line: int
    cells: dict
    owner: dict = field(default_factory=dict)  # the cells of an item's practice

    @property
    def section(self):
        """Its section, an item's is its practice's; empty where it has none."""
        return self.cells.get("section", self.owner.get("section", ""))

    @property
    def province(self):
        """Its jurisdiction, an item's is its practice's; empty where it has none."""
        return self.cells.get("province", self.owner.get("province", ""))

    @property
    def pieces(self):
        """Its pieces of evidence, normalised."""
        return [
            normalise(piece)
            for piece in self.cells.get("evidence", self.cells.get("text", "")).split(JOIN)
        ]

    @property
    def places(self):
        """Its locators as (section, offset, length)."""
        matches = re.findall(r"(\d+(?:\.\d+)*)@(\d+)\+(\d+)", self.cells["locator"])
        return [(section, int(offset), int(length)) for section, offset, length in matches]

    def wrong(self, column, expected):
        """The Finding that one of its cells is not as `expected`."""
        return Finding(
            f"data/{self.table}.csv", self.line, column, self.cells.get(column, ""), expected
        )


def read_tables(folder):
    """The tables in `folder` as {table: [Row]}.

    Raises EvidenceError if one of them cannot be read.
    """
    tables, findings = {}, []
    for path in sorted(Path(folder).glob("*.csv")):
        header, records, wrong = read_rows(path)
        findings += wrong
        rows = enumerate(records, start=2)
        tables[path.stem] = [
            Row(path.stem, line, dict(zip(header, record))) for line, record in rows
        ]
    findings += [
        Finding(f"{table}.csv", 0, "", "no such file", "a table of the evidence")
        for table in sorted(set(NEEDED) - set(tables))
    ]
    if findings:
        raise EvidenceError(findings)
    practices = {row.cells["practice"]: row.cells for row in reversed(tables["practices"])}
    for row in tables["items"]:
        row.owner = practices.get(row.cells["practice"], {})
    return tables


def located_rows(tables):
    """Every row of the tables in LOCATED."""
    return (row for table in LOCATED for row in tables[table])


def rows_of_sections(tables):
    """How many located rows have their evidence in each section: a Counter."""
    return Counter(row.section for row in located_rows(tables))


def places_of_jurisdictions(tables):
    """The jurisdiction that each name of places.csv stands for: {normalised name: province}."""
    return {normalise(row.cells["place"]): row.cells["province"] for row in tables["places"]}


def locate(parts, folder):
    """Write the locators, lengths, hashes and counts of the tables in `folder` anew.

    A code without an example gets the first row that carries it.

    `parts` are what `article.split` gives. A piece that stands more than once keeps its recorded
    place if its row's jurisdiction was the last one named there. Otherwise it takes the first such
    place, or the first of all.
    """
    tables = read_tables(folder)
    names, counts = places_of_jurisdictions(tables), rows_of_sections(tables)
    for row in tables["sections"]:
        text = parts[row.cells["section"]][1]
        rows = str(counts[row.cells["section"]])
        row.cells.update(characters=str(len(text)), sha256=sha256_of(text), rows=rows)
    for row in tables["places"]:
        row.cells["locator"] = first_printed(parts, normalise(row.cells["place"])) or NOT_APPLICABLE
    for row in located_rows(tables):
        row.cells["locator"] = _locator(row, parts, names)
    give_examples(tables, descriptor(folder))
    for table in (*LOCATED, "sections", "places", "codes"):
        if tables.get(table):
            _write_rows(tables[table], Path(folder) / f"{table}.csv")


def give_examples(tables, package):
    """Give each code that has no example the first row that carries it, in place."""
    cells = {name: [row.cells for row in rows] for name, rows in tables.items()}
    carried = Context(cells, None, package).carried_codes
    for row in tables.get("codes", ()):
        carrier, column = carried.get((row.cells["variable"], row.cells["code"]), ({}, ""))
        if column and row.cells["example"] in MISSING:
            row.cells["example"] = next(iter(carrier.values()))


def _locator(row, parts, names):
    """A row's locator, or NOT_APPLICABLE if one of its pieces is not printed.

    `names` are those of jurisdictions.
    """
    text = parts.get(row.section, ("", ""))[1]
    recorded = {piece: place[:2] for piece, place in zip(row.pieces, row.places)}
    locators = []
    for piece in row.pieces:
        offsets = offsets_of(piece, text)
        if not offsets:
            return NOT_APPLICABLE
        attributed = [
            at for at in offsets if row.province in ("", named_before(text, at, names))
        ] or offsets
        section, at = recorded.get(piece, ("", -1))
        offset = at if section == row.section and at in attributed else attributed[0]
        locators.append(f"{row.section}@{offset}+{len(piece)}")
    return JOIN.join(locators)


def _write_rows(rows, path):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0].cells), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row.cells for row in rows)
