"""The tables of data/ as they stand, without the joins of the package, to count again."""

import csv

import pandas as pd

from casebook.evidence import DATA


def records(table, **cells):
    """The rows of a table as dicts of texts, in their order: those that have these cells."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if cells.items() <= row.items()]


# The name of each pioneer, in the order of provinces.csv.
PIONEERS = {row["province"]: row["name_en"] for row in records("provinces", role="pioneer")}
PRACTICES = records("practices")
PLACE = {row["practice"]: row["province"] for row in PRACTICES}
# The practices that a source dates: {practice: year}.
SOURCE_YEARS = {r["practice"]: r["year"] for r in records("checked_rows") if r["year"].isdigit()}


def theme(number):
    """The practices of a theme, in the article's order."""
    return [row for row in PRACTICES if row["section"].startswith(f"{number}.")]


def ids(rows):
    return [row["practice"] for row in rows]


def is_dated(row):
    """By its own year or period, or by the year of the paper that it is a part of."""
    whole = next((other for other in PRACTICES if other["practice"] == row["part_of"]), row)
    return any(cell.isdigit() for cell in (row["year"], row["period_start"], whole["year"]))


def read_as(variable):
    """The practices that are read so, with their codes: {practice: code}."""
    return {row["practice"]: row["code"] for row in records("readings", variable=variable)}


def listed(practice):
    """The ids of the members of a practice's list, in its order."""
    return [row["item"] for row in records("items", practice=practice)]


def disagreeing(facts, **expected):
    """The facts that are not as expected: {name: (fact, expected)}.

    Rows are expected by the ids of their practices (or by their own), in order or as a set.
    """
    differing = {}
    for name, value in expected.items():
        fact = getattr(facts, name)
        if isinstance(fact, pd.DataFrame):
            fact = type(value)(fact["id" if "id" in fact else "practice"])
        if fact != value:
            differing[name] = (fact, value)
    return differing


def table(text):
    """Made-up rows as a frame: a line of names, then a line a row; “-” is a missing number."""
    header, *rows = (line.split() for line in text.strip().splitlines())
    frame = pd.DataFrame(rows, columns=header)
    for column in frame:
        if frame[column].str.fullmatch(r"\d+|-").all():
            frame[column] = pd.to_numeric(frame[column].replace("-", None)).astype("Int64")
    return frame
