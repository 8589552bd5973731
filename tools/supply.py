"""The packages that the book is made with: whether the pins are whole, and under which licences: `make licenses`.

requirements.in is the short list of those the project itself uses, with the bounds that have a reason; requirements.txt is
made from it by `make pins` and holds every package they need, each with one exact version and the hashes of its files.
What is wrong with either is said in a sentence: the tests refuse it.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LISTED, PINNED = ROOT / "requirements.in", ROOT / "requirements.txt"
ONLY_WHEELS = "--only-binary :all:"

# What a package may be under: permissive licences, and such whose copyleft ends at their own files.
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Artistic-1.0",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "PSF-2.0",
    "ZPL-2.1",
    "Zlib",
}
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
# Read from the licence file where the metadata say too little, or list what is not in the package as installed.
READ = {
    "axe-playwright-python": "MIT AND MPL-2.0",  # names none; the second is axe-core's, which it carries
    "docutils": "CC0-1.0 AND BSD-2-Clause AND BSD-3-Clause AND ZPL-2.1",  # public domain but for parts; its GPL part is not installed
    "text-unidecode": "Artistic-1.0 OR GPL-2.0-or-later",
}
# Packages of which something reaches a reader of the built book, and what.
PUBLISHED = {
    "accessible-pygments": "the colours of code",
    "myst-nb": "the style of cells",
    "noto-cjk-sans-otc": "the letters of the Chinese pictures; no font file",
    "pagefind-bin-extended": "the search's script and program",
    "pydata-sphinx-theme": "the theme's scripts and style; in them Bootstrap (MIT) and Font Awesome (MIT, CC-BY-4.0, OFL-1.1)",
    "pygments": "the colours of code",
    "sphinx": "its scripts and basic style",
    "sphinx-book-theme": "the theme's scripts and style",
    "sphinx-copybutton": "its script and style; in them clipboard.js (MIT)",
    "sphinx-design": "its script and style",
    "sphinx-thebe": "its script and style",
    "sphinx-togglebutton": "its script and style",
    "vl-convert-python": "Vega, Vega-Lite and vega-embed (BSD-3-Clause), the runtime of live charts",
}


def lines(path):
    """The logical lines of a requirements file: pairs of the number of its first line and its text without comment."""
    kept, begun = [], 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        begun = begun or number
        kept.append(re.sub(r"(^|\s)#.*", "", line).removesuffix("\\").strip())
        if not line.endswith("\\"):
            if text := " ".join(kept).strip():
                yield begun, text
            kept, begun = [], 0


def listed(path=LISTED):
    """The packages the project itself uses: a list of `Requirement`. ValueError names a line that is none."""
    return [asked(path, number, text) for number, text in lines(path) if text != ONLY_WHEELS]


def pinned(path=PINNED):
    """Every pinned package by its canonical name: a dict of `Requirement`, each with one exact version.

    ValueError names the line of what is no package with an exact version and hashes, or is pinned twice.
    """
    pins = {}
    for number, text in lines(path):
        if text == ONLY_WHEELS:
            continue
        what, *hashes = re.split(r"\s+--hash=", text)
        pin = asked(path, number, what)
        if not re.fullmatch(r"==[^*,]+", str(pin.specifier)):
            raise ValueError(f"{path.name}, line {number}: {what!r}: expected one exact version, {pin.name}==…; run make pins")
        if not hashes or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes):
            raise ValueError(f"{path.name}, line {number}: {what!r}: expected sha256 hashes of its files; run make pins")
        if pins.setdefault(canonicalize_name(pin.name), pin) is not pin:
            raise ValueError(
                f"{path.name}, line {number}: {what!r}: pinned twice; expected one version for every system and Python"
            )
    return pins


def asked(path, number, text):
    try:
        found = Requirement(text)
    except InvalidRequirement:
        found = None
    if found is None or found.url:
        raise ValueError(f"{path.name}, line {number}: {text!r}: expected a package by its name: no option, no path, no host")
    return found


def holds(requirement, extra=""):
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def needs(requirements):
    """All that `requirements` ask for on this machine, directly or through others, by the installed packages' own word:
    a dict from a package's canonical name to the (who asks, `Requirement`) pairs that ask for it."""
    found, seen = {}, set()
    pending = [("requirements.in", requirement, extra) for requirement in requirements for extra in ("", *requirement.extras)]
    while pending:
        who, requirement, extra = pending.pop()
        name = canonicalize_name(requirement.name)
        found.setdefault(name, []).append((who, requirement))
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            others = [Requirement(text) for text in metadata.requires(name) or []]
        except metadata.PackageNotFoundError:
            continue
        pending += [(name, other, one) for other in others if holds(other, extra) for one in ("", *other.extras)]
    return found


def problems(list_path=LISTED, pin_path=PINNED):
    """What is wrong with the two files, and where they and the installed packages disagree: a list of sentences."""
    try:
        direct, pins = listed(list_path), pinned(pin_path)
    except ValueError as error:
        return [str(error)]
    needed, told = needs(direct), []
    for name, pin in pins.items():
        version = str(pin.specifier).removeprefix("==")
        for who, requirement in needed.get(name, []):
            if not requirement.specifier.contains(version, prereleases=True):
                told.append(f"{who} asks for {requirement}, but {pin_path.name} pins {pin.name}=={version}: run make pins")
        if not holds(pin):
            continue
        if name not in needed:
            told.append(f"{pin_path.name} pins {pin.name}=={version}, but nothing needs it: run make pins")
        try:
            if metadata.version(name) != version:
                told.append(f"{pin_path.name} pins {pin.name}=={version}, but {metadata.version(name)} is installed: run make")
        except metadata.PackageNotFoundError:
            told.append(f"{pin_path.name} pins {pin.name}=={version}, but it is not installed: run make")
    for name, asking in needed.items():
        if name not in pins:
            told.append(f"{asking[0][0]} asks for {asking[0][1]}, but {pin_path.name} has no pin for it: run make pins")
    return sorted(set(told))


def licence(package):
    """A package's licence as an SPDX expression ("BSD" where it does not say which), from its `metadata.metadata`.

    What stands in no table here comes as the package writes it, or "not stated".
    """
    name = canonicalize_name(package["Name"])
    if stated := READ.get(name) or package.get("License-Expression"):
        return stated
    written = (package.get("License") or "").strip().split("\n")[0]
    named = [
        one.split(" :: ")[-1] for one in package.get_all("Classifier") or [] if one.startswith("License :: OSI Approved :: ")
    ]
    if written in SPELLED or not named:
        return SPELLED.get(written, written or "not stated")
    return " AND ".join(SPELLED.get(one, one) for one in named)


def allowed(expression):
    """Whether an SPDX expression of names, AND and OR leaves a choice where every licence is in `ALLOWED`. In brackets
    nothing is a choice: each licence named must be."""
    choices = [expression] if "(" in expression else expression.split(" OR ")
    return any(all(one.strip("() ") in ALLOWED for one in re.split(r" AND | OR ", choice)) for choice in choices)


def licences():
    """The pinned packages that are installed here: a list of (name, version, licence), by name."""
    here = [metadata.metadata(name) for name, pin in sorted(pinned().items()) if holds(pin)]
    return [(canonicalize_name(one["Name"]), one["Version"], licence(one)) for one in here]


def refused(rows):
    """Those `licences` that are not allowed, each a sentence."""
    return [
        f"{name} {version} is under {under!r}, which is not in tools/supply.py: read its licence file; "
        "if it is permissive, or its copyleft ends at its own files, enter it there, else take another package"
        for name, version, under in rows
        if not allowed(under)
    ]


def main():
    """Print the licences, then what is published with the book. The exit code: 0, or 1 with what is wrong on standard error."""
    wrong = problems()
    if not wrong:
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
