"""Build the book, or open it in JupyterLab: what the Makefile's targets call.

Both editions are built side by side from the same chapters, English at the root of the site and every other one in a
folder of its language. A build goes to a folder of its own and takes the place of the last one, in one step, only when
all of it went well: bad data, a failing cell, a warning, a full disk or a kill leaves the last good book where it was.
"""

import copy
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml

from casebook import evidence, execute, study
from casebook.command import Problem, explained, run
from casebook.edition import CATALOGUES, LABELS, SOURCE, editions, own_name, say, the_book
from casebook.study import CHAPTERS, OUT, ROOT

HTML = OUT / "html"  # a link to the last good book among BOOKS
BOOKS = OUT / "books"
ROOM = 100  # MB that a build takes, in its own folder and as a book
SCREEN = 24  # lines of what a failed build says


class BuildError(Problem):
    """The book cannot be built."""


def tool(name):
    """The path of a command of this Python's environment."""
    return str(Path(sys.executable).with_name(name))


def config(language, stage):
    """What `_config.yml` says, in an edition's language, with the chapters' outputs that `stage` has: a dict."""

    def word(key):
        return say(LABELS[key], language)

    settings = copy.deepcopy(study.settings())
    settings["title"], settings["author"] = the_book("title", language), the_book("author", language)
    settings["execute"] |= {"execute_notebooks": "cache", "cache": str(stage / "executed")}
    settings["sphinx"]["config"] |= {
        "language": SOURCE if language == SOURCE else editions()[language],
        "locale_dirs": [str(CATALOGUES)],
        "numfig_format": {"figure": word("figure_n")},
        "nb_code_prompt_show": word("code_show"),
        "nb_code_prompt_hide": word("code_hide"),
    }
    return settings


def start(language, stage, builder="html"):
    """Start one edition's build into the folder `stage`: a Popen; what it says goes to build.log there.

    First every chapter is executed, or taken from what is kept; then Jupyter Book makes the pages (or, with the builder
    “gettext”, collects the messages of the chapters' prose), warnings as errors.
    """
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    environment = {
        # The day of the data, where a tool would print the time of the build.
        "SOURCE_DATE_EPOCH": f"{evidence.created_on(evidence.descriptor()).timestamp():.0f}",
        **os.environ,
        "CASEBOOK_LANGUAGE": language,
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # traces of the tools' own start-up are no part of the book's log
    }
    command = [sys.executable, "-m", "casebook.build", "edition", language, str(stage), builder]
    with (stage / "build.log").open("w", encoding="utf-8") as log:
        # In a session of its own, so that it can be ended with all that it has started; a pipe tells it when this process is gone.
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )


def edition(language, stage, builder):
    """One edition's build, in the process that `start` made. Returns the exit code."""

    def end_with_parent():
        os.read(0, 1)  # waits until the other end is closed, however that came
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=end_with_parent, daemon=True).start()
    stage = Path(stage)
    done = execute.bring(language, stage / "executed")
    (stage / "executed.json").write_text(json.dumps(done), encoding="utf-8")
    settings = stage / "_config.yml"
    settings.write_text(yaml.safe_dump(config(language, stage), allow_unicode=True), encoding="utf-8")
    command = [tool("jupyter-book"), "build", str(ROOT), "--config", str(settings), "--path-output", str(stage)]
    command += ["--builder", "custom", "--custom-builder", "gettext"] if builder == "gettext" else ["--builder", builder]
    return subprocess.run([*command, "--all", "-W", "-n", "--keep-going", "-q"], stdin=subprocess.DEVNULL).returncode


def made(stage):
    """Where a started build puts an edition's pages."""
    return stage / "_build" / "html"


def what_failed(stage, code):
    """What a started build said before it ended with the exit code `code`, as text for a person: as much as fits on a screen,
    and where the rest of it is."""
    log = stage / "build.log"
    told = log.read_text(encoding="utf-8", errors="replace").strip() if log.exists() else ""
    if code < 0:
        told += f"\nit was ended by the signal {signal.Signals(-code).name}"
    lines = told.strip().splitlines() or [f"it ended with code {code} and without a word"]
    if len(lines) > SCREEN:
        whole = OUT / f"failed-{stage.name}.log"
        with suppress(OSError):  # on a full disk
            whole.write_text(told, encoding="utf-8")
            lines = [*lines[:SCREEN], f"… and {len(lines) - SCREEN} lines more: {whole.relative_to(ROOT)}"]
    return "\n".join(lines)


@contextmanager
def alone():
    """Hold the lock that lets one build at a time write into `_build`; another one waits."""
    OUT.mkdir(exist_ok=True)
    with (OUT / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another build of this book is under way; this one waits for it to end", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def staged():
    """A folder for one build, which is gone after it; and gone with it what a killed build has left behind."""
    for left in OUT.glob("next-*"):
        shutil.rmtree(left, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix="next-", dir=OUT))
    try:
        yield stage
    except (Problem, OSError) as error:
        free = shutil.disk_usage(OUT).free / 1e6  # before the folder's own room is given back
        if free < ROOM:
            full = f"the disk is full, or nearly: {free:.0f} MB are free, and a build needs about {ROOM}"
            raise BuildError(f"{explained(error)}\n{full}") from error
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def together(stage):
    """Build every edition in `stage`, side by side: ({edition: chapters that had to be executed}, the whole site's folder).

    Raises BuildError with what each edition said, if one fails.
    """
    running = {language: start(language, stage / language) for language in editions()}
    try:
        codes = {language: build.wait() for language, build in running.items()}
    finally:
        for build in running.values():
            if build.poll() is None:
                os.killpg(build.pid, signal.SIGKILL)
    failed = [one for one, code in codes.items() if code or not (made(stage / one) / "chapters" / "index.html").exists()]
    if failed:
        raise BuildError("\n".join(f"{own_name(one)}:\n{what_failed(stage / one, codes[one])}" for one in failed))
    whole = made(stage / SOURCE)
    for language in running:
        if language != SOURCE:
            made(stage / language).rename(whole / language)
    return {one: json.loads((stage / one / "executed.json").read_text(encoding="utf-8")) for one in running}, whole


def site_digest(folder):
    """SHA-256 over every file of a built site, by name, as hexadecimal digits: two builds of one state have the same."""
    whole = hashlib.sha256()
    for path in sorted(
        (path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.relative_to(folder).as_posix()
    ):
        name = path.relative_to(folder).as_posix()
        whole.update(f"{name}\0{execute.digest(path.read_bytes())}\n".encode())
    return whole.hexdigest()


def publish(whole, name):
    """Put the finished site `whole` in the place of the last one, in one step: `_build/html` is a link that is renamed over
    the old link. `name` is the site's among the books of `_build/books`, of which only the newest stays."""
    BOOKS.mkdir(exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=BOOKS))
    whole.rename(new)
    if HTML.is_dir() and not HTML.is_symlink():  # as an earlier version of this package left it
        HTML.rename(BOOKS / "earlier")
    link = OUT / "html.new"
    link.unlink(missing_ok=True)
    link.symlink_to(new.relative_to(OUT), target_is_directory=True)
    link.replace(HTML)
    for old in BOOKS.iterdir():
        if old != new:
            shutil.rmtree(old, ignore_errors=True)


def book():
    """Validate the data, build all editions with warnings as errors, and put the result into _build/html.

    Returns the exit code: 0, or 1 with what is wrong on standard error.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended, too
    try:
        findings = evidence.validate()
        if findings:
            raise evidence.EvidenceError(findings)
        with alone(), staged() as stage:
            before = execute.sources()
            executed, whole = together(stage)
            after = execute.sources()
            if changed := sorted(name for name in before | after if before.get(name) != after.get(name)):
                raise BuildError(f"{', '.join(changed)} changed while the book was built: run make book again")
            digest = site_digest(whole)
            publish(whole, digest[:12])
    except (Problem, OSError) as error:
        print(explained(error), file=sys.stderr)
        print("nothing was published; the last good book, if there is one, is still in _build/html", file=sys.stderr)
        return 1
    print("built: _build/html/index.html" + "".join(f", _build/html/{one}/index.html" for one in executed if one != SOURCE))
    fresh = [f"{one}: {', '.join(names) or 'none'}" for one, names in executed.items()]
    print(f"chapters executed, of {len(list(CHAPTERS.glob('*.md')))} in each edition: {'; '.join(fresh)}")
    print(f"the site's digest: sha256 {digest}")
    return 0


def lab():
    """JupyterLab on the chapters; a double click opens one as a notebook."""
    settings = {
        "docmanager-extension/plugin": {"defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},  # both ask another host
    }
    for name, values in settings.items():
        path = OUT / "lab" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    environment = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(OUT / "lab")}
    return subprocess.run([tool("jupyter-lab"), "--notebook-dir", str(CHAPTERS)], env=environment).returncode


def picture():
    """README's picture: the evidence map as the built book offers it for download."""
    (ROOT / "docs").mkdir(exist_ok=True)
    shutil.copy(HTML / "downloads" / "charts" / "fig-map.png", ROOT / "docs" / "evidence-map.png")
    return 0


def main():
    """Command line: `book`, `lab` or `picture`; `edition` is what `start` calls."""
    commands = {"book": book, "lab": lab, "picture": picture}
    if len(sys.argv) == 5 and sys.argv[1] == "edition":
        return edition(*sys.argv[2:])
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        print(f"usage: python -m casebook.build {'|'.join(commands)} [--debug]", file=sys.stderr)
        return 2
    return commands[sys.argv[1]]()


if __name__ == "__main__":
    run(main)
