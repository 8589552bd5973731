"""Facts of index, evidence, method, checks and codebook: counted again from the files, and on
made-up rows."""

import re
from collections import Counter

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from raw import disagreeing, is_dated, table
from raw import records as rows_of

from casebook import shortlist, tables
from casebook.evidence import DATA
from casebook.facts import checks, codebook, index, method, register

PIONEERS = ("CN-BJ", "CN-SH", "CN-GD", "CN-ZJ")
VERDICTS = ("confirmed", "refined", "contradicted", "not found")


def names_of(variable):
    """The codes of a variable, in the codebook's order: {code: English name}."""
    return {row["code"]: row["name_en"] for row in rows_of("codes", variable=variable)}


PRACTICES = [row for row in rows_of("practices") if row["province"] in PIONEERS]
OWN = {row["practice"] for row in PRACTICES}
CELLS = {(row["province"], row["section"]) for row in PRACTICES}
CHECKS = rows_of("source_checks")
LINKED = {row["check"] for row in rows_of("checked_rows")}
CLAIMS = [row for row in CHECKS if row["check"] in LINKED]


class TestRegister:
    def test_look_ups_are_those_that_the_table_of_checked_rows_links(self, ev):
        owner = {row["figure"]: row["practice"] for row in rows_of("figures")}
        verdict = {row["check"]: row["verdict"] for row in CHECKS}
        verdicts = {row["practice"]: set() for row in rows_of("practices")}
        for row in rows_of("checked_rows"):
            for practice in {row["practice"], owner.get(row["figure"])} & verdicts.keys():
                verdicts[practice].add(verdict[row["check"]])
        assert register.look_ups(ev) == {
            "n_checked": sum(map(bool, verdicts.values())),
            "n_unchecked": list(verdicts.values()).count(set()),
            "n_unseen": list(verdicts.values()).count({"not found"}),
        }

    def test_checks_by_verdict(self, ev):
        counts = register.by_verdict(ev)
        assert list(counts) == [verdict.replace(" ", "_") for verdict in VERDICTS]
        assert list(counts.values()) == [
            sum(row["verdict"] == verdict for row in CLAIMS) for verdict in VERDICTS
        ]

    @pytest.mark.parametrize("locator", ["1.1@70+13", "1.1@70+13 | 1.1@95+4"])
    def test_a_place_is_that_of_the_first_piece(self, locator):
        expected = {"text": "1.1@70+13", "section": "1.1", "offset": 70, "length": 13}
        assert register.parts_of_place(locator) == expected

    def test_facts(self, ev):
        f = register.facts(ev)
        assert f.n == len(rows_of("practices")) == f.n_checked + f.n_unchecked
        assert f.place.text == rows_of("practices", practice="bj-whistle")[0]["locator"]


class TestIndex:
    def test_practices_of_pioneers(self, ev):
        expected = {row["practice"] for row in PRACTICES if row["section"] != "0"}
        assert set(index.of_pioneers(ev).practice) == expected

    def test_practices_by_pioneer(self, ev):
        counts = index.by_pioneer(index.of_pioneers(ev))
        expected = Counter(row["province"] for row in PRACTICES)
        assert {f"CN-{code.upper()}": n for code, n in counts.items()} == expected
        assert list(counts.values()) == sorted(counts.values(), reverse=True)

    def test_a_common_section_names_every_pioneer(self):
        grid = pd.DataFrame({"section": ["1.1", "1.1", "1.2", "1.2"], "n": [1, 0, 2, 1]})
        assert index.common_sections(grid) == ["1.2"]
        assert index.common_sections(grid.assign(n=0)) == []

    def test_common_sections_of_the_article(self, ev):
        places = Counter(section for _, section in CELLS)
        expected = [section for section, n in sorted(places.items()) if n == len(PIONEERS)]
        assert index.common_sections(ev.evidence_map()) == expected

    def test_a_joint_section_has_one_piece_of_evidence_for_every_pioneer(self):
        rows = table("""
            section evidence province
            1.1 x A
            1.1 y B
            1.2 x A
            1.2 x B
            1.2 y B
            1.2 y A
        """)
        assert index.joint_sections(rows, 2) == ["1.2"]
        assert index.joint_sections(rows, 3) == []

    def test_facts(self, ev):
        f = index.facts(ev)
        pairs = rows_of("precedents")
        assert not disagreeing(
            f,
            n_pioneers=len(PIONEERS),
            n_recommendations=len(rows_of("recommendations")),
            n_checks=len(CLAIMS),
            n_with=len({row["measure"] for row in pairs if row["practice"] in OWN}),
            n_based=len(rows_of("measures")),
            published="August 2020",
        )
        assert f.n_practices == sum(vars(f.named).values())
        assert f.n_checks == sum(vars(f.verdicts).values())


class TestChecks:
    def test_each_check_is_drawn_with_the_symbol_and_name_of_its_verdict(self, ev):
        table = checks.checks_with_names(ev)
        assert list(table.check) == [row["check"] for row in CLAIMS]
        codes = {row["code"]: row for row in rows_of("codes", variable="verdict")}
        assert list(table.symbol) == [codes[row["verdict"]]["symbol"] for row in CLAIMS]
        assert list(table.verdict_name) == [codes[row["verdict"]]["name_en"] for row in CLAIMS]

    def test_facts(self, ev):
        f = checks.facts(ev)
        assert (f.n_checks, f.n_beside) == (len(CLAIMS), len(CHECKS) - len(CLAIMS))
        assert sum(vars(f.verdicts).values()) == f.n_checks == len(f.checks)
        assert list(f.beside.check) == [r["check"] for r in CHECKS if r["check"] not in LINKED]
        assert f.n == f.n_checked + f.n_unchecked > f.n_unseen

    def test_the_kinds_of_sources_are_those_of_the_bibliography(self, ev):
        bib = (DATA / "references.bib").read_text(encoding="utf-8")
        kinds = {
            re.match(r"\w+\{(.+?),", entry)[1]: re.search(r"kind *= *\{(\w+)\}", entry)
            for entry in bib.split("\n@")[1:]
        }
        sources = [row["source"] for row in CLAIMS if row["source"] in kinds]
        counts = Counter(kinds[source][1] for source in sources)
        assert vars(checks.facts(ev).sources) == counts
        assert len(CLAIMS) == counts.total() + checks.facts(ev).verdicts.not_found


class TestCodebook:
    def test_every_name_has_its_place_beside_its_reason(self, ev):
        table = codebook.names_by_reason(ev)
        names = {reason: text.split("; ") for reason, text in zip(table.reason, table.names)}
        pairs = [(reason, name) for reason, several in names.items() for name in several]
        assert sorted(pairs) == sorted((r["reason_en"], r["name_zh"]) for r in rows_of("names"))

    def test_the_formula_is_its_members(self, ev):
        members = [row["name_en"] for row in rows_of("items", practice="cn-plenum-system")]
        assert codebook.facts(ev).formula == ", ".join(members).lower()

    def test_facts(self, ev):
        f = codebook.facts(ev)
        names = ("names", "codes", "readings", "precedents", "decisions", "coders", "uncoded")
        assert not disagreeing(
            f,
            **{f"n_{table}": len(rows_of(table)) for table in names},
            n_variables=len({row["variable"] for row in rows_of("codes")}),
            n_instruments=len(names_of("instrument")),
            n_tables=len(list(DATA.glob("*.csv"))),
        )

    def test_doubtful_is_what_the_table_of_agreement_gives_no_finding(self, ev):
        """Of each variable by its latest rules: those are the last cell of its line."""
        markup = tables.agreement(ev, "Agreement").markup
        told, last = method.agreed(ev), []
        for line in BeautifulSoup(markup, "html.parser").select("tbody tr"):
            given = [cell.text for cell in line.select("td") if "coders" in cell.text]
            last += given[-1:]
        sure = [text for text in last if "carries no finding" not in text]
        assert (len(last), len(sure)) == (told["n_compared"], told["n_reliable"])
        assert told["doubtful"] == {"promise"}

    def test_the_blind_coders_of_the_latest_rules(self, ev):
        by_rules = Counter(
            row["rules"] for row in rows_of("coders") if not row["coder"].startswith("book")
        )
        assert method.agreed(ev)["n_blind"] == by_rules[max(by_rules)] > 1


class TestMethod:
    def test_a_row_is_cited_with_its_title_as_printed(self, ev):
        [row] = rows_of("practices", practice="zj-digital-standards")
        expected = f"Zhejiang | 4.2 | reported in place | {row['name_zh']}"
        assert method.facts(ev).citation == method.cited_row(ev, row["practice"]) == expected
        with pytest.raises(KeyError):
            method.cited_row(ev, "zj-none")

    def test_facts(self, ev):
        f, plain = method.facts(ev), rows_of("practices", exception_en="not applicable")
        names = ("figures", "items", "readings", "precedents", "measures")
        assert not disagreeing(
            f,
            **{f"n_{table}": len(rows_of(table)) for table in names},
            n=len(rows_of("practices")),
            n_technology=len(rows_of("measures", recommendation="rec-technology")),
            n_exceptions=len(rows_of("practices")) - len(plain),
            n_checks=len(CLAIMS),
            **register.look_ups(ev),
            published="20 August 2020",
            version=ev.package["version"],
        )
        assert sum(vars(f.verdicts).values()) == f.n_checks
        assert ev.digest.startswith(f.digest) and len(f.digest) == 16

    def test_facts_of_the_shortlist(self, ev):
        of_order = shortlist.in_numbers(ev)
        links = [row for row in rows_of("precedents") if row["practice"] in OWN]
        listed = {row["practice"] for row in links}
        begun = [row for row in PRACTICES if row["status"] in ("in_place", "under_way")]
        dated = {row["practice"] for row in begun if is_dated(row)}
        dated |= {row["practice"] for row in rows_of("checked_rows") if row["year"].isdigit()}
        undated = {row["practice"] for row in begun} & listed - dated
        assert (of_order["n_listed"], of_order["n_undated"]) == (len(listed), len(undated))
        coders = [row["coder"] for row in rows_of("coders") if not row["coder"].startswith("book")]
        coded = {
            coder: {
                row["unit"]
                for row in rows_of("codings", coder=coder, variable="relation")
                if row["code"] != "none"
            }
            for coder in coders
        }
        coded = {coder: units for coder, units in coded.items() if units}
        pairs = [f"{row['measure']} {row['practice']}" for row in links]
        contested = [pair for pair in pairs if not all(pair in units for units in coded.values())]
        assert (of_order["n_codings"], of_order["n_contested"]) == (len(coded), len(contested))
        settings = (of_order["n_draws"], of_order["limit"], of_order["band"])
        assert settings == (400, 100, 20) and method.facts(ev).run == 40
