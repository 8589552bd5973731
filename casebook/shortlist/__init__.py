"""The shortlist: practices that an official looks at first, for a step recommended to Jiangsu.

`candidates` are the practices, `lines` says what is known of each, `state` is what a reader
chooses, `ranking` computes the order, `markdown` makes a memo, `page` has the form and the rows,
`view` draws the choice for JupyterLab. In a browser shortlist.js, ranking.js and memo.js do the
same, which wake.js asks for, in the order of SCRIPTS.
"""

from pathlib import Path

from casebook.shortlist.markdown import memo
from casebook.shortlist.page import IN_LAB, SHOWN, data, tool
from casebook.shortlist.ranking import in_numbers, order
from casebook.shortlist.state import State
from casebook.shortlist.view import chart

SCRIPTS = [
    Path(__file__).with_name("static") / name for name in ("ranking.js", "memo.js", "shortlist.js")
]
__all__ = [
    "IN_LAB",
    "SCRIPTS",
    "SHOWN",
    "State",
    "chart",
    "data",
    "in_numbers",
    "memo",
    "order",
    "tool",
]
