"""Make one edition's pages, in a process of its own.

`casebook.site.build` starts it as `python -m casebook.site.pages STAGE DOCTREES`, and tells it to
begin when every chapter is executed. Jupyter Book makes the pages from what the chapters gave, with
warnings as errors. Every page is written anew, into an empty folder, since it may show what stands
in another one. A chapter is read again only if its text changed since the last build
(`casebook.site.sphinx` knows), and all of them if anything else did.
"""

import gc
import os
import signal
import sys
import threading
from pathlib import Path

from jupyter_book.sphinx import build_sphinx

import casebook.site.sphinx  # noqa: F401 (with what it needs, while the chapters are executed)
from casebook.site import build, drawing
from casebook.study import ROOT
from casebook.words import LANGUAGE, SOURCE


def end_with_starter():
    """Wait until the process that started this one is gone, then end, with all children."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


def main(stage, doctrees):
    """Make the pages of this process's edition into `stage`/out, by `stage`/_config.yml.

    What Sphinx has read of the chapters is taken from `doctrees`, and kept there. Returns the exit
    code.
    """
    gc.disable()  # what Sphinx makes stays to the end; looking for the rest takes a fifth longer
    if LANGUAGE == SOURCE:
        drawing.runtime()  # which all editions take; meanwhile the chapters are executed
    if not os.read(0, 1):  # nobody is there any more
        return 1
    threading.Thread(target=end_with_starter, daemon=True).start()
    stage, doctrees = Path(stage), Path(doctrees)
    # MyST-NB keeps beside the pages what the prose takes from cells; it belongs to what was read.
    (doctrees / "jupyter_execute").mkdir(parents=True, exist_ok=True)
    (stage / "jupyter_execute").symlink_to(doctrees / "jupyter_execute", target_is_directory=True)
    result = build_sphinx(
        build.source_folder(LANGUAGE),
        stage / "out",
        path_config=stage / "_config.yml",
        noconfig=True,
        confoverrides={
            "external_toc_path": str(ROOT / "_toc.yml"),
            "latex_individualpages": False,
            "nitpicky": True,
        },
        doctreedir=doctrees,
        builder="html",
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    return result if isinstance(result, int) else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
