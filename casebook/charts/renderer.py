"""What a chart is in a notebook: the Altair renderer “casebook”, which `casebook.charts` turns on.

A mime bundle of the specification, which JupyterLab draws by itself, and of its description as
plain text. Nothing in it is random, so that nbval can compare it.
"""

import json

from casebook.charts.frame import frame_of

MIME = "application/vnd.vegalite.v5+json"  # the newest that JupyterLab 4 draws without an extension


def renderer(spec, **metadata):
    """The mime bundle of a specification: {mime type: content}.

    A chart without a frame stays as it is.
    """
    if frame_of(spec):
        spec = in_one_order(spec)
    return {MIME: spec, "text/plain": spec.get("description", "a chart without a description")}


def in_one_order(spec):
    """A specification with its keys sorted and without line separators.

    A notebook file sorts keys, and nbval compares text. Vega writes an order of rows as an
    expression, and a line separator within one would end it.
    """
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return json.loads(text.translate({0x2028: " ", 0x2029: " "}))
