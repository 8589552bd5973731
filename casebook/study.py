"""Where the study is: the folder of the data, the chapters and the built book.

A study is an article with its tables, chapters and translations; `casebook.new` makes an empty one.
Only this module says where it lies. The package's own files (site/static/, new/template/) stand
beside its modules.
"""

import json
import os
import re
from functools import cache
from pathlib import Path

import yaml

from casebook.command import Problem

RUN = 40  # characters of an article's Chinese prose that are too many to quote
PACKAGE = Path(__file__).resolve().parent


def root(start):
    """The nearest folder at or above `start` that holds a study; else the package's own folder."""
    for folder in (start, *start.parents):
        if (folder / "data" / "datapackage.json").exists():
            return folder
    return PACKAGE.parent


# A kernel runs in chapters/ or beside its reference notebook, a command anywhere in the study.
ROOT = root(Path.cwd().resolve())
DATA, CHAPTERS, CATALOGUES, OUT = (ROOT / name for name in ("data", "chapters", "locale", "_build"))
SETTINGS = ROOT / "_config.yml"


def name_of(path):
    """A file's name, the same wherever study and package lie: `data/practices.csv`."""
    path = Path(path)
    if not {PACKAGE, ROOT} & set(path.parents):
        path = path.resolve()
    return path.relative_to(PACKAGE.parent if PACKAGE in path.parents else ROOT).as_posix()


def put(path, raw):
    """Write a file whole or not at all: another process may be reading or writing it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(f".{os.getpid()}")
    new.write_bytes(raw)
    new.replace(path)


@cache
def _descriptor():
    return json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))


def article():
    """The article in `data/datapackage.json`: its title, author, journal, date and language."""
    return _descriptor()["sources"][0]


def licence():
    """The licence of the coding in `data/datapackage.json`, as prose has it: CC BY 4.0."""
    return _descriptor()["licenses"][0]["name"].replace("-", " ")


@cache
def settings():
    """The study's `_config.yml` as a dict; it has the book's `title` and `author`."""
    return yaml.safe_load(SETTINGS.read_text(encoding="utf-8"))


@cache
def address():
    """The site's address with a slash at its end, from `_config.yml`; empty where none is given.

    Raises a Problem for one that no browser could open.
    """
    given = (settings().get("html") or {}).get("baseurl") or ""
    if given and not re.match(r"https?://[^/\s]+\S*$", str(given)):
        raise Problem(
            f"_config.yml, html, baseurl: {given!r} is no address of a site; expected one such as "
            "https://name.github.io/book/"
        )
    return f"{given.rstrip('/')}/" if given else ""
