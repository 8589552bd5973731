"""Two books on one body of evidence: nothing lost or added in one, and the reader's place kept."""

import json
import os
import re
import shutil
import subprocess

import books
import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import must
from latin import left_in_latin
from test_pages import PAGES
from test_shortlist import settled

from casebook import chapters, evidence, words
from casebook.charts.frame import drawings, frame_of
from casebook.proof import accept, translate
from casebook.words import SOURCE, editions

OTHERS = [language for language in editions() if language != SOURCE]
CATALOGUES = sorted(words.CATALOGUES.rglob("*.po"))
HAN_LETTER = re.compile(f"[{words.HAN}]")


# ---- the words are whole, and the books agree


def test_every_word_is_translated_and_well():
    found = translate.problems()
    assert not found, "\n".join(["", *found, "make translate lists these, too"])


@pytest.mark.parametrize("language", OTHERS)
def test_the_books_say_the_same(language):
    pages, others = (
        {path.stem: path for path in chapters.every(one)} for one in (SOURCE, language)
    )
    assert pages.keys() == others.keys()
    found = [
        f"{name}, {what}"
        for name in pages
        for what in books.differences(
            *(book[name].read_text(encoding="utf-8") for book in (pages, others))
        )
    ]
    assert not found, "\n".join(["", *found])


# What is changed in the Chinese chapter on participation, and what is said of it.
CHANGED = {
    "a value": (r"\{eval\}`f\.n_benefits`", "44", "values only in English: f.n_benefits"),
    "a row": (
        r"evidence\.md#cn-business-regulation",
        "evidence.md#bj-whistle",
        "links only in the other: evidence.md#bj-whistle",
    ),
    "a check": (
        r"check-standard-land",
        "check-12346",
        "links only in English: checks.md#check-standard-land",
    ),
    "a figure": (r"name: fig-voices", "name: fig-voice", "figures only in English: fig-voices"),
    "a section": (r"\n## (?=2\.2)", "\n", "sections, "),
    "a cell": (r"charts\.voices\(", "charts.verdicts(", "its cell 1 differs: charts.voices("),
    "a claim": (r"\n## (?=2\.2)", "\n% claim: f.n > 1\n\n## ", "claims only in the other: f.n > 1"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_difference_between_the_books_is_told_with_its_section(what):
    pattern, changed, expected = CHANGED[what]
    english, chinese = (
        (chapters.folder(one) / "participation.md").read_text(encoding="utf-8")
        for one in (SOURCE, "zh")
    )
    spoilt = re.sub(pattern, changed, chinese, count=1)
    assert spoilt != chinese
    found = list(books.differences(english, spoilt))
    assert any(expected in line for line in found), found


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: "/".join(p.parts[-2:]))
def test_msgfmt_accepts_every_catalogue(path):
    if not shutil.which("msgfmt"):
        must("msgfmt is missing (Debian: gettext)")
    done = subprocess.run(
        ["msgfmt", "--check-format", "--check-domain", "-o", os.devnull, path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("english", "chinese", "expected"),
    [
        ("{n} practices", "若干做法", "places for values"),
        ("Weights decide", "权重weights决定", "Latin words"),
        ("As CSV", "下载CSV", None),
        ("The column status_name", "status_name列", None),
        ("Two, three", "二,三", "full-width"),
        ("Two, three (of five)", "二、三(共五)", "full-width"),
        ("Two and 3", "二和 3", "no blank"),
        ("On precedents", "关于参照做法", None),
        ("On precedents", "关于前例", "the term “precedent"),
        ("1.1 Party building", "1.1 党建", None),
        # lines of prose, of which no English is known
        ("", "见[Lorenz等（2016）](method.md#source-lorenz-2016)，{eval}`f.n`项。", None),
        ("", "## 2.1 发展社会组织", None),
        ("", "共{eval}`f.n`项practices", "Latin words"),
        ("", "共{eval}`f.n`项,见表", "full-width"),
        ("", "共 {eval}`f.n`项", "no blank"),
    ],
)
def test_a_slip_is_told_and_what_is_right_is_not(english, chinese, expected):
    known = [(re.compile(r"\bprecedents?\b"), ["参照做法"])]
    slips = translate.slips(english, chinese, known, {"CSV"})
    found = list(slips if english else translate.slips_of_script(chinese))
    assert found == [] if expected is None else any(expected in what for what in found), found


FAULTS = {
    "untranslated": (r'(msgid "Download"\nmsgstr ")[^"]*', r"\1", "not translated"),
    "fuzzy": (r'(?=msgid "Download"\n)', "#, fuzzy\n", "fuzzy, because"),
    "stale": (r"\Z", '\nmsgid "Nobody says this"\nmsgstr "无此言"\n', "stale: no module"),
    "changed": (r'msgid "Download"', 'msgid "Downloads"', "new, or the English has changed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_whole_is_named_with_what_to_do(tmp_path, monkeypatch, fault):
    path = tmp_path / "zh_CN" / "LC_MESSAGES" / "casebook.po"
    shutil.copytree(words.CATALOGUES, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(translate, "CATALOGUES", tmp_path)
    monkeypatch.setattr(translate, "ROOT", tmp_path)
    pattern, changed, expected = FAULTS[fault]
    text = path.read_text(encoding="utf-8")
    spoilt = re.sub(pattern, changed, text, count=1)
    assert spoilt != text
    path.write_text(spoilt, encoding="utf-8")
    found = translate.problems()
    assert any(
        expected in line and line.startswith("zh_CN/LC_MESSAGES/casebook.po") for line in found
    ), found


def test_a_cell_without_its_translation_is_named(data, monkeypatch):
    table = (data / "answers.csv").read_text(encoding="utf-8")
    frame = pd.read_csv(data / "answers.csv", dtype=str, keep_default_na=False)
    (data / "answers.csv").write_text(
        table.replace(frame.reason_zh[0], "not mentioned"), encoding="utf-8"
    )
    monkeypatch.setattr(evidence, "DATA", data)
    assert any("answers.csv, row 2, column reason_zh" in line for line in translate.problems())


# ---- both editions say the same


def path_of(book, language, name):
    return (book if language == SOURCE else book / language) / f"{name}.html"


def soup_of(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def articles(book):
    """The article of every page, by edition and name."""
    return {
        (language, name): soup_of(path_of(book, language, f"chapters/{name}")).select_one(
            "article.bd-article"
        )
        for language in editions()
        for name in PAGES
    }


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_same_anchors_links_rows_and_values_in_every_edition(
    articles, language, name
):
    def ids(article):
        return [tag["id"] for tag in article.select("[id]")]

    def links(article):
        return [
            tag["href"]
            for tag in article.select("a[href]")
            if "row-link" in tag.get("class", []) or not tag["href"].startswith("#id")
        ]

    def rows(article):
        return [len(table.select("tbody tr")) for table in article.select("table.casebook")]

    def drawn(article):
        return [
            len(drawing.select("a, path, text")) > 0 for drawing in article.select(".chart-drawing")
        ]

    source, other = articles[SOURCE, name], articles[language, name]
    assert sorted(ids(source)) == sorted(ids(other))
    assert set(links(source)) == set(links(other))
    assert rows(source) == rows(other) and drawn(source) == drawn(other)


def cited(path):
    """What a reference notebook hands to the prose: {expression: text}."""
    return nbformat.read(path, as_version=4).metadata["expressions"]


def charts(path):
    """The charts of a reference notebook: their specifications."""
    outputs = [
        output for cell in nbformat.read(path, as_version=4).cells for output in cell.outputs
    ]
    specs = [
        content
        for output in outputs
        for mime, content in output.get("data", {}).items()
        if mime.endswith("+json")
    ]
    return [json.loads(spec) if isinstance(spec, str) else spec for spec in specs]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_the_same_numbers_are_cited_and_drawn_in_every_edition(language, name):
    source, other = (
        accept.reference_notebooks(one) / f"{name}.ipynb" for one in (SOURCE, language)
    )
    numbers = {key: value for key, value in cited(source).items() if re.fullmatch(r"\d+", value)}
    others = {key: re.sub(r"\D+$", "", value) for key, value in cited(other).items()}  # 2021年
    assert set(cited(source)) == set(others) and numbers.items() <= others.items()

    def facts(spec):
        """What the drawn rows say without words: how many, their codes and addresses."""
        wide, _ = drawings(spec)
        codes = ("province", "href", "status", "verdict", "n")
        rows = [row for rows in wide["datasets"].values() for row in rows]
        coded = sorted(str([row.get(code) for code in codes]) for row in rows)
        return len(frame_of(spec)["table"]["rows"]), coded

    assert [facts(spec) for spec in charts(source)] == [facts(spec) for spec in charts(other)]


# ---- nothing but the edition's language


def test_the_files_of_the_chinese_edition_are_chinese(book):
    downloads = book / "zh" / "downloads"
    for path in downloads.glob("charts/*.csv"):
        head = path.read_text(encoding="utf-8-sig").splitlines()[0]
        assert HAN_LETTER.search(head) and not re.search(r"[A-Za-z]{3}", head), path.name
    for path in downloads.glob("charts/*.svg"):
        title = re.search(r"<text[^>]*>([^<]+)</text>", path.read_text(encoding="utf-8"))[1]
        assert HAN_LETTER.search(title), path.name
    assert (downloads / "register.csv").read_bytes() == (
        book / "downloads" / "register.csv"
    ).read_bytes()


def test_no_label_of_a_chinese_drawing_is_wider_than_what_was_measured(read, site):
    """A machine without Chinese fonts would measure a label half as wide as it is drawn."""
    page = read(f"{site}/zh/chapters/index.html")
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".chart-wide svg")]
            .filter((svg) => svg.checkVisibility()).flatMap((svg) => {
          const box = svg.getBoundingClientRect();
          return [...svg.querySelectorAll("text")].filter((text) => {
            const of = text.getBoundingClientRect();
            return of.width && (of.left < box.left - 2 || of.right > box.right + 2);
          }).map((text) => text.textContent);
        })"""
    )
    assert cut == []


def test_the_chinese_title_breaks_between_words(read, site):
    page = read(f"{site}/zh/chapters/index.html")
    lines = page.locator(".logo__title").evaluate(
        """(title) => {
          const range = document.createRange(), lines = new Map();
          for (const text of title.childNodes) for (let at = 0; at < (text.length ?? 0); at += 1) {
            range.setStart(text, at); range.setEnd(text, at + 1);
            const { top } = range.getBoundingClientRect();
            lines.set(top, (lines.get(top) ?? "") + text.data[at]);
          }
          return [...lines.values()];
        }"""
    )
    assert lines == ["京沪粤浙社会治理做法", "及对江苏的启示"]


# ---- from one edition to the other


def test_the_switcher_keeps_page_section_and_settings(read, site):
    page = read(f"{site}/chapters/jiangsu.html?fig-precedents.who=CN-ZJ")
    page.locator("#shortlist, #fig-precedents").first.scroll_into_view_if_needed()
    section = page.evaluate(
        """() => [...document.querySelectorAll("article section[id]")].slice(1)
            .filter((section) => section.getBoundingClientRect().top < innerHeight / 4).at(-1).id"""
    )
    page.locator(".edition-switch").click()
    page.wait_for_url(f"{site}/zh/**")
    assert page.url == f"{site}/zh/chapters/jiangsu.html?fig-precedents.who=CN-ZJ#{section}"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("#fig-precedents select[name=who]").input_value() == "CN-ZJ"
    assert page.evaluate(
        f"Math.abs(document.getElementById('{section}').getBoundingClientRect().top)"
        " < innerHeight / 4"
    )
    page.locator(".edition-switch").click()
    page.wait_for_url(f"{site}/chapters/**")
    assert page.url.startswith(f"{site}/chapters/jiangsu.html?fig-precedents.who=CN-ZJ#")


@pytest.mark.parametrize("name", [*(f"chapters/{name}" for name in PAGES), "search"])
def test_each_page_names_its_other_edition(book, name):
    for language in editions():
        path = path_of(book, language, name)
        soup = soup_of(path)
        assert soup.html["lang"] == words.tag(language)
        links = soup.select("a[hreflang]")
        for link in links:
            other = soup_of((path.parent / link["href"]).resolve())
            assert other.html["lang"] == link["hreflang"] != soup.html["lang"]
        assert {link["hreflang"] for link in links} | {soup.html["lang"]} == {
            words.tag(one) for one in editions()
        }
        assert soup.select("link[hreflang]") == [], "relative ones, which search engines refuse"


def test_a_reader_who_prefers_chinese_gets_one_quiet_offer_and_no_redirect(read, site):
    page = read(
        f"{site}/chapters/index.html", locale="zh-CN", viewport={"width": 360, "height": 740}
    )
    offer = page.locator(".edition-offer")
    assert offer.is_visible() and HAN_LETTER.search(offer.inner_text())
    assert page.url == f"{site}/chapters/index.html"
    box = offer.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    offer.locator("button").click()
    assert not offer.is_visible()
    page.reload()
    assert not offer.is_visible()


@pytest.mark.parametrize(("edition", "locale"), [("", "en-GB"), ("zh/", "zh-CN")])
def test_a_reader_of_the_preferred_language_gets_none(read, site, edition, locale):
    page = read(f"{site}/{edition}chapters/index.html", locale=locale)
    assert not page.locator(".edition-offer").is_visible()


def test_the_page_for_a_lost_address_speaks_both_languages_and_leads_home(read, book, site):
    page = read(f"{site}/404.html")
    assert page.locator("section").count() == len(editions())
    assert HAN_LETTER.search(page.locator("[lang=zh-CN] h1").inner_text())
    lost = (book / "404.html").read_text(encoding="utf-8")
    for asked, edition_first in (("zh/chapters/gone.html", "zh-CN"), ("chapters/gone.html", "en")):
        page.route(
            f"**/{asked}",
            lambda route: route.fulfill(status=200, content_type="text/html", body=lost),
        )
        page.goto(f"{site}/{asked}")
        assert page.locator("section").first.get_attribute("lang") == edition_first
        page.locator("section a").first.click()
        page.wait_for_url("**/chapters/index.html")
        assert page.evaluate("document.documentElement.lang") == edition_first


def test_the_shortlist_speaks_chinese_in_all_that_its_script_writes(read, site):
    query = "shortlist=1&ask=documented&coding=contested&pick=gd-party-plan*gd-enforcement-platform"
    page = read(f"{site}/zh/chapters/jiangsu.html?{query}&place=XX&show=compare")
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    parts = [".shortlist-said", ".shortlist-notice", ".shortlist-weights", ".shortlist-tray"]
    parts += [".shortlist-compare", ".shortlist-memo"]
    texts = [page.locator(part).inner_text() for part in parts]
    texts += page.locator(".sure .words:visible").all_inner_texts()
    assert len(texts) > len(parts) + 3 and all(map(HAN_LETTER.search, texts))
    plain = " ".join(texts).replace("place=XX", "")
    assert left_in_latin([plain]) == []
    assert not re.search(f"[{words.HAN}][,;:!?]|[,;:!?][{words.HAN}]", plain)
