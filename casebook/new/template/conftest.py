"""Replay each reference notebook in the edition of its folder: its kernel has this environment."""

import os

import pytest

from casebook.proof import accept


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    os.environ["CASEBOOK_LANGUAGE"] = accept.edition_of(item.path)
