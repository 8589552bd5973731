"""What to ask after an edit, in under a minute: `python -m casebook check`, or some parts of it by name.

It says what `make test` would say later, but for what needs the built book, a browser, or a copy of the project.
"""

import argparse
import subprocess
import sys
import time

from casebook.command import explained
from casebook.evidence import EvidenceError
from casebook.evidence.valid import assure
from casebook.proof import accept, source
from casebook.study import ROOT


def data():
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


def code():
    """The code is as ruff wants it, and its imports run downwards (pyproject.toml)."""
    commands = ([*RUFF, "check", "--quiet"], [*RUFF, "format", "--check", "--quiet"], LINT)
    return all([subprocess.run(command, cwd=ROOT).returncode == 0 for command in commands])


def proof():
    """The article, where it is at hand, proves the tables."""
    return source.main([]) == 0


def outputs():
    """The chapters give what their reference notebooks have; only those are executed that depend on a change."""
    return accept.main(["--dry-run"]) == 0


def tests():
    """Tests pass that need neither the built book nor a browser nor a copy of the project: units, chapters, both editions."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-m", "not long and not book and not machinery"]
    return subprocess.run(command, cwd=ROOT).returncode == 0


PARTS = {"data": data, "code": code, "source": proof, "outputs": outputs, "tests": tests}


def main(arguments=None):
    """Check the parts that are asked for, all of them by default. Returns the exit code: 0 if all is well, else 1."""
    told = "\n".join(f"  {name:8} {part.__doc__}" for name, part in PARTS.items())
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="casebook check", description=__doc__, epilog=told, formatter_class=form)
    parser.add_argument("parts", nargs="*", metavar="part", choices=[*PARTS, []], help="one of those below (default: all)")
    wrong = []
    for name in parser.parse_args(arguments).parts or PARTS:
        begun = time.monotonic()
        try:
            well = PARTS[name]()
        except Exception as error:
            print(explained(error))
            well = False
        print(f"{name}: {'ok' if well else 'not as it should be'} ({time.monotonic() - begun:.1f} s)", flush=True)
        wrong += [] if well else [name]
        if wrong == ["data"]:
            break  # all others would say the same again
    return 1 if wrong else 0
