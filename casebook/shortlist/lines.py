"""What is said of a practice, line by line: on the page under its row, and in a memo.

`markdown` makes a memo of these lines; on the page memo.js does, of the same lines in the rows.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from casebook import addresses
from casebook.evidence import JOIN, NOT_MENTIONED
from casebook.evidence.rules import KINDS_OF_SOURCES
from casebook.shortlist.candidates import addressee, candidates, coded_blind, links
from casebook.tables import cells
from casebook.tables.cells import cell_markup, translated
from casebook.tables.sources import reference_part
from casebook.words import (
    joined,
    label,
    month,
    placed,
    say,
    when,
)

FEW = 3  # practices of which a memo tells more
# What a memo names of a practice: sources, later facts, checks, facts of the addressee for a step.
SOURCES, LATER, CHECKS, FACTS = 3, 2, 2, 2
# Quotation marks are nothing within a word that is looked for, other marks a blank.
QUOTES = re.compile("[“”‘’《》〈〉「」\"']")
OTHER_MARKS = re.compile(r"[^\w]+")
HOST = re.compile(r" ?[(（][\w.-]+\.[a-z]{2,}[)）]")  # the name of a site, beside its owner’s


@dataclass(frozen=True)
class Link:
    """A piece of a line that leads somewhere: its text, and an address."""

    text: str
    href: str


@dataclass(frozen=True)
class Item:
    """One thing that a line says.

    pieces: texts and links. more: pieces after them, for which a memo has less room.
    anchor: its id on the page, or empty. step: the step that it belongs to, or empty.
    memo, pieces_memo, more_memo: which memos have all of it, its pieces, and the rest: "all", those
    of "few" practices or of "many", or none, where it stands in the row alone.
    """

    pieces: list
    more: tuple = ()
    anchor: str = ""
    step: str = ""
    memo: str = "all"
    pieces_memo: str = "all"
    more_memo: str = ""

    def parts(self, memos):
        """Its pieces in one of the `memos` named."""
        own = self.pieces if self.pieces_memo in memos else []
        return [*own, *(self.more if self.more_memo in memos else ())]


@dataclass(frozen=True)
class Line:
    """What is said under one head: its items.

    once: of its items a memo says those that hold for all practices once, at the end. sentences:
    they follow each other as such, not as a list. sought: words are looked for in it; what Jiangsu
    had is no word of a practice.
    """

    head: str
    items: list
    once: bool = False
    sentences: bool = False
    sought: bool = True


# ---- what is said


def plain(text):
    """A text as it is looked for: in one width and case, without marks."""
    text = QUOTES.sub("", unicodedata.normalize("NFKC", text)).lower()
    return OTHER_MARKS.sub(" ", text).strip()


@lru_cache(maxsize=2)  # of one evidence many states are asked
def texts(ev):
    """All that stands in the row of each practice, to be looked for: {practice: text}."""
    every = links(ev)
    found = {}
    for row in candidates(ev).itertuples():
        said = of_practice(ev, row, every[every.practice == row.practice])
        markup = Markup("").join(in_html(line) for line in said if line.sought)
        printed = getattr(row, f"name_{ev.language}")
        head = f"{row.name} {placed(row.province_name, row.type)} {printed}"
        found[row.practice] = plain(f"{head} {markup.striptags()}")
    return found


def of_practice(ev, row, links):
    """The lines of a practice: a row of `candidates`, with its rows of `links`."""
    made = [
        Line(say("What it is"), [what_it_is(row)]),
        Line(say("Seen in"), documents(ev, row), sought=False),
        Line(say("Precedent of"), [of_step(link) for link in links.itertuples()], once=True),
        Line(say("What is told of it"), known(ev, row)),
        Line(say("What the checks found"), checks(ev, row)),
        Line(say("What became of it"), later(ev, row)),
        Line(say("First seen in"), origins(ev, row)),
        Line(
            say(
                "What {place} had by {month}",
                place=addressee(ev)["place"],
                month=month(ev.published),
            ),
            had(ev, links),
            once=True,
            sought=False,
        ),
        Line(say("Ask"), questions(ev, row, links), once=True, sentences=True, sought=False),
    ]
    return [line for line in made if line.items]


def what_it_is(row):
    """Kind, status and first year, and where it stands: in the article, and in this book."""
    kind = say(
        "{kind}; {status}; {since}", kind=row.kind_name, status=row.status_name, since=since(row)
    )
    where = say("the article, section {section}", section=row.section)
    own = Link(say("this book: {id}", id=row.practice), row.href)
    return Item([kind, say(" ("), where, label("semicolon"), own, say(")")])


def since(row):
    """When a practice is dated, and by whom, or that no date was seen."""
    return cells.since(row) or say("no date seen")


def reference(ev, key):
    """A source as pieces: its title, as a link where it has an address, by whom and when."""
    source = ev.sources[key]
    title = reference_part(source, "title")
    about = Markup(label("semicolon")).join([whose(source), label(f"source_{source['kind']}")])
    return [
        Link(title, source["url"]) if "url" in source else title,
        Markup(say(" ({about})")).format(about=about),
    ]


def whose(source):
    """Who published a source, and when: Markup, marked where it is English in another edition."""
    owner = {**source, "who": HOST.sub("", source["who"])}
    who, date = reference_part(owner, "who"), reference_part(owner, "date")
    both = Markup(say("{reference}, {more}"))
    return both.format(reference=who, more=date) if who and date else who or date


def by(source, href=""):
    """Who published a source, and when, in brackets: pieces, a link where there is an address."""
    href = href or source.get("url")
    return [say(" ("), Link(whose(source), href) if href else whose(source), say(")")]


def documents(ev, row):
    """The sources that saw a practice, an official one first; or whether any was looked for."""
    found = ev.checks_of(practice=row.practice)
    found = found[found.verdict != "not found"]
    if found.empty:
        not_found = row.source == "not_found"
        text = (
            say("no public source: looked up and not found")
            if not_found
            else say("not looked up in public sources")
        )
        return [Item([text])]
    keys = sorted(set(found.source), key=lambda key: _place_of_source(ev, found, key))
    memos = ["all", *["few"] * (SOURCES - 1)]
    return [
        Item(reference(ev, key), memo=memos[at] if at < SOURCES else "")
        for at, key in enumerate(keys)
    ]


def _place_of_source(ev, found, key):
    return KINDS_OF_SOURCES.index(ev.sources[key]["kind"]), list(found.source).index(key)


def of_step(link):
    """A step that a practice is a precedent of, how closely, and which codings see it."""
    seen = sum(code is not None for code in link.codings)
    text = say("{step}: {relation}", step=link.measure_name, relation=link.relation_name)
    if seen < len(link.codings):
        counts = {"agreed": seen, "of": len(link.codings)}
        text = say("{link} (in {agreed} of {of} blind codings)", link=text, **counts)
    return Item([text], (link.reason,), step=link.measure)


def told(ev, practice):
    """What article and sources tell of a practice: {(question, level): [text, …]}, and who says so.

    A benefit that the article asserts is an effect that is asserted. Who says so is a list of
    pieces for each pair.
    """
    texts, who = {}, {}
    for benefit in ev.benefits.itertuples():
        if practice in benefit.practices.split(JOIN):
            texts.setdefault(("effect", "asserted"), []).append(benefit.name)
    checks = ev.source_checks.set_index("check").source
    for row in ev.knowledge[ev.knowledge.practice == practice].itertuples():
        texts.setdefault((row.question, row.known), []).append(row.reason.rstrip(".。"))
        if row.known == "figure":
            source = ev.sources[checks[row.check]]
            who[row.question, row.known] = by(source, addresses.of_check(row.check))
    for pair in texts.keys() - who.keys():
        asserted = pair[1] == "asserted"
        who[pair] = [say(" (the article asserts)") if asserted else say(" (the article)")]
    return texts, who


def known(ev, row):
    """What is known of a practice under each question, and on which it is silent."""
    (texts, who), items, silent = told(ev, row.practice), [], []
    for question, name in names_of(ev, "question"):
        anchor, head = anchor_of(row.practice, question), say("{question}: ", question=name)
        pairs = [(question, level) for level, _ in reversed(names_of(ev, "known"))]
        for pair in (pair for pair in pairs if pair in texts):
            items.append(Item([head, joined(texts[pair]), *who[pair]], anchor=anchor))
            anchor = ""
        if anchor:
            silent.append(name)
    if silent:
        text = say("silent: {questions}", questions=joined(silent))
        memo = "few" if items else "all"
        items.append(Item([text], anchor=anchor_of(row.practice, "silent"), memo=memo))
    return items


def anchor_of(practice, question):
    """The id of what is known of a practice under a question, to which a mark leads."""
    return f"why-{practice}-{question}"


def later(ev, row):
    """What became of a practice after the article, as far as a source was seen."""
    rows = ev.later[ev.later.practice == row.practice]
    if rows.empty and row.source == "not_looked_up":
        return [Item([say("not looked up in public sources")])]
    if rows.empty:
        return [Item([say("no later source was seen")])]
    return [
        Item([_dated(r), *by(ev.sources[r.source])], memo="all" if at < LATER else "few")
        for at, r in enumerate(rows.itertuples())
    ]


def _dated(row):
    """A fact with its date, unless it says the year itself."""
    fact = row.fact.rstrip(".。")
    if row.date[:4] in fact:
        return fact
    return say("{when}: {fact}", when=when(row.date), fact=fact)


def origins(ev, row):
    """Where sources see the first trial of a practice."""
    rows = ev.origins[ev.origins.practice == row.practice]
    return [
        Item(
            [
                say("{place}, {when}", place=r.place, when=when(translated(r.date)))
                if r.date != NOT_MENTIONED
                else r.place
            ],
            more=(r.note,),
        )
        for r in rows.itertuples()
    ]


def had(ev, links):
    """What sources show that the addressee had for the same steps."""
    rows = links[["measure"]].merge(ev.baseline, on="measure")
    rows = rows.assign(place=rows.groupby("measure").cumcount())
    return [
        Item(
            [say("{fact} ({when})", fact=r.name, when=when(r.date))],
            (r.fact.rstrip(".。"), *by(ev.sources[r.source])),
            step=r.measure,
            memo="all" if r.place < FACTS else "",
            pieces_memo="many",
            more_memo="few",
        )
        for r in rows.itertuples()
    ]


# Labels of what to ask: where little is known under a question of the codebook, and otherwise.
KNOWN = ("effect", "mechanism", "moderators", "implementation", "economics")
EVERY_QUESTION = (*KNOWN, "type", "planned", "later", "source", "contested")


def every_question(ev):
    """All that can be asked of a practice, in words."""
    other = [kind for kind in ev.pioneers().type.unique() if kind != ev.target().type]
    cannot_be = {"type": not other, "contested": not coded_blind(ev)}
    return [
        _question(ev, question, joined(map(label, other)))
        for question in EVERY_QUESTION
        if not cannot_be.get(question)
    ]


def _question(ev, question, kind):
    """A question in words; `kind` is of which type the places of the practice are."""
    return label(f"need_{question}", type=kind, place=ev.target()["name"])


def questions(ev, row, links):
    """The questions to ask of a practice before a lesson is drawn from it.

    What article and sources describe needs no question, nor an effect that a source measures. What
    it costs is always asked: no source tells who pays.
    """
    described = {question for question, level in told(ev, row.practice)[0] if level == "described"}
    measured = {question for question, level in told(ev, row.practice)[0] if level == "figure"}
    settled = described | (measured & {"effect"})
    asked = [question for question in KNOWN if question not in settled or question == "economics"]
    if row.alike == "other":
        asked.append("type")
    if row.status in ("planned", "draft"):
        asked.append("planned")
    elif not (ev.later.practice == row.practice).any():
        asked.append("later")
    if row.source != "seen":
        asked.append("source")
    if any(None in codings for codings in links.codings):
        asked.append("contested")
    return [Item([_question(ev, question, label(row.type))]) for question in asked]


def checks(ev, row):
    """What each check of a practice found, with its source and, in the row, its verdict."""
    items = []
    for at, check in enumerate(ev.checks_of(practice=row.practice).itertuples()):
        source = ev.sources.get(check.source)
        found = by(source) if source else []
        verdict = Link(ev.code_name("verdict", check.verdict), addresses.of_check(check.check))
        memo = "few" if at < CHECKS else ""
        items.append(Item([check.finding.rstrip(".。"), *found], (verdict,), memo=memo))
    return items


def heading(row):
    """A practice in the memo: its name and place."""
    return label("s_heading", name=row.name, place=placed(row.province_name, row.type))


# ---- as HTML


def _piece_in_html(piece):
    if isinstance(piece, Link):
        return Markup('<a href="{}">{}</a>').format(piece.href, cell_markup(piece.text))
    return cell_markup(piece) if piece.strip() else escape(piece)


def _item_in_html(item):
    text = Markup("").join(map(_piece_in_html, item.pieces))
    if item.pieces_memo != "all":
        text = Markup('<span data-memo="{}">{}</span>').format(item.pieces_memo, text)
    if item.more:
        more = Markup("").join(map(_piece_in_html, item.more))
        text += Markup('<span class="more" data-memo="{}">{}</span>').format(item.more_memo, more)
    attributes = {"id": item.anchor, "data-step": item.step, "data-memo": item.memo}
    marks = (
        Markup(' {}="{}"').format(name, value)
        for name, value in attributes.items()
        if value != ("all" if name == "data-memo" else "")
    )
    return Markup("<li{}>{}</li>").format(Markup("").join(marks), text)


def in_html(line):
    """A line as it stands under a row. Its marks tell memo.js what a memo takes, and how."""
    marks = [name for name in ("once", "sentences") if getattr(line, name)]
    marks += [] if line.sought else ["unsought"]
    return Markup('<div class="line{}"{}><strong>{}</strong> <ul>{}</ul></div>').format(
        "" if line.items[1:] else " single",
        Markup("").join(Markup(" data-{}").format(name) for name in marks),
        label("s_head", head=line.head),
        Markup("").join(map(_item_in_html, line.items)),
    )


def names_of(ev, variable):
    """The codes of a variable with their names, in the order of the codebook."""
    rows = ev.codes[ev.codes.variable == variable]
    return list(zip(rows.code, rows.name))
