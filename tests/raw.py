"""The tables of data/ as they stand, without the joins of the package, to count again."""

import csv

from casebook.evidence import DATA


def records(table, **codes):
    """The rows of a table as dicts of texts, in their order: those that have these codes."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if all(row[column] == code for column, code in codes.items())]
