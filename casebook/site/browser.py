"""A headless Chromium that reaches no other host: for the PDF, the tests and the bench."""

import os
import shutil
import sys

from playwright.sync_api import Error

from casebook.command import Problem

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
SETTINGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class NoBrowser(Problem):
    """There is no Chromium; the message says what to do."""


def launch(playwright):
    """Start the first that starts of CHROMIUM, the system’s, and Playwright’s own.

    One that does not start is passed over; where it is CHROMIUM itself, a line on standard error
    says so. NoBrowser if none starts, with each file that was tried and why not.
    """
    chosen, tried = os.environ.get("CHROMIUM"), []
    paths = [*filter(None, map(shutil.which, NAMES)), None]  # None: Playwright’s own
    if chosen:
        paths.insert(0, shutil.which(chosen) or chosen)
    for path in paths:
        try:
            return playwright.chromium.launch(executable_path=path, args=SETTINGS)
        except Error as error:
            tried.append(f"{path or 'Playwright’s own'}: {str(error).splitlines()[0]}")
        if chosen and len(tried) == 1:
            print(f"CHROMIUM does not start, others are tried: {tried[0]}", file=sys.stderr)
    raise NoBrowser(f"no Chromium: install chromium or set CHROMIUM (tried {'; '.join(tried)})")
