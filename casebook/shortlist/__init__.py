"""The shortlist: practices that an official looks at first, for a step recommended to Jiangsu.

`candidates` are the practices, `lines` says what is known of each, `state` is what a reader
chooses, `ranking` computes the order, `markdown` makes a memo, `page` has the form and the rows,
`view` draws the choice for JupyterLab. In a browser shortlist.js, ranking.js and memo.js do the
same.
"""

from casebook.shortlist.markdown import memo
from casebook.shortlist.page import IN_LAB, SHOWN, data, tool
from casebook.shortlist.ranking import in_numbers, order
from casebook.shortlist.state import State
from casebook.shortlist.view import chart

__all__ = ["IN_LAB", "SHOWN", "State", "chart", "data", "in_numbers", "memo", "order", "tool"]
