"""What the page of a new study says where its article gives advice: steps and their precedents."""

from casebook.evidence.agreement import agreed
from casebook.facts import Facts
from casebook.facts.jiangsu import ground, with_sure


def facts(ev):
    """What the page says, as Facts.

    pairs: the precedents of pioneers (`with_sure`). ground: what the addressee had. labels: those
    of the recommendations.
    """
    pairs = ev.precedents_of()
    pairs = pairs[pairs.role == "pioneer"]
    return Facts(
        n_recommendations=len(ev.recommendations),
        n_measures=len(ev.measures),
        n_with=pairs.measure.nunique(),
        pairs=with_sure(pairs, agreed(pairs, ev.codings, ev.coders)),
        ground=ground(ev),
        labels=ev.recommendation_labels,
    )
