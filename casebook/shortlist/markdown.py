"""A memo of the practices that a reader picked, as Markdown. memo.js makes the same in the page."""

import html
import re
from dataclasses import replace

from markupsafe import Markup

from casebook.evidence import READ
from casebook.shortlist.candidates import addressee, candidates, links
from casebook.shortlist.lines import FEW, Link, heading, names_of, of_practice
from casebook.shortlist.ranking import chosen_links, counted, in_play, ranked, values
from casebook.shortlist.state import CODINGS, OWN, SEEN, State
from casebook.study import SETTINGS, article, licence
from casebook.words import joined, label, month, say, sentences, the_article, the_book

SPECIAL = re.compile(r"([\\`*_\[\]<>])")  # what Markdown would take for a mark
TAG = re.compile("<[^>]+>")


def caveats(ev):
    """What holds of every memo, once: a list of sentences."""
    return [
        say(
            "This is a list of practices to look at first. It ranks no place and claims no effect."
        ),
        say(
            "It rests on one article of {month} and on the public sources that were seen. "
            "What neither tells may be known to somebody else.",
            month=month(ev.published),
        ),
        say("Figures are officials’ own or the press’s; nobody has verified them."),
        say(
            "Which practice is a precedent of which step is this book’s reading. A language model "
            "coded it, and no person has checked the coding."
        )
        if set(ev.coders.kind) == {"language_model"}
        else say("Which practice is a precedent of which step is this book’s reading."),
    ]


def cited_book(ev):
    """How the whole is cited: the book and its version, the article."""
    READ.add(SETTINGS)  # it has the title
    book = {"book": the_book("title"), "version": ev.package["version"]}
    return say(
        "{book}, version {version}. Coding under {licence}. The article: {author}, “{title}”, "
        "{journal}, {day}.",
        **book,
        licence=licence(),
        title=article()["title"],
        **the_article(),
    )


def title(ev, state):
    """The title of a memo, with the step or the recommendation that is chosen."""
    chosen = dict(zip(ev.recommendations.recommendation, ev.recommendations.name))
    chosen |= dict(zip(ev.measures.measure, ev.measures.name))
    topic = chosen.get(state.step or state.recommendation)
    whole = say("Practices to look at first, for {place}", place=addressee(ev)["place"])
    return label("s_titled", title=whole, topic=topic) if topic else whole


def settings_in_words(ev, state, of_list=True):
    """What a state lists and how it orders, as sentences.

    What it lists is left out unless all that is told is `of_list`.
    """
    names = {
        "recommendation": dict(zip(ev.recommendations.recommendation, ev.recommendations.name)),
        "step": dict(zip(ev.measures.measure, ev.measures.name)),
        "place": dict(zip(ev.provinces.province, ev.provinces.name)),
        "type": {code: label(code) for code in ("province", "municipality")},
        "status": dict(names_of(ev, "status")),
        "kind": dict(names_of(ev, "kind")),
        "source": {code: label(f"s_{code}") for code in SEEN},
        "coding": {code: label(f"s_{code}") for code in CODINGS},
    }
    chosen = [names[field][getattr(state, field)] for field in names if getattr(state, field)]
    chosen += [state.find] if state.find else []
    said = [label("s_chosen", chosen=joined(chosen, "semicolon"))] if chosen and of_list else []
    said += rated_in_words(ev, state)
    table = values(ev, state)
    plays = in_play(table)
    if not (state.points and any(plays * counted(table) * state.points)):
        return sentences([*said, label("s_article_order")])
    if state.ask:
        return sentences(
            [*said, label("s_asked", question=label(f"s_ask_{state.ask}", **addressee(ev)))]
        )
    weighted = [
        label("s_weight", criterion=ev.code_name("criterion", code), points=points)
        for code, points, counts in zip(table, state.points, plays)
        if points and counts
    ]
    return sentences([*said, label("s_weighted", weights=joined(weighted))])


def rated_in_words(ev, state):
    """How the reader rated what is picked, as a list of one sentence, or of none."""
    names = candidates(ev).set_index("practice").name
    levels = ev.scales.set_index(["criterion", "level"]).name
    rated = [
        label(
            "s_rated_one",
            practice=names[one],
            criterion=ev.code_name("criterion", code),
            level=levels[code, str(level)],
        )
        for code in OWN
        for one, level in getattr(state, code)
        if one in state.pick
    ]
    return [label("s_rated_all", ratings=joined(rated, "semicolon"))] if rated else []


def memo(ev, state, site=""):
    """The memo of the practices that a state picks, in the order of its list, as Markdown.

    Where some are not in its list they stand in the order of all that there are.
    Of what belongs to a step it has that of the steps that the state chooses. Of at most `FEW`
    practices it tells more. `site` is the address of the folder of the chapters, which goes before
    the book's own addresses. ValueError if nothing is picked, and for a value that means nothing.
    """
    if not state.pick:
        raise ValueError("a memo needs at least one practice: State(pick=(…,))")
    state = State.parse(str(state), ev)
    rows = candidates(ev).set_index("practice", drop=False)
    order = list(ranked(ev, state).order.index)
    of_list = set(state.pick) <= set(order)
    if not of_list:
        order = list(ranked(ev, state.unfiltered()).order.index)
    listed = [practice for practice in order if practice in state.pick]
    every, chosen = links(ev), chosen_links(ev, state)
    memos = ("all", "few" if len(listed) <= FEW else "many")
    picked = [next(rows.loc[[practice]].itertuples()) for practice in listed]
    said = []
    for row in picked:
        steps = set(chosen.measure[chosen.practice == row.practice])
        made = of_practice(ev, row, every[every.practice == row.practice])
        said.append([_fitting(line, steps) for line in made])
    of_all = said_of_all(said)
    text = [f"# {_plain(title(ev, state))}"]
    for at, (row, made) in enumerate(zip(picked, said), start=1):
        text.append(f"## {at}. {_plain(heading(row))}")
        for line in made:
            own = [item for item in line.items if not (line.once and item in of_all)]
            text += _line_in_markdown(replace(line, items=own), memos, site)
    if of_all:
        text.append(f"## {_plain(say('Of all of them'))}")
        for line in said[0]:
            shared = [item for item in line.items if line.once and item in of_all]
            text += _line_in_markdown(replace(line, items=shared), memos, site)
    text.append(f"## {_plain(say('What this does not show'))}")
    text.append("\n".join(f"- {_plain(caveat)}" for caveat in caveats(ev)))
    if settings := settings_in_words(ev, state, of_list):
        text.append(_plain(settings))
    text.append(_plain(cited_book(ev)))
    return "\n\n".join(text) + "\n"


def _fitting(line, steps):
    """A line with what belongs to one of `steps`, or to none; no steps stand for all."""
    items = [one for one in line.items if not one.step or not steps or one.step in steps]
    return replace(line, items=items)


def said_of_all(said):
    """The items that a memo says once, since every practice has them; none of a single practice."""
    every = [[item for line in made if line.once for item in line.items] for made in said]
    return [item for item in every[0] if all(item in one for one in every)] if every[1:] else []


# ---- in Markdown


def _plain(text):
    """Text with a backslash before each mark that Markdown would take for its own."""
    if isinstance(text, Markup):
        text = html.unescape(TAG.sub("", text))
    return SPECIAL.sub(r"\\\1", str(text))


def _piece_in_markdown(piece, site):
    if not isinstance(piece, Link):
        return _plain(piece)
    href = piece.href if "://" in piece.href else site + piece.href
    return f"[{_plain(piece.text)}]({href})"


def _line_in_markdown(line, memos, site):
    """What the memos named have of a line: a list of one paragraph, or of none.

    It says how many items it leaves out.
    """
    items = [item for item in line.items if item.memo in memos]
    if not items:
        return []
    texts = [
        "".join(_piece_in_markdown(piece, site) for piece in item.parts(memos)).strip()
        for item in items
    ]
    if left := len(line.items) - len(items):
        texts.append(_plain(label("s_left", n=left)))
    head = f"**{_plain(label('s_head', head=line.head))}**"
    return [f"{head} {sentences(texts) if line.sentences else label('semicolon').join(texts)}"]
