"""The packages of the book: whether the pins are whole, and their licences: `make licenses`.

requirements.in lists those that the project itself uses, with the bounds that have a reason.
requirements.txt is made from it by `make pins`: every package that they need, each with one exact
version and the hashes of its files.
"""

import re
import subprocess
import sys
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from casebook.study import ROOT

SHORT_LIST, PINNED = ROOT / "requirements.in", ROOT / "requirements.txt"
ONLY_WHEELS = "--only-binary :all:"
# A host, a path, an option, another kind of hash: nothing of it belongs into either file.
FOREIGN = re.compile(r"://|(?:^|[\s=@])(?:/|~|\.\.?/)|^-(?!-only-binary :all:$)|--hash=(?!sha256:)")
EXPECTED = "expected a package by its name, with sha256 hashes: no option, no path, no host"

# What a package may be under: permissive licences, and such whose copyleft ends at their own files.
ALLOWED = """0BSD Apache-2.0 Artistic-1.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0
MPL-2.0 OFL-1.1 PSF-2.0 ZPL-2.1 Zlib"""
ALLOWED = {*ALLOWED.split()}
# How packages without an SPDX expression write theirs, in the field License or as a classifier.
SPELLED = {
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
} | {name: name for name in ALLOWED}
# Read from the licence file where the metadata say too little, or list what is not installed.
READ_BY_HAND = {
    # names none; the second is axe-core's, which it carries
    "axe-playwright-python": "MIT AND MPL-2.0",
    # public domain but for parts; its GPL part is not installed
    "docutils": "CC0-1.0 AND BSD-2-Clause AND BSD-3-Clause AND ZPL-2.1",
    "text-unidecode": "Artistic-1.0 OR GPL-2.0-or-later",
}
# Packages of which something reaches a reader of the built book, and what.
PUBLISHED = {
    "accessible-pygments": "the colours of code",
    "myst-nb": "the style of cells",
    "noto-cjk-sans-otc": "the letters of the Chinese pictures; no font file",
    "pagefind-bin-extended": "the search's script and program",
    "pydata-sphinx-theme": "the theme's scripts and style; "
    "in them Bootstrap (MIT) and Font Awesome (MIT, CC-BY-4.0, OFL-1.1)",
    "pygments": "the colours of code",
    "sphinx": "its scripts and basic style",
    "sphinx-book-theme": "the theme's scripts and style",
    "sphinx-copybutton": "its script and style; in them clipboard.js (MIT)",
    "sphinx-design": "its script and style",
    "sphinx-thebe": "its script and style",
    "sphinx-togglebutton": "its script and style",
    "vl-convert-python": "Vega, Vega-Lite, vega-embed (BSD-3-Clause): the runtime of live charts",
}


def listed(path=SHORT_LIST):
    """The packages that the project itself uses: a list of `Requirement`.

    ValueError names a line that is none.
    """
    text = re.sub(r" *#.*", "", path.read_text(encoding="utf-8"))
    try:
        return [Requirement(line) for line in text.split("\n") if line not in ("", ONLY_WHEELS)]
    except InvalidRequirement as error:
        raise ValueError(f"{path.name}: {error}") from None


def pinned(path=PINNED):
    """Each pin as {canonical name: (`Requirement`, the text that uv notes under it)}."""
    text = path.read_text(encoding="utf-8")
    entries = re.findall(r"^([\w.-]+==[^\\\n]*)(.*\n(?: .*\n)*)", text, re.M)
    pins = [(Requirement(pin), note) for pin, note in entries]
    return {canonicalize_name(pin.name): (pin, note) for pin, note in pins}


def uv_pip(*arguments):
    """What `uv pip` says of this environment: (exit code, text). It changes nothing."""
    command = [find_uv_bin(), "pip", *arguments, "--python", sys.executable, "--no-config"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stderr


def not_as_pinned(path):
    """Where the installed packages are not the pins, by uv: a list of sentences.

    uv refuses a pin without an exact version or without hashes.
    """
    failed, text = uv_pip("sync", "--dry-run", "--require-hashes", "--no-index", "--no-cache", path)
    if failed:
        return [f"{path.name}: {' '.join(text.split())}: run make pins, then make"]
    needed = {
        canonicalize_name(Requirement(requirement).name)
        for package in metadata.distributions()
        for requirement in package.requires or ()
    }
    lacking = [
        f"{name} is installed, but {path.name} has no pin for it: run make pins"
        for name in re.findall(r"^ - ([\w.-]+)==", text, re.M)
        if name in needed
    ]
    failed, text = uv_pip("check")
    return lacking + [f"{' '.join(text.split())}: run make pins"] * failed


def pin_faults(list_path=SHORT_LIST, pin_path=PINNED):
    """What is wrong with the two files, or with what is installed: a list of sentences."""
    sentences = [
        f"{path.name}, line {number}: {line.strip()!r}: {EXPECTED}"
        for path in (list_path, pin_path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if FOREIGN.search(line)
    ]
    if sentences:
        return sentences
    try:
        direct, pins = listed(list_path), pinned(pin_path)
    except ValueError as error:
        return [str(error)]
    asked, by_list = {canonicalize_name(one.name): one for one in direct}, f"-r {SHORT_LIST.name}"
    for name, requirement in asked.items():
        pin, note = pins.get(name, ("none", ""))
        if by_list not in note or str(pin.specifier)[2:] not in requirement.specifier:
            sentences.append(
                f"{list_path.name} asks for {requirement}, "
                f"but {pin_path.name} pins {pin}: run make pins"
            )
    sentences += [
        f"{pin_path.name} pins {pin}, but nothing asks for it: run make pins"
        for name, (pin, note) in pins.items()
        if "# via" not in note or (by_list in note and name not in asked)
    ]
    return sentences + not_as_pinned(pin_path)


def licence(package):
    """A package’s licence as an SPDX expression, from its `metadata.metadata`.

    “BSD” where it does not say which; what no table here knows as the package writes it, or “not
    stated”.
    """
    name = canonicalize_name(package["Name"])
    if stated := READ_BY_HAND.get(name) or package.get("License-Expression"):
        return stated
    written = (package.get("License") or "").strip().split("\n")[0]
    named = [
        one.split(" :: ")[-1]
        for one in package.get_all("Classifier") or []
        if one.startswith("License :: OSI Approved :: ")
    ]
    if written in SPELLED or not named:
        return SPELLED.get(written, written or "not stated")
    return " AND ".join(SPELLED.get(one, one) for one in named)


def allowed(expression):
    """Whether an SPDX expression leaves a choice where every licence is in `ALLOWED`.

    In brackets nothing is a choice: each licence named must be allowed.
    """
    choices = [expression] if "(" in expression else expression.split(" OR ")
    return any(
        all(one.strip("() ") in ALLOWED for one in re.split(r" AND | OR ", choice))
        for choice in choices
    )


def licences():
    """The pinned packages that are installed here: a list of (name, version, licence), by name."""
    here = [
        metadata.metadata(name)
        for name, (pin, _) in sorted(pinned().items())
        if pin.marker is None or pin.marker.evaluate()  # it counts on this machine and Python
    ]
    return [(canonicalize_name(one["Name"]), one["Version"], licence(one)) for one in here]


def refused(rows):
    """Those `licences` that are not allowed, each a sentence."""
    return [
        f"{name} {version} is under {under!r}, which is not in tools/supply.py: read its licence "
        "file; if it is permissive, or its copyleft ends at its own files, enter it there, else "
        "take another package"
        for name, version, under in rows
        if not allowed(under)
    ]


def main():
    """Print what is published with the book, then all licences.

    Returns the exit code: 0, or 1 with what is wrong on standard error.
    """
    if not (wrong := pin_faults()):
        rows = licences()
        print("Published with the book, in whole or part:\n")
        for name, version, under in rows:
            if name in PUBLISHED:
                print(f"{name:30} {version:16} {under}\n{'':30} {PUBLISHED[name]}")
        print("\nInstalled to make it, as requirements.txt pins them:\n")
        for name, version, under in rows:
            print(f"{name:30} {version:16} {under}")
        wrong = refused(rows)
    for one in wrong:
        print(one, file=sys.stderr)
    return 1 if wrong else 0
