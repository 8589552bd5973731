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
    found = next(
        (
            path
            for name in (os.environ.get("CHROMIUM"), *NAMES)
            if name and (path := shutil.which(name))
        ),
        None,
    )
    try:
        return playwright.chromium.launch(executable_path=found, args=SETTINGS)
    except Error as error:
        raise NoBrowser(
            f"no Chromium: install chromium or set CHROMIUM ({str(error).splitlines()[0]})"
        ) from None
