"""What the page on participation says: who takes part, in what, and who speaks to whom."""

from casebook.evidence import MISSING
from casebook.facts import Facts, single_values

THEME = "2."  # how the numbers of its sub-sections begin
NATIONAL_OPINIONS = "cn-social-org-opinions"
SECTIONS = {"organisations": "2.1", "business": "2.2", "public": "2.3"}


def facts(ev):
    """What the page says, from the evidence `ev`: Facts.

    Sets of practices for its claims: `planned` (what pioneers announce), `consulting` (read as
    consultation, in the whole article), and `older` (see there). Rows for the cells: `theme` (in
    the article's order), `stages` (2.2) and `voices` (2.3) by this book's reading; `in_business`
    are the places of the first. The others are of the functions below.
    """
    register = ev.register()
    theme = register[register.section.str.startswith(THEME)]
    organisations = theme[theme.section == SECTIONS["organisations"]]
    stages, voices, elements = map(ev.read_as, ("stage", "voice", "element"))
    return Facts(
        **single_values(ev),
        theme=theme,
        older=older(organisations, ev.seen_year(organisations)),
        stages=stages,
        places_at=places_at(stages),
        in_business=list(stages.sort_values("place", kind="stable").province.unique()),
        planned=set(theme.practice[(theme.status == "planned") & (theme.role == "pioneer")]),
        consulting=set(elements.practice[elements.code == "democratic_consultation"]),
        silent=silent(ev.evidence_map()),
        **benefits(ev.benefits[ev.benefits.section.str.startswith(THEME)]),
        **directions(voices[voices.section == SECTIONS["public"]]),
    )


def older(rows, years):
    """The practices of pioneers that sources date before the national opinions: a set of ids.

    `rows` are of the register, `years` is `Evidence.seen_year` of them.
    """
    earlier = years < years[rows.practice == NATIONAL_OPINIONS].item()
    return set(rows.practice[(rows.role == "pioneer") & earlier.fillna(False)])


def places_at(rows):
    """The places named at each stage of a firm's life: {stage: set of provinces}.

    `rows` are `Evidence.read_as("stage")`.
    """
    return rows.groupby("code").province.agg(set).to_dict()


def directions(voices):
    """Who speaks to whom in `voices`, rows of `Evidence.read_as("voice")`: {name: fact}.

    n_voices: all practices; n_inward: residents speak to government; n_answered: and government
    takes part; n_among: residents among themselves. voices: the rows, for the cells.
    """
    return {
        "voices": voices,
        "n_voices": len(voices),
        "n_inward": voices.code.isin(["to_government", "both"]).sum(),
        "n_answered": (voices.code == "both").sum(),
        "n_among": (voices.code == "among_residents").sum(),
    }


def benefits(rows):
    """What the article says that practices bring, `rows` of benefits.csv: {name: fact}.

    n_benefits: how many; measured: the checks that have figures for one of them.
    """
    checked = rows[~rows.check.isin(MISSING)]
    return {"n_benefits": len(rows), "measured": set(checked.check)}


def silent(evidence_map):
    """The pioneers that the article does not mention in a sub-section: {key of SECTIONS: names}.

    `evidence_map` is `Evidence.evidence_map()`.
    """
    empty = evidence_map[evidence_map.n == 0]
    names = empty.groupby("section").province_name.agg(list)
    return {key: names.get(section, []) for key, section in SECTIONS.items()}
