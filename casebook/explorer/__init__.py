"""The interactive last chapter: `ranking` computes an order of the steps from a reader's weights,
`chart` draws it, `page` has the form and the list. In a browser explorer.js and ranking.js do the
same."""

from casebook.explorer.chart import steps_in_order
from casebook.explorer.page import (
    EXPLORER_IN_LAB,
    FIGURE,
    SHOWN,
    controls,
    criteria,
    data,
    finding,
    names,
    ranked_list,
)

__all__ = ["EXPLORER_IN_LAB", "FIGURE", "SHOWN", "controls", "criteria", "data", "finding", "names"]
__all__ += ["ranked_list", "steps_in_order"]
