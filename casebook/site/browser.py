"""A headless Chromium that reaches no other host: for the PDF, the tests and the bench."""

import os
import shutil

from playwright.sync_api import Error

from casebook.command import Problem

NAMES = ("chromium", "chromium-browser", "google-chrome")
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
    """Start CHROMIUM, the system’s or Playwright’s own, in this order.

    NoBrowser if there is none of them.
    """
    paths = map(shutil.which, (os.environ.get("CHROMIUM", ""), *NAMES))
    try:
        return playwright.chromium.launch(
            executable_path=next(filter(None, paths), None), args=SETTINGS
        )
    except Error as error:
        why = str(error).splitlines()[0]
        raise NoBrowser(f"no Chromium: install chromium or set CHROMIUM ({why})") from None
