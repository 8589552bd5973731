"""What a chart is in a notebook: the Altair renderer “casebook”, which `casebook.charts` turns on.

A mime bundle of the specification, which JupyterLab draws by itself, and of its description as plain text; nothing in it
is random, so that nbval can compare it. It imports nothing, since every kernel that draws a chart loads it.
"""

import json

MIME = "application/vnd.vegalite.v5+json"  # the newest that JupyterLab 4 draws without an extension


def renderer(spec, **metadata):
    """The mime bundle of a specification: {mime type: content}. A chart that no form of `casebook.charts` made passes as it is."""
    if "casebook" in spec.get("usermeta", {}):
        spec = compact(spec)
    return {MIME: spec, "text/plain": spec.get("description", "a chart without a description")}


def compact(spec):
    """A chart of this package with the data that both its forms draw kept once, keys in one order, and no line separators.

    A notebook file sorts keys, and nbval compares text. Vega writes an order of rows as an expression, and a line separator
    within one would end it.
    """
    frame = spec["usermeta"]["casebook"]
    narrow = dict(frame["narrow"])
    datasets = narrow.pop("datasets", {})
    narrow["datasets"] = {name: rows for name, rows in datasets.items() if spec["datasets"].get(name) != rows}
    spec = {**spec, "usermeta": {"casebook": {**frame, "narrow": narrow}}}
    return json.loads(json.dumps(spec, sort_keys=True, ensure_ascii=False).translate({0x2028: " ", 0x2029: " "}))
