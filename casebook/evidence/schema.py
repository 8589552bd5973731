"""`data/datapackage.json`, the only schema of the tables, and the bibliography."""

import json
from datetime import UTC, datetime
from pathlib import Path

from pybtex.database import parse_file
from pybtex.exceptions import PybtexError

from casebook.evidence.findings import EvidenceError, Finding
from casebook.study import DATA

NOT_MENTIONED, NOT_CODED, NOT_APPLICABLE = "not mentioned", "not coded", "not applicable"
MISSING = (NOT_MENTIONED, NOT_CODED, NOT_APPLICABLE)
JOIN = " | "
ARTICLE = ("title", "author", "journal", "date", "language")  # what the descriptor says of it
# Every file that this process took evidence from. To validate is not to take: what passes changes
# no output. A chapter is executed anew when one of its files changes (casebook.execute).
READ = set()


def descriptor(folder=DATA):
    """The data package's descriptor as a dict.

    Raises EvidenceError if it is missing, no JSON, or no package of tables.
    """
    path = Path(folder) / "datapackage.json"
    READ.add(path)
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        tables = [
            (table["name"], table["path"], table["schema"]["primaryKey"])
            for table in package["resources"]
        ]
        fields = [
            (field["name"], field["type"])
            for table in package["resources"]
            for field in table["schema"]["fields"]
        ]
        article = (package.get("sources") or [{}])[0]
    except FileNotFoundError:
        raise _unusable(path, "no such file", "the schema of the tables") from None
    except ValueError as error:
        raise _unusable(path, str(error), "valid JSON in UTF-8") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise no_package(f"{type(error).__name__}: {error}") from None
    if not tables or not fields:
        raise no_package("no tables")
    expected = (
        "a text: the article’s title, author, journal, date (YYYY-MM-DD) and language, "
        "in the first of the sources"
    )
    if missing := [
        Finding(path.name, 0, f"sources, {key}", str(article.get(key)), expected)
        for key in ARTICLE
        if not article.get(key)
    ]:
        raise EvidenceError(missing)
    return package


def _unusable(path, why, expected):
    return EvidenceError([Finding(path.name, 0, "", why, expected)])


def no_package(why):
    """The EvidenceError of a descriptor that is JSON, but describes no tables."""
    expected = "a Frictionless data package of tables, each with name, path, fields and primary key"
    return _unusable(Path("datapackage.json"), why, expected)


def printed_in(package):
    """The language of the article, by the first of the descriptor's `sources`."""
    return package["sources"][0]["language"]


def published_on(package):
    """The day on which the article was published, as a datetime."""
    return datetime.fromisoformat(package["sources"][0]["date"])


def created_on(package):
    """The day of the data as they are, as a datetime in UTC.

    It is the article's where the descriptor does not say.
    """
    day = datetime.fromisoformat(package.get("created", package["sources"][0]["date"]))
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def languages(package):
    """The languages of the study: the suffixes of the practices' names, in their order."""
    return [
        field["name"].removeprefix("name_")
        for table in package["resources"]
        for field in table["schema"]["fields"]
        if table["name"] == "practices" and field["name"].startswith("name_")
    ]


def bibliography(folder=DATA):
    """references.bib as pybtex reads it: {key: entry}.

    Raises EvidenceError if it is missing or cannot be read.
    """
    path = Path(folder) / "references.bib"
    try:
        return parse_file(str(path), encoding="utf-8").entries
    except FileNotFoundError:
        raise _unusable(path, "no such file", "the sources of the checks") from None
    except (PybtexError, UnicodeDecodeError) as error:
        raise _unusable(path, str(error), "BibTeX in UTF-8, each key once") from None
