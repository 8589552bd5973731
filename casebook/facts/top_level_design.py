"""What the chapter on top-level design says: who leads and plans, and what moves downwards."""

from casebook.evidence import MISSING
from casebook.facts import Facts, n_members, single_values

PLANS = {"bj": "bj-social-governance-plan", "sh": "sh-social-governance-plan"}


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    Besides `single_values` and `tasks`: places (the codes of provinces, by sub-section,
    that the article tells of), benefits (those that it asserts in this theme) and measured (of
    these, those with a check), silences (what it does not speak of, by id). Rows for the cell:
    reforms (of the register, section 1.3).
    """
    register = ev.register()
    theme = register[register.section.str.startswith("1.")]
    benefits = ev.benefits[ev.benefits.section.str.startswith("1.")]
    return Facts(
        **single_values(ev),
        **tasks(ev),
        places=theme.groupby("section").province.agg(set),
        n_benefits=len(benefits),
        n_measured=int((~benefits.check.isin(MISSING)).sum()),
        silences=set(ev.silences.silence),
        reforms=theme[theme.section == "1.3"],
    )


def tasks(ev):
    """The tasks of the two plans, as {name: value}.

    bj_named, sh_named: how many the article spells out. sh_unnamed: how many more it counts. pairs:
    the two ids of each pair that this book reads together.
    """
    stated = ev.figures.set_index("figure").value
    named = {place: n_members(ev, plan) for place, plan in PLANS.items()}
    pairs = ev.alignments_of(*PLANS.values())
    return {
        "bj_named": named["bj"],
        "sh_named": named["sh"],
        "sh_unnamed": int(stated["sh-ten-tasks"]) - named["sh"],
        "pairs": set(zip(pairs.left, pairs.right)),
    }
