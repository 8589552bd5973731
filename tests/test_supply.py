"""The packages of the book: pinned whole, installed so, under licences we know, on our Pythons."""

import ast
import base64
import email
import hashlib
import re
import tomllib
from importlib import metadata

import pytest
import yaml
from conftest import ROOT
from packaging.utils import canonicalize_name

from tools import supply

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOW = (ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")


def test_the_pins_are_whole_and_installed():
    assert supply.pin_faults() == []


def test_every_package_that_the_code_imports_is_in_the_short_list():
    listed = {canonicalize_name(one.name) for one in supply.listed()}
    owners, used = (
        metadata.packages_distributions(),
        set(imported(ROOT / "casebook", ROOT / "tools", ROOT / "tests")) - {"casebook", "tools"},
    )
    missing = {
        name
        for name in used & owners.keys()
        if not {*map(canonicalize_name, owners[name])} & listed
    }
    assert missing == set() and len(used & owners.keys()) > 20


def imported(*folders):
    """The first names of all modules that the Python files of `folders` import."""
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (one.name.partition(".")[0] for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def test_an_upgrade_never_goes_back():
    """A resolver may meet a bound above with an old version that bounds nothing itself."""
    bounds = {one.name: {bound.operator for bound in one.specifier} for one in supply.listed()}
    assert [name for name, found in bounds.items() if "<" in found and ">=" not in found] == []


@pytest.mark.parametrize(
    ("suffix", "old", "new", "message"),
    [
        (
            "in",
            "pytest\n",
            "pytest<9\n",
            "requirements.in asks for pytest<9, but requirements.txt pins pytest==",
        ),
        (
            "in",
            "pytest\n",
            "pytest\nflask\n",
            "requirements.in asks for flask, but requirements.txt pins none",
        ),
        ("in", "hypothesis\n", "", "requirements.txt pins hypothesis=={}, but nothing asks for it"),
        ("in", "pytest\n", "pytest\n-e .\n", "'-e .': expected a package by its name"),
        ("in", "pytest\n", "py test\n", "requirements.in: Expected"),
        ("txt", "arrow=={}", "arrow==1.0", "you require arrow==1.0"),
        (
            "txt",
            "arrow=={}",
            "arrow>=1",
            "must have their versions pinned with `==`, but found: arrow>=1",
        ),
        (
            "txt",
            "arrow=={}",
            "arrow==1.*",
            "must have their versions pinned with `==`, but found: arrow==1.*",
        ),
        ("txt", "zipp=={}", "nbval==1.0", "you require nbval=="),
        ("txt", "arrow=={}", "arrjw==1.0", "arrjw was not found"),
        ("txt", "nbval=={}", "nbval @ file:///nbval.whl", "no path, no host"),
        (
            "txt",
            "--only-binary :all:",
            "--index-url https://example.org/simple",
            "no option, no path, no host",
        ),
        (
            "txt",
            "nbval=={} \\\n    --hash=sha256:",
            "nbval=={} \\\n    --hash=md5:",
            "expected a package by its name, with sha256",
        ),
        (
            "txt",
            "nbval=={} \\",
            "nbval=={}\nzipp==1.0 \\",
            "must have a hash, but none were provided for: nbval=={}",
        ),
        (
            "txt",
            "arrow=={}",
            "nothing==1.0 \\\n    --hash=sha256:0\narrow=={}",
            "pins nothing==1.0, but nothing asks for it",
        ),
        ("txt", "arrow=={} \\", "--only-binary :none: \\", "expected a package by its name"),
    ],
)
def test_a_fault_of_the_pins_is_named(tmp_path, suffix, old, new, message):
    package = re.match(r"\w+", old)
    version = metadata.version(package[0]) if package else ""
    for file in (supply.SHORT_LIST, supply.PINNED):
        text = file.read_text(encoding="utf-8")
        if file.suffix == f".{suffix}":
            assert old.replace("{}", version) in text
            text = text.replace(old.replace("{}", version), new.replace("{}", version))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    sentences = supply.pin_faults(tmp_path / supply.SHORT_LIST.name, tmp_path / supply.PINNED.name)
    assert any(message.replace("{}", version) in sentence for sentence in sentences), sentences


def test_a_package_that_others_need_and_nothing_pins_is_named(tmp_path):
    pins = tmp_path / "requirements.txt"
    pins.write_text(
        re.sub(r"^arrow==.*\n( .*\n)+", "", supply.PINNED.read_text(encoding="utf-8"), flags=re.M),
        encoding="utf-8",
    )
    assert supply.pin_faults(pin_path=pins) == [
        "arrow is installed, but requirements.txt has no pin for it: run make pins"
    ]


def test_no_host_and_no_folder_of_a_machine_is_in_the_pins():
    """Comments included: the tool that writes them likes to note the index it asked."""
    for file in (supply.SHORT_LIST, supply.PINNED):
        assert not re.search(
            r"://|(?:^|[\s=@])(?:/|~|\.\.?/)", file.read_text(encoding="utf-8"), re.M
        ), file.name


def test_every_package_is_under_a_licence_we_know():
    assert supply.refused(supply.licences()) == []


@pytest.mark.parametrize(
    "stated, under, known",
    [
        ("License-Expression: MIT OR GPL-3.0-only", "MIT OR GPL-3.0-only", True),
        ("License-Expression: MIT AND GPL-3.0-only", "MIT AND GPL-3.0-only", False),
        (
            "License-Expression: (MIT OR GPL-3.0-only) AND MIT",
            "(MIT OR GPL-3.0-only) AND MIT",
            False,
        ),
        ("License: Apache License, Version 2.0", "Apache-2.0", True),
        ("Classifier: License :: OSI Approved :: BSD License", "BSD", True),
        (
            "Classifier: License :: OSI Approved :: GNU Affero General Public License v3",
            "GNU Affero General Public License v3",
            False,
        ),
        ("License: Business Source License 1.1", "Business Source License 1.1", False),
        ("Summary: says nothing", "not stated", False),
    ],
)
def test_a_licence_we_do_not_know_is_named_with_its_package(stated, under, known):
    found = supply.licence(email.message_from_string(f"Name: some-package\n{stated}\n\n"))
    refused = supply.refused([("some-package", "1.0", found)])
    assert found == under and bool(refused) != known
    assert known or f"some-package 1.0 is under {under!r}" in refused[0]


def test_every_package_with_a_file_in_the_book_is_said_to_be_published_with_it(book):
    """A file of the book that is, byte for byte, a package’s own.

    No digest finds what a package writes itself: Vega, the search.
    """
    owners = {}
    for package in metadata.distributions():
        for file in package.files or []:
            if file.hash and file.size:
                owners.setdefault(file.hash.value, set()).add(canonicalize_name(package.name))
    found = set()
    for file in book.rglob("*"):
        if file.is_file():
            digest = (
                base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest())
                .decode()
                .rstrip("=")
            )
            found |= owners.get(digest, set())
    assert "sphinx-book-theme" in found and found <= set(supply.PUBLISHED), found - set(
        supply.PUBLISHED
    )
    assert set(supply.PUBLISHED) <= set(supply.pinned())


def test_the_readme_and_make_install_with_the_same_two_commands():
    recipe = re.search(
        r"^\.venv/\.ready: requirements.*\n((?:\t.*\n)+)",
        (ROOT / "Makefile").read_text(encoding="utf-8"),
        re.M,
    )[1]
    installs = [line.strip() for line in recipe.splitlines() if " install " in line]
    assert installs == [
        ".venv/bin/pip install --no-deps --require-hashes -r requirements.txt",
        ".venv/bin/pip install --no-deps --no-build-isolation -e .",
    ]
    assert "\n".join(installs) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_workflow_tests_every_python_the_package_names_and_publishes_the_book_once():
    named = [
        one.split(" :: ")[-1] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", one)
    ]
    check = yaml.safe_load(WORKFLOW)["jobs"]["check"]
    assert check["strategy"]["matrix"]["python"] == named
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert f"--python-version {named[0]} " in (ROOT / "Makefile").read_text(encoding="utf-8")
    upload = next(
        step for step in check["steps"] if "upload-pages-artifact" in step.get("uses", "")
    )
    assert upload["if"].startswith(f"matrix.python == '{named[0]}' && ")


def test_the_workflow_asks_for_advisories_each_week_and_by_hand():
    workflow = yaml.safe_load(WORKFLOW)
    assert {"schedule", "workflow_dispatch"} <= set(workflow[True])  # YAML reads the key `on` so
    audit = workflow["jobs"]["audit"]
    assert (
        audit["steps"][-1] == {"run": "make audit"}
        and "schedule" in audit["if"]
        and "push" not in audit["if"]
    )
