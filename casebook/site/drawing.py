"""Draw a chart's specification, the same on every machine: SVG, PNG, and the script that draws it in a browser.

What draws and measures letters travels with packages: vl-convert carries Liberation Sans, noto-cjk-sans-otc Noto Sans CJK
(`theme.FONTS` names both). The machine's own fonts are left out, since a label that is measured in another font is of another width.
"""

import hashlib
import json
from importlib import metadata, resources
from pathlib import Path

from casebook.command import environment
from casebook.study import OUT, put

VL_VERSION = "6.4"
CACHE = OUT / "cache"
# What a drawing depends on, besides what is drawn.
TOOLS = "\n".join([VL_VERSION, *(f"{name} {metadata.version(name)}" for name in ("vl-convert-python", "noto-cjk-sans-otc"))])


# Who asks fontconfig's configuration meanwhile finds no fonts. On macOS and Windows nobody asks it; there the names of our fonts
# decide, which no such system has.
with environment(FONTCONFIG_FILE=str(Path(__file__).with_name("fonts.conf"))):
    import vl_convert

    vl_convert.register_font_directory(str(resources.files("noto_cjk_sans_otc")))  # reads the fonts, once for the process


def cached(ending, given, make):
    """Bytes that `make()` gives for what is `given` (text), made once and then taken from the cache."""
    key = hashlib.sha256("\n".join([TOOLS, given]).encode()).hexdigest()
    path = CACHE / f"{key}.{ending}"
    if not path.exists():
        put(path, make())
    return path.read_bytes()


def svg(spec):
    """A Vega-Lite specification (a dict) as Vega draws it: SVG text. Raises ValueError if it cannot be drawn."""
    given = json.dumps(spec, sort_keys=True)
    return cached("svg", given, lambda: vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION).encode("utf-8")).decode("utf-8")


def png(picture):
    """An SVG text as a PNG of twice its size in pixels: bytes."""
    return cached("png", picture, lambda: vl_convert.svg_to_png(picture, scale=2))


def runtime():
    """The script that draws specifications in a browser, as `window.casebookEmbed`: Vega, Vega-Lite and vega-embed, as bytes.

    In a function of its own: a classic script, which also runs from file://, and leaves no other names behind.
    """
    snippet = "window.casebookEmbed = vegaEmbed;"

    def make():
        return f"(function(){{{vl_convert.javascript_bundle(snippet, vl_version=VL_VERSION)}\n}})();\n".encode()

    return cached("js", snippet, make)
