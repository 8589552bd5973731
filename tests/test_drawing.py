"""A drawing is the same on every machine: the fonts that draw it travel with packages."""

import struct
import sys
from importlib import resources
from pathlib import Path

import pytest
from conftest import must

from casebook.proof import accept
from casebook.site import drawing

pytestmark = pytest.mark.machinery

# Every chart of the chapters given, drawn without a cache: prints one digest of all SVG and PNG.
DRAW = """
import hashlib, pathlib, sys, nbformat
from casebook.site import drawing, figure
from casebook.charts.renderer import MIME
drawing.CACHE, whole = pathlib.Path(sys.argv[1]), hashlib.sha256()
for path in sys.argv[2:]:
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.outputs:
            if MIME not in output.get("data", {}):
                continue
            svg = drawing.svg(figure.bare(output.data[MIME]))
            whole.update(svg.encode() + drawing.png(svg))
print(whole.hexdigest())
"""
FONTS = "/usr/share/fonts"
FAMILIES = {"liberation": "Liberation Sans", "noto": "Noto Sans CJK SC"}


def named(font, family):
    """The bytes of a TrueType font with another name (its table “name”, OpenType 1.9)."""
    strings = [(name, family.encode("utf-16-be")) for name in (1, 4)] + [
        (2, "Regular".encode("utf-16-be"))
    ]
    records, text = b"", b""
    for name, string in sorted(strings):
        records += struct.pack(">6H", 3, 1, 0x409, name, len(string), len(text))
        text += string
    table = struct.pack(">3H", 0, len(strings), 6 + len(records)) + records + text
    at = font.index(b"name", 12, 12 + 16 * struct.unpack(">H", font[4:6])[0])
    return font[: at + 8] + struct.pack(">2I", len(font), len(table)) + font[at + 16 :] + table


def test_a_picture_is_the_same_with_the_machines_fonts_without_any_and_with_others_so_named(
    mounted, tmp_path
):
    if not Path(FONTS).is_dir():
        must(f"no {FONTS}: this machine keeps its fonts elsewhere")
    empty, swapped = tmp_path / "empty", tmp_path / "swapped"
    empty.mkdir()
    swapped.mkdir()
    icons = resources.files("pydata_sphinx_theme").joinpath(
        "theme",
        "pydata_sphinx_theme",
        "static",
        "vendor",
        "fontawesome",
        "webfonts",
        "fa-solid-900.ttf",
    )
    for name, family in FAMILIES.items():
        (swapped / f"{name}.ttf").write_bytes(named(icons.read_bytes(), family))
    chapters = [
        accept.REFERENCES / folder / f"{name}.ipynb"
        for folder in ("", "zh")
        for name in ("index", "participation")
    ]
    digests = {}
    for fonts in (FONTS, empty, swapped):
        cache = tmp_path / f"cache of {Path(fonts).name}"
        bind = ["sh", "-c", 'mount --bind "$0" /usr/share/fonts && exec "$@"', fonts]
        done = mounted([*bind, sys.executable, "-c", DRAW, cache, *chapters])
        assert done.returncode == 0, done.stderr[-2000:]
        digests[Path(fonts).name] = done.stdout.strip()
    assert len(set(digests.values())) == 1, digests


def test_what_a_drawing_depends_on_is_in_the_name_that_it_is_kept_under(tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "CACHE", tmp_path)
    made = []

    def one(ending="svg", given="{}", tools=drawing.TOOLS):
        monkeypatch.setattr(drawing, "TOOLS", tools)
        return drawing.cached(ending, given, lambda: made.append(given) or b"drawn")

    one(), one()
    assert len(made) == 1, "taken from the cache"
    (
        one(given='{"mark": "bar"}'),
        one(tools=drawing.TOOLS.replace("vl-convert-python ", "vl-convert-python 9")),
        one("png"),
    )
    assert len(made) == 4, "another specification, another version of a tool, another form"
    assert all(
        name in drawing.TOOLS
        for name in ("vl-convert-python", "noto-cjk-sans-otc", drawing.VL_VERSION)
    )
