"""What a reader chooses in the shortlist, and how an address carries it."""

import re
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

EVIDENCE = ("known", "source", "legal_footing", "time_in_force", "alike", "closeness")
OWN = ("priority", "feasibility")  # the reader's own: left out until one practice is rated
CRITERIA = EVIDENCE + OWN
LIMIT = 100  # points of a weight
# What a reader may ask, each as points for the criteria. The reader's own count as soon as they
# are set.
QUESTIONS = {
    "documented": (100, 100, 0, 0, 0, 0, 50, 50),
    "law": (0, 0, 100, 0, 0, 0, 50, 50),
    "longest": (0, 0, 0, 100, 0, 0, 50, 50),
    "alike": (0, 0, 0, 0, 100, 50, 50, 50),
}
SEEN = ("seen", "not_found", "not_looked_up")  # in public sources
CODINGS = ("agreed", "contested")  # whether all blind codings have a link
# Fields that choose practices, or links to steps, by a code.
FILTERS = ("recommendation", "step", "place", "type", "status", "kind", "source", "coding")
VIEWS = ("compare", "memo")
COMPARED, PICKED = 4, 8  # at most so many practices
FOUND = 60  # letters of what is looked for
VERSION = "1"


@dataclass(frozen=True)
class State:
    """What a reader has chosen: which practices, in which order, which of them are picked.

    `str(state)` is the query of an address, empty for the state in which the page opens;
    `State.parse` reads it. An empty field chooses everything.

    recommendation, step: ids; only links to these steps count.
    place, type, status, kind, source: codes that a practice has; `source` is one of `SEEN`.
    coding: one of `CODINGS`; only such links count.
    find: words that all stand in the row of a practice.
    ask: one of `QUESTIONS`, or empty for the article's own order.
    weights: points, one a criterion, in the place of a question's.
    priority, feasibility: pairs of a practice and a level from 0 to 4.
    pick: practices, at most `PICKED`.
    show: one of `VIEWS`, or empty.
    """

    recommendation: str = ""
    step: str = ""
    place: str = ""
    type: str = ""
    status: str = ""
    kind: str = ""
    source: str = ""
    coding: str = ""
    find: str = ""
    ask: str = ""
    weights: tuple = ()
    priority: tuple = ()
    feasibility: tuple = ()
    pick: tuple = ()
    show: str = ""

    @property
    def points(self):
        """The weights that order the list, one a criterion; none in the article's order."""
        return self.weights or QUESTIONS.get(self.ask, ())

    def unfiltered(self):
        """The same without what chooses practices or links."""
        return replace(self, **dict.fromkeys((*FILTERS, "find"), ""))

    def __str__(self):
        given = [(f.name, _text(getattr(self, f.name))) for f in fields(self)]
        given = [(name, text) for name, text in given if text]
        return urlencode([("shortlist", VERSION), *given], safe="*") if given else ""

    @classmethod
    def parse(cls, query, ev):
        """The state that a query carries, such as `shortlist=1&step=m-silos&ask=law`.

        Parameters of others are passed over. Raises ValueError for another version, and for a
        value that means nothing here, naming it.
        """
        pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
        given = dict(reversed(pairs))  # the first of several counts
        version = given.get("shortlist", VERSION)
        if version != VERSION:
            raise ValueError(f"shortlist={version}: expected version {VERSION}")
        known = allowed(ev)
        settings = {}
        for name, text in given.items():
            if name in known and text:
                value = _meant(name, text, known[name])
                if sorted(_text(value).split("*")) != sorted(text.split("*")):
                    raise ValueError(f"{name}={text}: nothing that the shortlist knows")
                settings[name] = value
        return cls(**settings)


def allowed(ev):
    """The values that a field of `State` may have: {field: a list of codes}.

    For `weights` and `find` there are none: numbers, and any words.
    """
    pioneers = ev.precedents_of()
    pioneers = pioneers[pioneers.role == "pioneer"]
    practices = list(dict.fromkeys(pioneers.practice))
    of_variable = {
        variable: [
            code
            for code in ev.codes.code[ev.codes.variable == variable]
            if code in set(pioneers[variable])
        ]
        for variable in ("status", "kind")
    }
    return {
        "recommendation": list(ev.recommendations.recommendation),
        "step": list(ev.measures.measure),
        "place": list(ev.pioneers().province),
        "type": list(dict.fromkeys(ev.pioneers().type)),
        **of_variable,
        "source": list(SEEN),
        "coding": list(CODINGS),
        "find": [],
        "ask": list(QUESTIONS),
        "weights": [],
        "priority": practices,
        "feasibility": practices,
        "pick": practices,
        "show": list(VIEWS),
    }


def _text(value):
    """A field's value as an address has it: `a*b`, of pairs `a_4*b_0`, of numbers `100-0`."""
    if not isinstance(value, tuple):
        return value
    if all(isinstance(part, int) for part in value):
        return "-".join(map(str, value))
    return "*".join(part if isinstance(part, str) else f"{part[0]}_{part[1]}" for part in value)


def _meant(name, text, codes):
    """What the field `name` may mean by a text, which may hold more or less than that."""
    if name == "find":
        return text.strip()[:FOUND]
    if name == "weights":
        points = [int(part) for part in text.split("-") if re.fullmatch("[0-9]{1,3}", part)]
        fits = len(points) == len(CRITERIA) and max(points) <= LIMIT
        return tuple(points) if fits else ()
    if name in OWN:
        pairs = [part.rpartition("_")[::2] for part in text.split("*")]
        levels = {code: level for code, level in pairs if level in list("01234")}
        return tuple((code, int(levels[code])) for code in codes if code in levels)
    if name == "pick":
        parts = text.split("*")
        return tuple(code for code in codes if code in parts)[:PICKED]
    return text if text in codes else ""
