"""The grown evidence that `make bench` measures with: as valid and as well proven as today's, and the same every time."""

import pytest

from casebook import evidence, growth, source


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """Twice today's practices in six jurisdictions: (the folder, its made-up article)."""
    folder = tmp_path_factory.mktemp("grown") / "data"
    return folder, growth.grown(folder, times=2, jurisdictions=6)


def test_grown_evidence_is_valid_and_stands_in_its_made_up_article(grown):
    folder, article = grown
    assert source.check(article, folder, folder)[0] == []


def test_every_practice_is_copied_with_all_that_hangs_on_it(grown):
    before, after = growth.read(evidence.DATA), growth.read(grown[0])
    for table in ("practices", "figures", "items", "readings", "alignments", "precedents", "source_checks", "checked_rows"):
        assert len(after[table]) == 2 * len(before[table]), table
        for column in ("name_zh", "metric_en", "note_en", "reason_en", "finding_zh"):
            if texts := [row[column] for row in before[table] if row.get(column) not in (None, *evidence.MISSING)]:
                own = {row[column] for row in after[table]} - set(texts)
                assert len(own) > 0.7 * len(set(texts)), f"{table}.{column}: the copies repeat today's words"
    pioneers = {row["province"] for row in after["provinces"]} - {"CN", "CN-JS"}
    assert len(pioneers) == 5
    assert {row["province"] for row in after["practices"]} == {*pioneers, "CN"}


def test_grown_evidence_is_the_same_every_time(grown, tmp_path):
    folder, article = grown
    assert growth.grown(tmp_path / "data", times=2, jurisdictions=6) == article
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "data" / path.name).read_bytes(), path.name
