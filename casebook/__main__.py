"""The one command: `python -m casebook COMMAND`; without a command, what there is."""

import argparse
import importlib
import inspect
import sys

from casebook.command import run
from casebook.study import PACKAGE

# Each command with what it does and its function, which gives the exit code. A module is imported
# when its command is run.
COMMANDS = {
    "book": ("casebook.site.build:book", "build both books into _build/html"),
    "zip": ("casebook.site.build:pack", "the built book as one file to pass on, _build/book.zip"),
    "lab": ("casebook.site.build:lab", "JupyterLab, the chapters as notebooks"),
    "pdf": (
        "casebook.site.pdf:main",
        "each book as one PDF, _build/book.pdf and book-zh.pdf (needs Chromium)",
    ),
    "check": (
        "casebook.proof.check:main",
        "what to ask after an edit: data, source, code, tests, outputs",
    ),
    "source": (
        "casebook.proof.proofs:main",
        "prove the tables against the article, or write its locators into them",
    ),
    "accept": (
        "casebook.proof.accept:main",
        "renew the reference notebooks after an intended change, and say what changed",
    ),
    "translate": (
        "casebook.proof.translate:main",
        "renew the catalogues of every translation, and list what is to be translated",
    ),
    "coding": (
        "casebook.proof.coding:main",
        "a sheet for a person who codes, and what is read back from it",
    ),
    "qda": (
        "casebook.proof.qda:main",
        "the coding for other tools of qualitative analysis: REFI-QDA, Taguette",
    ),
    "new": ("casebook.new.study:main", "make an empty case study of another article"),
    "picture": ("casebook.site.build:picture", "README's picture, from the built book"),
}
# Those of a checkout, in tools/ beside the package: no page needs them.
CHECKOUT_COMMANDS = {
    "mutate": (
        "tools.mutate:main",
        "plant every kind of fault in a copy of data/, see who notices (some minutes)",
    ),
    "bench": (
        "tools.bench:main",
        "what the book costs, beside the stock build of the same chapters",
    ),
    "house": ("tools.house:main", "draw which wing of the package imports which: docs/house.svg"),
    "licences": (
        "tools.supply:main",
        "every installed package with its licence, and what of it is published with the book",
    ),
}
if (PACKAGE.parent / "tools" / "bench.py").exists():
    sys.path.insert(0, str(PACKAGE.parent))
    COMMANDS |= CHECKOUT_COMMANDS


def main():
    """Run the command that the arguments name. Returns its exit code."""
    width = max(map(len, COMMANDS))
    parser = argparse.ArgumentParser(
        prog="casebook",
        description="An executable case study: build it, check it, change it.",
        epilog="\n".join(f"  {name:{width}}  {what}" for name, (_, what) in COMMANDS.items())
        + "\n\ncasebook COMMAND --help says more; --debug adds the traceback of an error.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    if not sys.argv[1:]:
        parser.print_help()
        return 0
    options = parser.parse_args()
    module, _, name = COMMANDS[options.command][0].partition(":")
    function = getattr(importlib.import_module(module), name)
    if inspect.signature(function).parameters:
        return function(options.arguments)
    plain = argparse.ArgumentParser(
        prog=f"casebook {options.command}", description=COMMANDS[options.command][1]
    )
    plain.parse_args(options.arguments)
    return function()


def casebook():
    """The command `casebook` of an installed package."""
    run(main)


if __name__ == "__main__":
    sys.exit(casebook())
