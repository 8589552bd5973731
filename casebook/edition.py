"""Which language the book is built in, and the few labels that charts and tables need.

Names, notes and reasons come from the `_en` and `_zh` columns of `data/`; prose comes from the chapters.
Only words that belong to no row stand here.
"""

import os

LANGUAGE = os.environ.get("CASEBOOK_LANGUAGE", "en")

LABELS = {
    "en": {
        "not_mentioned": "not mentioned",
        "not_checked": "not checked",
        "reading": "this book’s reading",
        "source": "Source: Qiu Yuting, Jiangnan Forum, 20 August 2020, as coded in data/.",
        "sources": "Sources: the article (Qiu Yuting, Jiangnan Forum, 20 August 2020) as coded in data/, and the public sources listed in Method.",
        "none": "none",
        "not_looked_up": "not looked up",
        "counted": "Practices the article names",
        # headings of the table that stands beside each chart
        "subsection": "Sub-section",
        "jurisdiction": "Jurisdiction",
        "type": "Type",
        "practice": "Practice",
        "named": "Practices named",
        "status": "Status",
        "date": "Date",
        "checked": "Checked",
        "level": "Level",
        "actor": "Actor",
        "code": "This book’s reading",
        "in_article": "In the article",
        "in_source": "In a public source",
        "first_list": "Member",
        "second_list": "Joined with",
        "line": "Line",
        "reason": "Reason",
        "no_line": "no line",
        "full": "full",
        "dashed": "dashed",
        "character": "Character",
        "claim": "Claim of the article",
        "verdict": "Verdict",
        "given_by": "Given by",
        "value": "Value",
        "direction": "Direction",
        "measure": "Step",
        "recommendation": "Section",
        "precedent": "Precedent",
        "relation": "Relation",
        # the frame around a chart
        "table": "Table",
        "download": "Download",
        "link": "Link",
        "link_said": "Link copied",
        "cite": "Cite",
        "address": "Address",
        "csv": "the drawn rows (CSV)",
        "svg": "the picture (SVG)",
        "png": "the picture (PNG, double size)",
        "json": "the specification (Vega-Lite JSON)",
        "filter_all": "all",
        "rows_shown": "{0} of {1} rows shown",
        "practices_shown": "{0} of {1} practices shown",
        "none_shown": "No practice fits. Clear a filter to see more.",
        "cite_text": "Social governance in four jurisdictions, and what Jiangsu can learn, version {version}, {name}: “{finding}”. "
        "Coding under CC BY 4.0. What it codes: Qiu Yuting, Jiangnan Forum, 20 August 2020.",
        "municipality": "municipality",
        "province": "province",
        "national": "national",
        "target": "target",
    },
}


def label(key):
    """The label `key` (a key of `LABELS`) in the edition's language; KeyError if there is none."""
    return LABELS[LANGUAGE][key]
