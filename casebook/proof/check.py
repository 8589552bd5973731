"""What to ask after an edit, in under a minute: `python -m casebook check`.

It says what `make test` would say later, but for what needs the built book, a browser, or a copy of
the project.
"""

import argparse
import subprocess
import sys
import time

from casebook.command import explained
from casebook.evidence import EvidenceError
from casebook.evidence.valid import assure
from casebook.proof import accept, proofs, translate
from casebook.study import ROOT


def check_data():
    """The tables follow their schema and the house rules."""
    try:
        assure()
    except EvidenceError as error:
        print("\n".join(map(str, error.findings)))  # all of them: its message is cut to a screen
        return False
    return True


RUFF = [sys.executable, "-m", "ruff"]
# Its cache would be a folder in the project; the command has no module to be run by.
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as it; it()"]
LINT += ["--no-cache", "--no-logo"]


def check_code():
    """The code is as ruff wants it, and its imports run downwards (pyproject.toml)."""
    if not (ROOT / "pyproject.toml").exists():
        print("no pyproject.toml: this study has no code of its own")
        return True
    commands = ([*RUFF, "check", "--quiet"], [*RUFF, "format", "--check", "--quiet"], LINT)
    return all([subprocess.run(command, cwd=ROOT).returncode == 0 for command in commands])


def check_words():
    """Every edition has all its words, and no page of it has another's."""
    lines = translate.problems()
    print("".join(f"{line}\n" for line in lines), end="")
    return not lines


def check_source():
    """The article, where it is at hand, proves the tables."""
    return proofs.main([]) == 0


def check_outputs():
    """The chapters give what their reference notebooks have; the changed ones are executed."""
    return accept.main(["--dry-run"]) == 0


def check_tests():
    """The tests pass that need neither the built book, a browser, nor a copy of the project."""
    if not any((ROOT / "tests").glob("test_*.py")):
        print("no tests/test_*.py: outputs are this study's only tests")
        return True
    command = [sys.executable, *["-m", "pytest", "-q", "-n", "auto", "-m"]]
    chosen = "not long and not book and not machinery"
    return subprocess.run([*command, chosen], cwd=ROOT).returncode == 0


PARTS = {
    "data": check_data,
    "code": check_code,
    "words": check_words,
    "source": check_source,
    "outputs": check_outputs,
    "tests": check_tests,
}


def main(arguments=None):
    """Check the parts that are asked for, all of them by default.

    Returns the exit code: 0 if all is well, else 1.
    """
    parts = "\n".join(f"  {name:8} {part.__doc__}" for name, part in PARTS.items())
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="casebook check", description=__doc__, epilog=parts, formatter_class=form
    )
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        choices=[*PARTS, []],
        help="one of those below (default: all)",
    )
    wrong = []
    for name in parser.parse_args(arguments).parts or PARTS:
        start = time.monotonic()
        try:
            is_well = PARTS[name]()
        except Exception as error:
            print(explained(error))
            is_well = False
        state = "ok" if is_well else "not as it should be"
        print(f"{name}: {state} ({time.monotonic() - start:.1f} s)", flush=True)
        wrong += [] if is_well else [name]
        if wrong == ["data"]:
            break  # all others would say the same again
    return 1 if wrong else 0
