"""Colours, sizes and fonts: what a chart in JupyterLab and a chart on a page have in common."""

from casebook.words import LANGUAGE

# Light values; book.css has a dark one for each, under a CSS variable (casebook.site.figure).
COLOURS = {
    # pioneers, by their place in provinces.csv (evidence.HUES); a name always stands beside it
    "place-1": "#12436d",
    "place-2": "#28a197",
    "place-3": "#801650",
    "place-4": "#f46a25",
    "place-5": "#a68a00",
    "place-6": "#2b8fd9",
    "place-7": "#e0408f",
    "place-8": "#7a4a1e",
    "national": "#5c5c5c",
    "ink": "#1f2328",
    "muted": "#57606a",
    "line": "#c8ccd0",
    "band": "#f3f4f6",
    "paper": "#ffffff",
}
TEXT = 13  # pixels; no label is smaller than 12
# Fonts by name. The first of a language draws and measures, and travels with a package
# (casebook.site.drawing). The others are its look-alikes, for JupyterLab and for programs that open
# a picture on a machine without it.
FONTS = {
    "en": ("Liberation Sans", "Arial", "Helvetica"),
    "zh": ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei"),
}
FONT = ", ".join([*(f'"{name}"' for name in FONTS.get(LANGUAGE, FONTS["en"])), "sans-serif"])
# Of a page's text, as book.css has them in --font: what a system has, calm beside Chinese.
LATIN = '"Source Sans 3", "Segoe UI", "Helvetica Neue", "Noto Sans", Arial, "Liberation Sans"'
HAN = '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC"'
ON_PAGE = ", ".join([*((HAN, LATIN) if LANGUAGE == "zh" else (LATIN, HAN)), "sans-serif"])
TEXTS = {
    "labelFontSize": TEXT,
    "titleFontSize": TEXT,
    "labelColor": COLOURS["ink"],
    "titleColor": COLOURS["muted"],
}
# Vega-Lite's configuration of every chart: sizes that stay readable, no colours but `COLOURS`.
CONFIG = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        **TEXTS,
        "labelLimit": 0,
        "domain": False,
        "ticks": False,
        "gridColor": COLOURS["line"],
        "titleFontWeight": "normal",
    },
    "legend": {**TEXTS, "symbolFillColor": COLOURS["muted"]},
    "text": {"fontSize": TEXT, "color": COLOURS["ink"]},
    "title": {
        "anchor": "start",
        "frame": "group",
        "color": COLOURS["ink"],
        "fontSize": 15,
        "subtitleColor": COLOURS["muted"],
        "subtitleFontSize": TEXT,
        "offset": 12,
    },
}
