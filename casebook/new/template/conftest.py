"""nbval starts a notebook's kernel in this process's environment: the edition is that of the notebook's folder."""

import os

import pytest

from casebook.proof import accept


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    os.environ["CASEBOOK_LANGUAGE"] = accept.edition_of(item.path)
