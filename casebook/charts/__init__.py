"""The chart grammar: one theme, fixed colours and order, one function for each reusable form.

Every form returns an Altair chart that carries, besides its marks, what a reader needs to judge it
(`frame.Frame`): a finding, what is counted, a caveat with the source, alt text made from its data,
a second drawing for narrow screens, and its rows as a table. `site/figure.py` turns that into a
page; JupyterLab shows the same object live. `finish` gives the same to a chart of Altair's own.

All forms take `finding` (a sentence) and `caveat` (a sentence on what the chart cannot show). Forms
that draw a mark for each practice say themselves what is counted. Rows link to the register through
their column `href`. What is shown is in the edition's language (casebook.words); data, filters and
colours go by codes.
"""

import altair as alt

from casebook.charts.between import verdicts, voices
from casebook.charts.matrices import evidence_map, precedents, unit_matrix
from casebook.charts.own import bars, finish
from casebook.charts.profiles import known, profiles, years

__all__ = [
    "bars",
    "evidence_map",
    "finish",
    "known",
    "precedents",
    "profiles",
    "unit_matrix",
    "verdicts",
    "voices",
    "years",
]

# What an import changes for a reader's own charts: how they travel to JupyterLab
# (casebook.charts.renderer), not how they look.
alt.renderers.enable("casebook")
alt.data_transformers.disable_max_rows()
