"""How a command of the package fails: one screen for a person, a traceback only when asked."""

import os
import sys
import traceback
from contextlib import contextmanager


class Problem(Exception):
    """A fault that its message explains to a person: what, where, why, and what to do next."""


def run(main):
    """End the process with the exit code of `main()`, or with 1 and a message where it raises.

    With `--debug` among the arguments the traceback comes before the message.
    """
    for stream in (sys.stdout, sys.stderr):  # a console that has no “é” or 中 shows “?” for it
        stream.reconfigure(errors="replace")
    debug = "--debug" in sys.argv
    sys.argv = [argument for argument in sys.argv if argument != "--debug"]
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        if debug:
            traceback.print_exc()
        print(explained(error), file=sys.stderr)
        sys.exit(1)


def explained(error):
    """An exception as text for a person.

    An unforeseen one comes with the place where it arose, and how to see more.
    """
    if isinstance(error, Problem):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}" + (f": {error.filename}" if error.filename else "")
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.filename}, line {place.lineno}"
    return (
        f"unexpected: {type(error).__name__}: {error}\n  in {where}\n"
        "run the same command with --debug (python -m …) to see how it came there; "
        "if it stands, it is a fault of this package"
    )


@contextmanager
def environment(**values):
    """Set variables of this process's environment for as long as the context lasts."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@contextmanager
def step(text, total=None):
    """Say on standard error what a command does, a line a step; nothing in CI.

    A person who watches sees a bar. The context gives a function to be called after each of the
    `total` parts of the step; without a total the bar only shows that the work goes on.
    """
    if os.environ.get("CI"):
        yield lambda: None
    elif not sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)
        yield lambda: None
    else:
        from rich.console import Console  # not for every kernel, which imports this module, too
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = [TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()]
        with Progress(
            *columns, *([MofNCompleteColumn()] if total else []), console=Console(stderr=True)
        ) as bar:
            task = bar.add_task(text, total=total)
            yield lambda: bar.advance(task)
            bar.update(task, total=total or 1, completed=total or 1)
