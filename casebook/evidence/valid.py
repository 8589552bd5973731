"""A mark in the cache for each state of the tables that was found valid.

A book is built by many processes (a kernel a chapter, one a language), and each of them loads the
same bytes.
"""

import hashlib
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from casebook.evidence.findings import EvidenceError
from casebook.study import DATA, OUT, PACKAGE

MARKS = OUT / "cache" / "valid"
# What decides whether tables are valid, besides the tables: this package, and the packages that it
# checks them with.
OWN_FILES = [*sorted(Path(__file__).parent.glob("*.py")), PACKAGE / "escape.py"]
CHECKERS = ("frictionless", "pybtex")


def state(folder):
    """SHA-256 of all that the validity of a folder of tables depends on, as hexadecimal digits."""
    whole = hashlib.sha256(sys.version.encode())
    for tool in CHECKERS:
        whole.update(f"{tool} {metadata.version(tool)}\n".encode())
    tables = (path for path in Path(folder).glob("[!.]*") if path.is_file())
    for path in (*OWN_FILES, *sorted(tables)):
        whole.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def assure(folder=DATA):
    """Raise EvidenceError, with every finding, unless the tables in `folder` are valid."""
    before = state(folder) if Path(folder).is_dir() else ""
    if before and (MARKS / before).exists():
        return
    # Here, and not above: what is known to be valid needs no Frictionless, whose import takes 0.4
    # seconds.
    from casebook.evidence.validation import validate

    if findings := validate(folder):
        raise EvidenceError(findings)
    if state(folder) == before:  # no file changed meanwhile
        with suppress(OSError):  # a full or read-only disk: then it is validated again
            MARKS.mkdir(parents=True, exist_ok=True)
            (MARKS / before).touch()
