"""Facts of the first two pages: counted again from the files, and on made-up rows."""

from collections import Counter

import pytest
from raw import PIONEERS, PLACE, PRACTICES, SOURCE_YEARS, disagreeing, is_dated, records

from casebook.facts import PLACES, index, places, single_values
from casebook.words import number, when

NAMED = [row for row in PRACTICES if row["province"] in PIONEERS and row["section"] != "0"]
OWN = {row["practice"] for row in NAMED}
DATED = {row["practice"] for row in NAMED if is_dated(row)}
DATABLE = DATED | OWN & SOURCE_YEARS.keys()
VERDICTS = {row["check"]: row["verdict"] for row in records("source_checks")}
FIGURES = {row["figure"]: row["practice"] for row in records("figures")}
CHECKED = [
    (practice, VERDICTS[row["check"]])
    for row in records("checked_rows")
    for practice in (row["practice"], FIGURES.get(row["figure"]))
    if practice in OWN
]
LOOKED_UP = {practice for practice, _ in CHECKED}
SEEN = {practice for practice, verdict in CHECKED if verdict != "not found"}


def short(province):
    return province.removeprefix("CN-").lower()


class TestSingleValues:
    def test_what_the_article_and_sources_state_is_cited_by_the_ids_of_rows(self, ev):
        values = {name: vars(of_rows) for name, of_rows in single_values(ev).items()}
        assert values["figure"] == {
            row["figure"].replace("-", "_"): int(row["value"]) for row in records("figures")
        }
        for row in records("source_values"):
            said = vars(values["said"][row["check"].removeprefix("check-").replace("-", "_")])
            stated = number(float(row["number"])) if row["number"][0].isdigit() else None
            assert str(said[row["quantity"]]) == (stated or when(row["date"])), row
        for name, table, kind in (("had", "baseline", "base"), ("later", "later", "later")):
            dates = {row[table]: when(row["date"]) for row in records(table)}
            cited = {f"{kind}-{key.replace('_', '-')}": date for key, date in values[name].items()}
            assert cited == dates != {}

    def test_a_year_is_the_articles_before_a_sources(self, ev):
        years = vars(single_values(ev)["year"])
        assert years["zj_hangzhou_csr"] == "2010" != SOURCE_YEARS["zj-hangzhou-csr"]
        sourced = records("checked_rows", practice="bj-whistle")
        given = [row["year"] for row in sourced if row["year"].isdigit()]
        assert years["bj_whistle"] == min(given) < max(given)
        assert years["gd_law_plan_1"] == "2011"  # the first of a period in its title
        assert "gd_flattening" not in years


class TestIndex:
    def test_what_a_source_shows(self, ev):
        rows = index.of_pioneers(ev)
        assert set(rows.practice[ev.seen(rows)]) == SEEN

    def test_each_leans_to_what_most_of_its_practices_serve(self, ev):
        counts = Counter(
            (PLACE[row["practice"]], row["code"])
            for row in records("readings", variable="element")
            if row["practice"] in OWN
        )
        expected = {}
        for province in PIONEERS:
            most = max(n for (place, _), n in counts.items() if place == province)
            expected[short(province)] = {
                code for (place, code), n in counts.items() if (place, n) == (province, most)
            }
        found = index.leaning(ev, index.of_pioneers(ev))
        assert {place: set(codes) for place, codes in found.items()} == expected

    def test_facts(self, ev):
        f = index.facts(ev)
        cells = {(row["section"], row["province"]) for row in NAMED}
        places_of = sorted(Counter(section for section, _ in cells).values())
        consulted = {
            row["practice"]
            for row in records("readings", variable="element", code="democratic_consultation")
        }
        measures = records("measures")
        assert not disagreeing(
            f,
            n_practices=len(NAMED),
            n_seen=len(SEEN),
            n_looked_up=len(LOOKED_UP),
            n_dated=len(DATED),
            n_datable=len(DATABLE),
            n_sections=len(places_of),
            fewest_places=places_of[0],
            most_places_but_one=places_of[-2],
            n_consulted=len(consulted),
            consulted_in={PLACE[practice] for practice in consulted},
            n_continuing=sum(row["continues"] != "not applicable" for row in measures),
            n_measures=len(measures),
            n_benefits=len(records("benefits")),
            silences={row["silence"] for row in records("silences")},
            kinds_of_coders={row["kind"] for row in records("coders")},
        )
        assert vars(f.named) == Counter(short(row["province"]) for row in NAMED)
        assert vars(f.seen) == Counter(short(PLACE[practice]) for practice in SEEN)


class TestPlaces:
    @pytest.mark.parametrize("name", PLACES)
    def test_a_profile(self, ev, name):
        own = [row for row in NAMED if row["province"] == PLACES[name]]
        ids = {row["practice"] for row in own}
        profile = places.profile(ev, places.profile_rows(ev), PLACES[name])
        told = {row["section"] for row in own}
        silent = [row["short_en"] for row in records("sections") if row["section"] not in told]
        elements = Counter(
            row["code"] for row in records("readings", variable="element") if row["practice"] in ids
        )
        assert profile["named"] == len(own) and profile["seen"] == len(ids & SEEN)
        assert profile["looked_up"] == len(ids & LOOKED_UP)
        assert profile["planned"] == [r["practice"] for r in own if r["status"] == "planned"]
        assert set(profile["levels"]) == {row["level"] for row in own}
        assert set(profile["silent"]) <= set(silent)
        assert len(profile["silent"]) == 12 - len(told)
        assert {code: profile[code] for code in elements} == elements

    def test_the_mix_has_a_row_for_each_code_of_a_practice(self, ev):
        rows = places.profile_rows(ev)
        assert list(rows.variable.unique()) == list(places.VARIABLES)
        for variable in ("kind", "level"):
            part = rows[rows.variable == variable]
            assert list(part.code) == [row[variable] for row in NAMED]
        part = rows[rows.variable == "element"]
        read = [row for row in records("readings", variable="element") if row["practice"] in OWN]
        assert sorted(zip(part.practice, part.code)) == sorted(
            (row["practice"], row["code"]) for row in read
        )

    def test_facts(self, ev):
        f = places.facts(ev)
        later = [row for row in records("later") if row["practice"] in OWN]
        assert not disagreeing(
            f,
            n=len(NAMED),
            n_dated=len(DATED),
            n_datable=len(DATABLE),
            undated=[row["practice"] for row in NAMED if row["practice"] not in DATABLE],
            n_later=len({row["practice"] for row in later}),
            law={row["practice"] for row in later if row["change"] == "law"},
            spread={row["practice"] for row in later if row["change"] == "spread"},
            n_origins=len(records("origins")),
        )
        seen_year = f.rows.set_index("practice").seen_year.dropna()
        assert set(seen_year.index) == OWN & SOURCE_YEARS.keys()
        places_in_order = [PLACE[practice] for practice in f.followed.practice]
        assert places_in_order == sorted(places_in_order, key=list(PIONEERS).index)
