"""Evidence full of attacks: texts that try to become markup, scripts or formulas."""

import itertools
import re

import pandas as pd

from casebook import evidence

ATTACKS = [  # without digits, which chapters look for in what the article prints
    "<img src=x onerror=window.hit=true>",
    '"><script>window.hit=true</script>',
    "</script><script>window.hit=true</script>",
    "' onmouseover='window.hit=true",
    "'\"&;",
    "=SUM(A:A)",
    "{{x*x}}",
    "${x*x}",
    "datum.x']",
    "\\'+(window.hit=true)+'\\",
    "one\u2028two\u2029three",
    "javascript:window.hit=true",
    "]]>--><![CDATA[",
    "&lt;b&gt; %s {} $& \\g<x>",
    '" id="x" fill="#abc" aria-label="x" xlink:href="url(#x)',
    "@SUM(A:A)",
]
# Elements that no page of the book has but by an attack, and handlers.
STRANGE = (
    "img[src=x], article script:not([type='application/json']), [onerror], [onmouseover], "
    "a[href^='javascript:' i]"
)


def spoil(folder):
    """Put an attack in front of every text of the tables in `folder`, and into its references.

    Ids and codes stay. The same text has the same attack.
    """
    attacks = itertools.cycle(ATTACKS)
    spoilt = {text: text for text in evidence.MISSING}
    for path in sorted(folder.glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in table:
            if column.endswith(("_en", "_zh")) or column in ("evidence", "keywords", "text"):
                table[column] = [
                    spoilt.setdefault(text, f"{next(attacks)} {text}") for text in table[column]
                ]
        table.to_csv(path, index=False, lineterminator="\n")
    path = folder / "references.bib"
    text = re.sub(
        r"(?m)^(  title(?:_zh)? = )\{\{", rf"\1{{{{{ATTACKS[0]} ", path.read_text(encoding="utf-8")
    )
    path.write_text(
        re.sub(r"(?m)^  url = \{.*\}", "  url = {javascript:window.hit=true}", text),
        encoding="utf-8",
    )
