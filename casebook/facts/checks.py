"""What the page *checks* says: what public sources say of the article's claims, and beside them."""

from casebook.evidence import MISSING
from casebook.facts import Facts
from casebook.facts.register import by_verdict, look_ups


def checks_with_names(ev):
    """Every check of a claim as a chart draws it, with verdict_name and symbol."""
    verdicts = ev.claims().verdict
    return ev.claims().assign(
        verdict_name=[ev.code_name("verdict", code) for code in verdicts],
        symbol=[ev.symbol("verdict", code) for code in verdicts],
    )


def by_kind_of_source(ev):
    """How many checks of claims rest on each kind of source: {official, press, copy}."""
    sources = [source for source in ev.claims().source if source not in MISSING]
    kinds = [ev.sources[source]["kind"] for source in sources]
    return {kind: kinds.count(kind) for kind in ("official", "press", "copy")}


def facts(ev):
    """What the page *checks* says, as Facts."""
    return Facts(
        n=len(ev.practices),
        **look_ups(ev),
        n_checks=len(ev.claims()),
        verdicts=by_verdict(ev),
        sources=by_kind_of_source(ev),
        n_beside=len(ev.beside_claims()),
        checks=checks_with_names(ev),
        beside=ev.beside_claims(),
    )
