"""What a chapter's prose takes from the evidence: values, links to rows, checks, sources, figures.

JupyterLab shows the same forms, with jupyterlab-myst: `` {eval}`f.older` `` for a value, a
Markdown link for the rest.

- `[the civic whistle](evidence.md#bj-whistle)` leads to a row of the register.
- `[? not found](checks.md#check-12346)` is the verdict of a check, after its symbol.
- `[Lorenz et al. 2016](method.md#source-lorenz-2016)` is a reference of references.bib.
- `[Figure 2](#fig-voices)` is a figure of the page.
- `% claim: f.older > 1`, below a sentence, says what it stands on, and `# claim: f.older > 1` in a
  cell what the words of its chart or table stand on. A draft shows a lost one.

The words of a verdict, a reference and a figure must be those of today. A build stops where they
are not, and says which they are. The symbol of a verdict is drawn.
"""

import re
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from docutils.nodes import make_id
from markupsafe import Markup
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from casebook import addresses, chapters, tables
from casebook.site.figure import the_evidence
from casebook.words import LANGUAGE, SOURCE, label

LOGGER = logging.getLogger(__name__)


def eval_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """`` {eval}`f.older` ``: the value that the chapter's kernel gave when it was executed."""
    values = kept_with(text_of(Path(inliner.document["source"]).stem))["expressions"]
    return [nodes.Text(values[text])], []


@lru_cache(maxsize=2)
def kept_with(text):
    """What is kept with the outputs of a chapter's text: {"expressions": …, "claims": …}."""
    return chapters.kept_of(text).metadata


def words_of(markup):
    """The words of an HTML fragment, with single blanks."""
    return " ".join(Markup(markup).striptags().split())


def cited(ev, page, target, words):
    """A citation as (HTML, the words that it must have; None if any will do).

    A verdict has its symbol before its words. KeyError if there is no such row, or if its place is
    another page.
    """
    if page == "evidence":
        ev.practice_names[target]
        link = Markup('<a class="row-link" href="{}">{}</a>')
        # Sphinx makes apostrophes round in text, and not in HTML.
        return link.format(addresses.of_row(target), words.replace("'", "’")), None
    if page == "method":
        markup = tables.source_short(ev, target.removeprefix("source-"))
        return markup, words_of(markup)
    count = re.search(r"×(\d+)$", words)
    markup = tables.check_badge(ev, target, int(count[1]) if count else 1)
    verdict = ev.source_checks.set_index("check").verdict[target]
    return markup, f"{ev.symbol('verdict', verdict)} {words_of(markup)}"


def text_of(page):
    """The text of a page of this process's book; none if there is no such page."""
    path = chapters.folder(LANGUAGE) / f"{page}.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


class Citations(SphinxTransform):
    """Links to rows, checks and sources become what they are on a page."""

    default_priority = 100

    def apply(self, **_):
        ev = the_evidence()
        for link in list(self.document.findall(addnodes.pending_xref)):
            path, _, fragment = str(link.get("reftarget", "")).partition("#")
            page = path.rpartition("/")[2].removesuffix(".md")
            target = link.get("reftargetid") or fragment
            if not target or target.startswith("cell-"):
                continue
            if f"({target})=" in text_of(page):  # a label, which MyST knows only by its name
                link["refdomain"], link["reftype"], link["reftarget"] = "std", "ref", target
                continue
            if page not in ("evidence", "checks", "method"):
                continue
            words = link.astext()
            try:
                markup, expected = cited(ev, page, target, words)
            except KeyError:
                if page == "evidence" or target.startswith(("check-", "source-")):
                    what = "no row of the evidence or of references.bib"
                    self.warn(link, f"{what} has the id {target!r} on the page {page!r}")
                continue
            if expected not in (None, words):
                self.warn(link, f"“{words}” is said of {target}, which is “{expected}” today")
            badge = nodes.raw("", markup, format="html")
            if page == "checks":
                badge = kept_together(link, markup)
            link.replace_self(badge)

    def warn(self, node, message):
        LOGGER.warning(message, location=node, type="casebook", subtype="citation")


def kept_together(link, markup):
    """The badge of a verdict (HTML) in the place of `link`, on one line with what it closes.

    The blank before it breaks no line; without one, as in Chinese, a word joiner stands there. A
    badge right after one of the same verdict is the symbol alone, its word for screen readers.
    """
    place = link.parent.index(link)
    beside = link.parent[:place]
    if beside and isinstance(beside[-1], nodes.Text):
        text = beside[-1].astext()
        joint = "\u00a0" if text[-1:].isspace() else "\u2060"
        link.parent[place - 1] = nodes.Text(text.rstrip() + joint)
        beside = beside[: -1 if not text.strip() else None]
    elif beside:
        link.parent.insert(place, nodes.Text("\u2060"))
    same = VERDICT.search(beside[-1].astext()) if beside else None
    if same and same[0] == VERDICT.search(markup)[0]:
        hidden = r'</svg><span class="visually-hidden">\1</span></a>'
        markup = re.sub(r"</svg>(.*)</a>", hidden, str(markup))
    return nodes.raw("", markup.strip(), format="html")


VERDICT = re.compile(r'class="verdict [^"]*"')


class Claims(SphinxTransform):
    """A draft has a note below what stands on a lost claim: a sentence, a chart or a table."""

    default_priority = 100

    def apply(self, **_):
        if not (text := text_of(self.env.docname.rpartition("/")[2])):
            return
        holds = kept_with(text)["claims"]

        def notes(claims):
            lost = [label("lost_ground", claim=one) for one in claims if holds.get(one) is False]
            return [nodes.paragraph("", words, classes=["lost-ground"]) for words in lost]

        # Neighbouring lines are one comment.
        for comment in list(self.document.findall(nodes.comment)):
            lines = comment.astext().splitlines()
            if lost := notes(line.strip().removeprefix("claim: ") for line in lines):
                comment.replace_self(lost)
        for container in self.document.findall(nodes.container):
            if "cell_index" in container:
                container += notes(chapters.cells_of(text)[container["cell_index"]].claims)


class FigureNumbers(SphinxPostTransform):
    """An author types a figure's number, so that JupyterLab shows it. Here it is compared."""

    default_priority = 20

    def run(self, **_):
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get("figure", {})
        for link in self.document.findall(nodes.reference):
            target = link.get("refid") or ""
            if target in numbers and re.search(r"\d", link.astext()):
                expected = label("figure_n", number=".".join(map(str, numbers[target])))
                if link.astext() != expected:
                    message = f"“{link.astext()}” is said of {target}, which is “{expected}” today"
                    LOGGER.warning(message, location=link, type="casebook", subtype="citation")


class Anchors(SphinxTransform):
    """A section has the anchor of the same section of the English page, whatever its heading."""

    default_priority = 300

    def apply(self, **_):
        chapter = chapters.CHAPTERS / f"{self.env.docname.rpartition('/')[2]}.md"
        if LANGUAGE == SOURCE or not chapter.exists():
            return
        headings = chapters.headings(chapter.read_text(encoding="utf-8"))
        for section, heading in zip(self.document.findall(nodes.section), headings, strict=False):
            anchor = make_id(heading)
            named = [one for one in section["ids"] if not re.fullmatch(r"id\d+", one)]
            section["ids"] = [anchor, *(one for one in named if one != anchor)]
            self.document.ids[anchor] = section
