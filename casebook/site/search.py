"""The search index beside the pages, by Pagefind: sections of chapters, rows of the register.

The stock search cannot find a Chinese word inside a sentence, and Pagefind's own splitting of
Chinese text looks a query up as one word where the index has two. So every Han character is a word
of its own here, and search.js asks for a run of them as a phrase: that finds exactly the places
where the run stands, and leaves English to Pagefind's stemming.
"""

import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from casebook.escape import fragment
from casebook.evidence import JOIN, MISSING
from casebook.words import joined, placed, say, tag

BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])(?=\S)|(?<=\S)(?=[\u4e00-\u9fff])")
# Quotation marks within Chinese are nothing, so that 最多跑一次改革 finds “最多跑一次”改革.
QUOTES = re.compile(
    r"(?<=[\u4e00-\u9fff])[“”‘’《》〈〉「」]+|[“”‘’《》〈〉「」]+(?=[\u4e00-\u9fff])"
)
SECTION_HEADING = re.compile(
    r'<section[^>]* id="([^"]+)"[^>]*>\s*(?:<span[^>]*></span>\s*)*<h([1-6])'
)
BREAK = " "  # search.js takes it out of an excerpt again
# What is no text of a page: anchors, code, controls; the register's rows, which are records of
# their own; and the table beside a chart, whose rows stand in the register.
LEFT_OUT = (
    ".headerlink,.cell_input,details.hide,.chart-tools,.chart-filters,.register-controls,"
    "table.register,script,nav,.chart-narrow"
)


def write_index(ev, out):
    """Index the pages under `out`, and every practice of `ev`, into `out`/pagefind.

    Raises CalledProcessError if that fails.
    """
    # The program by its command: its Python interface waits a tenth of a second for every row.
    command = [sys.executable, "-m", "pagefind", "--output-path", out / "pagefind"]
    command += ["--root-selector", "article", "--exclude-selectors", LEFT_OUT]
    command += ["--force-language", "en"]
    with tempfile.TemporaryDirectory() as site:
        for page in sorted((out / "chapters").glob("*.html")):
            # Pagefind looks for a section's id on its heading.
            text = SECTION_HEADING.sub(r'<section><h\2 id="\1"', page.read_text(encoding="utf-8"))
            _write_page(Path(site) / "chapters" / page.name, text)
        for row in ev.register().itertuples():
            path = Path(site) / "rows" / f"{fragment(row.practice)}.html"
            _write_page(path, record(row, ev.language))
        subprocess.run([*command, "--site", site], check=True, capture_output=True, text=True)


def _write_page(path, text):
    """Write a page for the index, with a break on both sides of every Han character."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(BETWEEN.sub(BREAK, QUOTES.sub("", text)), encoding="utf-8")


def record(row, language):
    """A practice as a page of its own, for the index alone.

    search.js leads from it to the row of the register. `language` is the article's.
    """
    # In the edition's language and as printed: once where that is the same.
    name, note = (getattr(row, f"{column}_{language}") for column in ("name", "note"))
    evidence = row.evidence.split(JOIN)
    words = [row.name, name, *evidence, row.kind_name, row.status_name, row.note, note]
    place = placed(row.province_name, row.type)
    title = say("{practice} – {jurisdiction}", practice=row.name, jurisdiction=place)
    text = joined(dict.fromkeys(word for word in words if word not in MISSING), "stop")
    article = f"<article><h1>{escape(title)}</h1><p>{escape(text)}</p></article>"
    return f"<html lang='{tag()}'>{article}</html>"
