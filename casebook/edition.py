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
        "municipality": "municipality",
        "province": "province",
        "national": "national",
        "target": "target",
    },
}


def label(key):
    """The label `key` (a key of `LABELS`) in the edition's language; KeyError if there is none."""
    return LABELS[LANGUAGE][key]
