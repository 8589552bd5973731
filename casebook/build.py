"""Build the book, or open it in JupyterLab: what the Makefile's targets call.

A build goes to a folder of its own and takes the place of the last one only when all of it went well:
bad data, a failing cell or a warning leaves the last good book where it was.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from casebook import evidence

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "_build"


def tool(name):
    """The path of a command of this Python's environment."""
    return str(Path(sys.executable).with_name(name))


def book():
    """Validate the data, build all chapters with warnings as errors, and put the result into _build/html.

    Returns the exit code: 0, or 1 with what is wrong on standard error.
    """
    findings = evidence.validate()
    if findings:
        print(evidence.EvidenceError(findings), file=sys.stderr)
        print("nothing was built; the last good book, if there is one, is still in _build/html", file=sys.stderr)
        return 1
    stage = OUT / "next"
    shutil.rmtree(stage, ignore_errors=True)
    command = [tool("jupyter-book"), "build", str(ROOT), "--path-output", str(stage), "--all", "-W", "-n", "--keep-going", "-q"]
    # Traces of the tools' own start-up (debugger, pager) are no part of the book's log.
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}, stdout=subprocess.PIPE, text=True
    )
    made = stage / "_build" / "html"
    if done.returncode or not (made / "chapters" / "index.html").exists():
        for log in sorted(made.glob("reports/**/*.err.log")):
            print(f"{log.name.removesuffix('.err.log')}: a cell failed:\n{failed_cell(log)}", file=sys.stderr)
        print("the build failed; the last good book, if there is one, is still in _build/html", file=sys.stderr)
        return 1
    last = OUT / "last"
    shutil.rmtree(last, ignore_errors=True)
    if (OUT / "html").exists():
        (OUT / "html").rename(last)
    made.rename(OUT / "html")
    shutil.rmtree(last, ignore_errors=True)
    shutil.rmtree(stage, ignore_errors=True)
    print("built: _build/html/index.html")
    return 0


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
