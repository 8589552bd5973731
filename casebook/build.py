"""Build the book, or open it in JupyterLab: what the Makefile's targets call.

Both editions are built side by side from the same chapters, English at the root of the site and every other one in a
folder of its language. A build goes to a folder of its own and takes the place of the last one only when all of it went
well: bad data, a failing cell or a warning leaves the last good book where it was.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from importlib import metadata
from pathlib import Path

import yaml

from casebook import evidence
from casebook.edition import CATALOGUES, LABELS, SOURCE, editions, own_name, say

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "_build"
STAGE, EXECUTED = OUT / "next", OUT / "cache" / "executed"
# Modules that no chapter's output depends on.
TOOLS = {"accept", "bench", "browser", "build", "downloads", "mutate", "pdf", "search", "translate"}


def tool(name):
    """The path of a command of this Python's environment."""
    return str(Path(sys.executable).with_name(name))


def config(language):
    """What `_config.yml` says, in an edition's language, and with the chapters' outputs kept under `executed`: a dict."""

    def word(key):
        return say(LABELS[key], language)

    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["title"], settings["author"] = word("book_title"), word("authors")
    settings["execute"] |= {"execute_notebooks": "cache", "cache": str(EXECUTED / executed(language))}
    settings["sphinx"]["config"] |= {
        "language": SOURCE if language == SOURCE else editions()[language],
        "locale_dirs": [str(CATALOGUES)],
        "numfig_format": {"figure": word("figure_n")},
        "nb_code_prompt_show": word("code_show"),
        "nb_code_prompt_hide": word("code_hide"),
    }
    return settings


def executed(language):
    """The name of the folder that keeps an edition's executed chapters: a digest of all that an output depends on but the
    chapter's own code, which MyST-NB compares itself: the data, the package, the edition's words, every installed version."""
    digest = hashlib.sha256(f"{language} {sys.version}".encode())
    files = [*evidence.DATA.iterdir(), *(path for path in (ROOT / "casebook").glob("*.py") if path.stem not in TOOLS)]
    files += [ROOT / "casebook" / "frame.html", *CATALOGUES.glob(f"{editions()[language]}/LC_MESSAGES/casebook.po")]
    for path in sorted(files, key=lambda file: (file.parent.name, file.name)):
        digest.update(f"\n{path.name}\n".encode() + path.read_bytes())
    versions = sorted(f"{one.name}=={one.version}" for one in metadata.distributions())
    digest.update("\n".join(versions).encode())
    return f"{language}-{digest.hexdigest()[:16]}"


def start(language, stage, builder=("--builder", "html")):
    """Start one edition's build into the folder `stage`, warnings as errors: a Popen; what it says goes to build.log there."""
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    settings = stage / "_config.yml"
    settings.write_text(yaml.safe_dump(config(language), allow_unicode=True), encoding="utf-8")
    command = [tool("jupyter-book"), "build", str(ROOT), "--config", str(settings), "--path-output", str(stage), *builder]
    command += ["--all", "-W", "-n", "--keep-going", "-q"]
    # Traces of the tools' own start-up (debugger, pager) are no part of the book's log.
    environment = {**os.environ, "CASEBOOK_LANGUAGE": language, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with (stage / "build.log").open("w", encoding="utf-8") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=log)


def book():
    """Validate the data, build all editions with warnings as errors, and put the result into _build/html.

    Returns the exit code: 0, or 1 with what is wrong on standard error.
    """
    findings = evidence.validate()
    if findings:
        print(evidence.EvidenceError(findings), file=sys.stderr)
        print("nothing was built; the last good book, if there is one, is still in _build/html", file=sys.stderr)
        return 1
    running = {language: start(language, STAGE / language) for language in editions()}
    failed = [
        language for language, build in running.items() if build.wait() or not (made(language) / "chapters/index.html").exists()
    ]
    for language in failed:
        print(f"{own_name(language)}:\n{what_failed(STAGE / language)}", file=sys.stderr)
    if failed:
        print("the build failed; the last good book, if there is one, is still in _build/html", file=sys.stderr)
        return 1
    whole = made(SOURCE)
    for language in running:
        if language != SOURCE:
            made(language).rename(whole / language)
    last = OUT / "last"
    shutil.rmtree(last, ignore_errors=True)
    if (OUT / "html").exists():
        (OUT / "html").rename(last)
    whole.rename(OUT / "html")
    shutil.rmtree(last, ignore_errors=True)
    shutil.rmtree(STAGE, ignore_errors=True)
    kept = {executed(language) for language in running}
    for old in EXECUTED.iterdir():
        if old.name not in kept:
            shutil.rmtree(old)
    print("built: _build/html/index.html" + "".join(f", _build/html/{one}/index.html" for one in running if one != SOURCE))
    return 0


def made(language):
    """Where a started build puts an edition's pages."""
    return STAGE / language / "_build" / "html"


def what_failed(stage):
    """What a started build said, and each cell that failed, as text for a person."""
    told = (stage / "build.log").read_text(encoding="utf-8", errors="replace")
    for log in sorted(stage.glob("_build/*/reports/**/*.err.log")):
        told += f"{log.name.removesuffix('.err.log')}: a cell failed:\n{failed_cell(log)}\n"
    return told


def failed_cell(log):
    """What a person needs of a report of MyST-NB on a failed notebook: the cell's code, and the error's last line."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text(encoding="utf-8"))
    cell = text.split("-" * 18)[1].strip() if text.count("-" * 18) > 1 else ""
    return textwrap.indent(f"{cell}\n→ {text.strip().splitlines()[-1]}", "    ")


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
    return subprocess.run([tool("jupyter-lab"), "--notebook-dir", str(ROOT / "chapters")], env=environment).returncode


def picture():
    """README's picture: the evidence map as the built book offers it for download."""
    (ROOT / "docs").mkdir(exist_ok=True)
    shutil.copy(OUT / "html" / "downloads" / "charts" / "fig-map.png", ROOT / "docs" / "evidence-map.png")
    return 0


if __name__ == "__main__":
    commands = {"book": book, "lab": lab, "picture": picture}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python -m casebook.build {'|'.join(commands)}")
    sys.exit(commands[sys.argv[1]]())
