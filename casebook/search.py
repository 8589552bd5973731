"""The search index beside the pages, by Pagefind: sections of chapters, and every row of the register on its own.

The stock search cannot find a Chinese word inside a sentence, and Pagefind's own splitting of Chinese text looks a query
up as one word where the index has two. So every Han character is a word of its own here, and search.js asks for a run of
them as a phrase: that finds exactly the places where the run stands, and leaves English to Pagefind's stemming.
"""

import asyncio
import re

from pagefind.index import IndexConfig, PagefindIndex

from casebook.edition import label
from casebook.evidence import MISSING

BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])(?=\S)|(?<=\S)(?=[\u4e00-\u9fff])")
SECTION = re.compile(r'<section[^>]* id="([^"]+)"[^>]*>\s*(?:<span[^>]*></span>\s*)*<h([1-6])')
BREAK = " "  # search.js takes it out of an excerpt again
# What is no text of a page: anchors, code, controls; the register's rows, which are records of their own; and the table
# beside a chart, whose rows stand in the register.
LEFT_OUT = (
    ".headerlink,.cell_input,details.hide,.chart-tools,.chart-filters,.register-controls,table.register,script,nav,.chart-narrow"
)


def split_han(text):
    """`text` with a break on both sides of every Han character."""
    return BETWEEN.sub(BREAK, text)


def headings(page):
    """A page's HTML with each section's id on its heading, where Pagefind looks for the places of a page."""
    return SECTION.sub(r'<section><h\2 id="\1"', page)


def write(ev, out):
    """Index the pages under `out`, and every practice of `ev`, into `out`/pagefind."""
    asyncio.run(_write(ev, out))


async def _write(ev, out):
    config = IndexConfig(
        root_selector="article.bd-article",
        exclude_selectors=LEFT_OUT.split(","),
        force_language="en",
        output_path=str(out / "pagefind"),
    )
    async with PagefindIndex(config=config) as index:
        for page in sorted((out / "chapters").glob("*.html")):
            await index.add_html_file(content=split_han(headings(page.read_text(encoding="utf-8"))), url=f"/chapters/{page.name}")
        for row in ev.register().itertuples():
            words = [row.name_en, row.name_zh, row.evidence, row.kind_name, row.status_name]
            words += [note for note in (row.note_en, row.note_zh) if note not in MISSING]
            await index.add_custom_record(
                url=f"/chapters/evidence.html#{row.practice}",
                content=split_han(". ".join(words)),
                language="en",
                meta={"title": f"{row.name} – {row.province_name} ({label(row.type)})"},
            )
