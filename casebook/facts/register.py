"""What the page *evidence* says: its rows, how many were looked up, and how to read a place."""

from casebook.facts import Facts


def look_ups(ev):
    """How many practices have checks: {n_checked, n_unchecked, n_unseen}.

    Of the checked ones, n_unseen have no source that was seen: every verdict is “not found”.
    """
    looked_up, seen = ev.looked_up(ev.practices), ev.seen(ev.practices)
    return {
        "n_checked": int(looked_up.sum()),
        "n_unchecked": int((~looked_up).sum()),
        "n_unseen": int((looked_up & ~seen).sum()),
    }


def by_verdict(ev):
    """How many claims have each verdict: {confirmed, refined, contradicted, not_found}."""
    counts = ev.claims().verdict.value_counts()
    codes = ev.codes.code[ev.codes.variable == "verdict"]
    return {code.replace(" ", "_"): int(counts.get(code, 0)) for code in codes}


def parts_of_place(locator):
    """The parts of a row's place in the article: “1.1@70+13” is section 1.1, offset 70, length 13.

    If the evidence has several pieces, it is the place of the first.
    """
    first = locator.partition(" | ")[0]
    section, _, position = first.partition("@")
    offset, _, length = position.partition("+")
    return {"text": first, "section": section, "offset": int(offset), "length": int(length)}


def facts(ev):
    """What the page *evidence* says, as Facts."""
    return Facts(
        n=len(ev.practices),
        **look_ups(ev),
        place=parts_of_place(ev.practices.set_index("practice").locator["bj-whistle"]),
    )
