"""Draw a chart's specification, the same on every machine: SVG, PNG, and the script for a browser.

What draws and measures letters travels with packages: vl-convert carries Liberation Sans,
noto-cjk-sans-otc Noto Sans CJK (`theme.FONTS` names both). The machine's own fonts are left out,
since a label that is measured in another font is of another width.
"""

import hashlib
import json
from importlib import metadata, resources
from pathlib import Path
from xml.etree import ElementTree

from casebook.command import environment
from casebook.study import OUT, put

VL_VERSION = "6.4"
CACHE = OUT / "cache"
SVG = "http://www.w3.org/2000/svg"
# What a drawing depends on, besides what is drawn.
VERSIONS = [
    f"{name} {metadata.version(name)}" for name in ("vl-convert-python", "noto-cjk-sans-otc")
]
TOOLS = "\n".join([VL_VERSION, *VERSIONS])


# Who asks fontconfig's configuration meanwhile finds no fonts. On macOS and Windows nobody asks it;
# there the names of our fonts decide, which no such system has.
with environment(FONTCONFIG_FILE=str(Path(__file__).with_name("fonts.conf"))):
    import vl_convert

    fonts = resources.files("noto_cjk_sans_otc")
    vl_convert.register_font_directory(str(fonts))  # reads the fonts, once for the process


def cached(ending, given, make):
    """Bytes that `make()` gives for what is `given` (text), made once and then kept."""
    key = hashlib.sha256("\n".join([TOOLS, given]).encode()).hexdigest()
    path = CACHE / f"{key}.{ending}"
    if not path.exists():
        put(path, make())
    return path.read_bytes()


def svg(spec):
    """A Vega-Lite specification (a dict) as Vega draws it: SVG text. ValueError if it cannot."""

    def make():
        return vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION).encode("utf-8")

    return cached("svg", json.dumps(spec, sort_keys=True), make).decode("utf-8")


def tree(spec):
    """A Vega-Lite specification as the tree of its SVG, with the names of SVG's elements alone."""
    root = ElementTree.fromstring(svg(spec))
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    return root


def svg_text(root):
    """The text of such a tree, as a file and within a page."""
    root.attrib = {"xmlns": SVG, **root.attrib}
    return ElementTree.tostring(root, encoding="unicode")


def png(picture):
    """An SVG text as a PNG of twice its size in pixels: bytes."""
    return cached("png", picture, lambda: vl_convert.svg_to_png(picture, scale=2))


def runtime():
    """The script that draws specifications in a browser: Vega, Vega-Lite and vega-embed, as bytes.

    It defines `window.casebookEmbed` and, being one function, no other name. It is a classic
    script, which also runs from file://.
    """
    snippet = "window.casebookEmbed = vegaEmbed;"

    def make():
        bundle = vl_convert.javascript_bundle(snippet, vl_version=VL_VERSION)
        return f"(function(){{{bundle}\n}})();\n".encode()

    return cached("js", snippet, make)
