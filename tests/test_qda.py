"""`casebook qda`: what other tools read is the coding, each selection the words that are coded."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest

from casebook.evidence.schema import JOIN
from casebook.proof import article, qda

SPACE = {"q": qda.PROJECT}


@pytest.fixture(scope="module")
def text():
    path = article.article_file()
    return path.read_text(encoding="utf-8") if path.exists() else pytest.skip("no article")


def tree(files):
    return ElementTree.fromstring(files["project.qde"])


def test_every_selection_is_the_evidence_of_its_practice_as_printed(ev, text):
    files = qda.project(ev, text)
    [source] = [content.decode() for name, content in files.items() if name.startswith("Sources/")]
    selected = {}
    for one in tree(files).iterfind(".//q:PlainTextSelection", SPACE):
        start, end = int(one.get("startPosition")), int(one.get("endPosition"))
        selected.setdefault(one.get("name"), []).append(source[start:end])
    printed = dict(zip(ev.practices.practice, ev.practices.evidence))
    assert {practice: pieces for practice, pieces in selected.items()} == {
        practice: [article.normalise(piece) for piece in pieces.split(JOIN)]
        for practice, pieces in printed.items()
    }


def test_every_coder_s_codes_stand_on_the_selections(ev, text):
    root = tree(qda.project(ev, text))
    names = {user.get("guid"): user.get("name") for user in root.iterfind(".//q:User", SPACE)}
    codes = {code.get("guid"): code.get("name") for code in root.iterfind(".//q:Code", SPACE)}
    assert list(names.values()) == list(ev.coders.coder)
    [whistle] = root.iterfind(".//q:PlainTextSelection[@name='bj-whistle']", SPACE)
    found = {
        (names[one.get("creatingUser")], codes[one.find("q:CodeRef", SPACE).get("targetGUID")])
        for one in whistle.iterfind("q:Coding", SPACE)
    }
    rows = ev.codings[(ev.codings.unit == "bj-whistle") & (ev.codings.code != "none")]
    assert found == {(r.coder, f"{r.variable}: {r.code}") for r in rows.itertuples()}


def test_without_the_article_there_are_cases_and_no_word_of_it(ev):
    files = qda.project(ev)
    cases = {case.get("name") for case in tree(files).iterfind(".//q:Case", SPACE)}
    assert list(files) == ["project.qde"] and cases == set(ev.practices.practice)
    assert not list(tree(files).iterfind(".//q:PlainTextSelection", SPACE))


def test_what_a_reference_leads_to_is_there(ev, text):
    root = tree(qda.project(ev, text))
    there = {one.get("guid") for one in root.iter() if one.get("guid")}
    led = {one.get("targetGUID") for one in root.iter() if one.get("targetGUID")}
    assert led and led <= there


def test_the_codebook_alone_has_every_code_for_both_kinds_of_readers(ev):
    codes = set(zip(ev.codes.variable, ev.codes.code))
    root = ElementTree.fromstring(qda.codebook(ev))
    names = {code.get("name") for code in root.iter(f"{{{qda.CODEBOOK}}}Code")}
    assert {f"{variable}: {code}" for variable, code in codes} <= names
    rows = list(csv.DictReader(io.StringIO(qda.codebook_rows(ev).decode())))
    assert {row["name"] for row in rows} == {".".join(pair) for pair in codes}
    assert all(row["description"] for row in rows)


def test_the_same_data_give_the_same_bytes(ev):
    first, second = (qda.zipped(qda.project(ev)) for _ in range(2))
    assert first == second and zipfile.ZipFile(io.BytesIO(first)).testzip() is None
