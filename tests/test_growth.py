"""A study grows by its data alone: other pioneers than today's four, as many as there are provinces, names of any script."""

import csv
import io
import itertools
import os
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from conftest import ROOT
from playwright.sync_api import expect

from casebook import charts, evidence, explorer, priorities, publish, tables

FRAME = {"finding": "A finding.", "caveat": "A caveat."}
NAMES = (
    "Hubei",
    "Inner Mongolia Autonomous Region",
    "Гуанси-Чжуанский автономный район",
    "شينجيانغ الويغورية",
    "Ningxia Hui Autonomous Region",
    "湖南",
    "新疆维吾尔自治区",
)
COUNTS = (2, 5, 8, 16, 31)
# Every line of text of a drawing that is no number in a bubble, as a rectangle, and the drawing's own. In the font that
# labels were measured with; a page leaves wider ones some room.
BOXES = """(svg) => {
  document.body.innerHTML = `<style>text { font-family: "Liberation Sans", Arial, Helvetica }</style>${svg}`;
  const box = (one) => { const r = one.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom, one.textContent]; };
  const lines = [...document.querySelectorAll("text")].flatMap((one) => (one.children.length ? [...one.querySelectorAll("tspan")] : [one]));
  return [box(document.querySelector("svg")), lines.filter((one) => !/^\\d*$/.test(one.textContent)).map(box)];
}"""


def grown(count):
    """Today's evidence with `count` pioneers: the first of today's, then copies of their practices under new codes and names."""
    ev = evidence.load()
    pioneers, others = (rows for _, rows in ev.provinces.groupby(ev.provinces.role != "pioneer"))
    places, practices, precedents = [pioneers[:count]], [ev.practices], [ev.precedents]
    for at in range(count - len(pioneers)):
        old, prefix = pioneers.iloc[at % len(pioneers)], f"x{at}-"
        name = NAMES[at % len(NAMES)] + (f" {at}" if at >= len(NAMES) else "")
        places.append(old.to_frame().T.assign(province=f"CN-X{at}", name=name, name_en=name, name_zh=name))
        own = ev.practices[ev.practices.province == old.province]
        practices.append(own.assign(practice=prefix + own.practice, province=f"CN-X{at}"))
        linked = ev.precedents[ev.precedents.practice.isin(own.practice)]
        precedents.append(linked.assign(practice=prefix + linked.practice))
    ev.provinces = pd.concat([*places, others], ignore_index=True)
    practices, precedents = pd.concat(practices, ignore_index=True), pd.concat(precedents, ignore_index=True)
    ev.practices = practices[practices.province.isin(ev.provinces.province)].reset_index(drop=True)
    ev.precedents = precedents[precedents.practice.isin(ev.practices.practice)].reset_index(drop=True)
    return ev


@pytest.fixture(scope="module")
def studies():
    return {count: grown(count) for count in COUNTS}


def forms(ev):
    """Every form of chart in which jurisdictions are columns, rows or labels, over all that `ev` has."""
    register = ev.register()
    levels = {level: ev.code_name("level", level) for level in dict.fromkeys(register.level)}
    names = {row.recommendation: row.section for row in ev.recommendations.itertuples()}
    voices = register.assign(code="both", code_name="both ways")
    return {
        "evidence_map": charts.evidence_map(ev.evidence_map(), **FRAME),
        "unit_matrix": charts.unit_matrix(register, by="level", order=levels, **FRAME),
        "strip": charts.strip(register, ev.subsections(), **FRAME),
        "precedents": charts.precedents(ev.precedents_of(), ev.measures, recommendation_names=names, **FRAME),
        "timeline": charts.timeline(register[register.section.str.startswith("3.")], **FRAME),
        "voices": charts.voices(voices[voices.section == "4.1"], ends=("residents", "government"), **FRAME),
    }


def drawings(chart):
    """The wide and the narrow drawing of a chart, as the page's SVG."""
    spec = publish.renderer(chart.to_dict())[publish.MIME]
    narrow = spec["usermeta"]["casebook"]["narrow"]
    narrow = {**narrow, "config": spec["config"], "datasets": {**spec["datasets"], **narrow["datasets"]}}
    return publish.to_svg(publish.bare(spec), "w", "alt"), publish.to_svg(narrow, "n", "alt")


def words_of(svg):
    """All that a drawing says, without the breaks of its lines."""
    return re.sub(r"[\s\u2068\u2069]+", "", re.sub(r"<[^>]+>", "", re.sub(r"<title>.*?</title>", "", svg)))


@pytest.mark.parametrize("count", COUNTS)
def test_every_chart_holds_for_2_to_31_pioneers_with_every_name_whole_and_nothing_on_top_of_another(studies, browser, count):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    ev = studies[count]
    for form, chart in forms(ev).items():
        for svg, width in zip(drawings(chart), (700, 330)):
            frame, texts = page.evaluate(BOXES, svg)
            assert frame[2] - frame[0] <= width, (form, count, "wider than the page")
            if form in ("evidence_map", "unit_matrix", "strip", "precedents"):
                said = words_of(svg)
                lost = [name for name in ev.pioneers().name if re.sub(r"\s", "", name) not in said]
                assert lost == [], (form, count, width)
            assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= 12
            out = [
                t[4] for t in texts if t[0] < frame[0] - 1 or t[2] > frame[2] + 1 or t[1] < frame[1] - 1 or t[3] > frame[3] + 1
            ]
            assert out == [], (form, count, width, "outside the drawing")
            texts.sort(key=lambda text: text[1])
            for one, other in itertools.combinations(texts, 2):
                if other[1] >= one[3] - 2:
                    continue
                apart = one[2] <= other[0] + 2 or other[2] <= one[0] + 2
                assert apart, (form, count, width, one[4], other[4])
    page.close()


@pytest.mark.parametrize("form", ["unit_matrix", "strip", "precedents", "timeline", "voices", "verdicts"])
def test_a_crowded_chart_has_no_words_a_mark_and_its_table_counts_what_its_file_lists(ev, monkeypatch, form):
    checks = ev.source_checks.assign(symbol=ev.source_checks.verdict, verdict_name=ev.source_checks.verdict)

    def made():
        chart = forms(ev)[form] if form != "verdicts" else charts.verdicts(checks, ev.sections, **FRAME)
        return publish.renderer(chart.to_dict())[publish.MIME]

    quiet = made()["usermeta"]["casebook"]
    monkeypatch.setattr(charts, "MANY", 5)
    crowded = made()
    page, frame = publish.to_html(crowded, "x"), crowded["usermeta"]["casebook"]
    drawings = "".join(re.findall("<svg.*?</svg>", page, flags=re.S))
    assert drawings.count("<svg") == 2 and "<title>" not in drawings and "<a " not in drawings
    assert frame["table"] == quiet["table"] and "counts" not in quiet
    counts, rows = frame["counts"]["table"], frame["table"]["rows"]
    assert sum(row[-1] for row in counts["rows"]) == len(rows) > len(counts["rows"])
    assert page.count("<tr") == len(counts["rows"]) + 1
    assert all(len(codes) == len(counts["rows"]) for codes in frame["counts"]["filters"].values())
    assert set(frame["counts"]["filters"]) == set(quiet["filters"])
    assert f"all {len(rows)} rows" in frame["caveat"] and publish.files(crowded)["csv"].count(b"\r\n") == len(rows) + 1


def test_what_filters_leave_of_a_long_register_is_all_there_for_a_screen_reader(studies, site, browser):
    markup, rows = tables.register(studies[31]).markup, studies[31].register()
    own = rows[rows.province == rows.province.iloc[-1]]
    assert 0 < len(own) < tables.LONG < len(rows)
    page = browser.new_page(viewport={"width": 1280, "height": 900})

    def grown_page(route):
        text = route.fetch().text()
        start = text.index('<form class="register-controls"')
        end = text.index("</table>", text.index('class="casebook cards register')) + len("</table>")
        route.fulfill(body=text[:start] + markup + text[end:], content_type="text/html; charset=utf-8")

    def read_out():
        nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        heads = [node["name"]["value"] for node in nodes if not node["ignored"] and node["role"]["value"] == "rowheader"]
        return [name for name in heads if name.startswith(tuple(rows.name))]

    page.route("**/evidence.html*", grown_page)
    page.goto(f"{site}/chapters/evidence.html")
    assert len(read_out()) < len(rows)
    page.select_option("select[name=province]", own.province.iloc[0])
    assert page.locator(".register-count").inner_text().startswith(f"{len(own)} of {len(rows)} ")
    expect(page.locator("table.register tbody:not([hidden]):not(.laid)")).to_have_count(0)
    assert len(read_out()) == len(own)
    page.select_option("select[name=province]", "")
    assert page.locator("table.register tbody.laid").count() == 0, "a long register is laid out as a whole"
    page.close()


@pytest.mark.parametrize("count", COUNTS)
def test_a_table_with_a_column_a_jurisdiction_goes_on_below_where_a_page_has_no_room(studies, count):
    ev = studies[count]
    stages = ev.register().assign(code="one")
    markup = str(tables.side_by_side(ev, stages[:40], "code", {"one": "One"}, "A caption").markup)
    for one in re.findall("<table.*?</table>", markup, flags=re.S):
        assert one.count('scope="col"') <= 1 + tables.COLUMNS
    assert all(f"{name}" in markup for name in ev.pioneers().name)
    assert markup.count('scope="col"') - markup.count("<table") == count


@pytest.mark.parametrize("count", COUNTS)
def test_breadth_is_a_share_of_the_pioneers_there_are(studies, count):
    ev = studies[count]
    breadth = priorities.values(ev).breadth
    named = priorities.links(ev).groupby("measure").province.nunique()
    assert (breadth == (named / count).reindex(breadth.index)).all() and breadth.max() <= 1
    worded = priorities.words(ev).breadth
    assert (worded[breadth < 1].str.endswith(f"of {count} pioneers")).all() and set(worded[breadth == 1]) <= {"all pioneers"}
    last = ev.pioneers().province.iloc[-1]
    state = priorities.State.parse(f"1.j{last.split('-')[1]}", ev)
    assert state.jurisdictions == (last,) and str(state) == f"1.j{last.split('-')[1]}"
    assert explorer.data(ev)["jurisdictions"][-1][0] == last


# ---- a fifth pioneer, by editing data/ alone

HUBEI = [
    ("1.2", "Hubei plan of social governance", "湖北省社会治理规划", "plan", "authority", "in_place"),
    ("2.1", "Hubei fund for social organisations", "湖北省社会组织发展基金", "programme", "treasure", "in_place"),
    ("2.2", "Hubei announcement on firms’ duties", "湖北省企业责任指引", "policy", "authority", "planned"),
    ("2.3", "Hubei residents’ forum", "湖北居民论坛", "mechanism", "nodality", "in_place"),
    ("3.1", "Hubei rule-of-law report", "湖北省法治报告", "report", "nodality", "in_place"),
    ("3.2", "Hubei rule-of-law programme", "湖北省法治工程", "programme", "organisation", "in_place"),
    ("3.3", "Hubei enforcement platform", "湖北省执法平台", "platform", "nodality", "in_place"),
    ("4.1", "Hubei one-stop service", "湖北“一站通办”", "service", "organisation", "in_place"),
    ("4.2", "Hubei digital plan", "湖北省数字规划", "plan", "authority", "in_place"),
    ("4.3", "Hubei city brain", "湖北“城市大脑”", "platform", "organisation", "under_way"),
]


def added(path, *rows, after=None):
    """Add rows to a table where they belong: after the row of the id `after`, in the order of sections, or at its end."""
    with path.open(encoding="utf-8", newline="") as file:
        old = list(csv.DictReader(file))
    at = next(place for place, row in enumerate(old) if next(iter(row.values())) == after) + 1 if after else len(old)
    every = [*old[:at], *rows, *old[at:]]
    if "section" in old[0]:
        with (path.parent / "sections.csv").open(encoding="utf-8", newline="") as file:
            order = [row["section"] for row in csv.DictReader(file)]
        every.sort(key=lambda row: order.index(row["section"]))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(old[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(every)
    path.write_text(text.getvalue(), encoding="utf-8")


def with_hubei(data):
    """Add Hubei to the tables in `data` as CONTRIBUTING says: a province, its place, ten practices, a list, readings, precedents."""
    added(data / "provinces.csv", dict(zip(("province", "name_en", "name_zh", "type", "role"), ("CN-HB", "Hubei", "湖北", "province", "pioneer"))), after="CN-ZJ")  # fmt: skip
    added(data / "places.csv", {"place": "湖北", "name_en": "Hubei", "province": "CN-HB", "level": "province", "locator": "0@1+2"})  # fmt: skip
    for at, (section, name_en, name_zh, kind, instrument, status) in enumerate(HUBEI, start=1):
        note = ("The article announces it.", "文章仅为宣布。") if status != "in_place" else ("not applicable", "not applicable")
        row = {
            "practice": f"hb-{at}",
            "province": "CN-HB",
            "section": section,
            "name_en": name_en,
            "name_zh": name_zh,
            "kind": kind,
        }
        row |= {"instrument": instrument, "level": "province", "status": status, "actors": "government", "evidence": name_zh}
        row |= dict.fromkeys(("year", "period_start", "period_end"), "not mentioned") | {
            "locator": f"{section}@{at}+{len(name_zh)}"
        }
        row |= {"note_en": note[0], "note_zh": note[1], "exception_en": "not applicable", "exception_zh": "not applicable"}
        added(data / "practices.csv", row)
    item = {
        "item": "hb-project-1",
        "practice": "hb-6",
        "position": "1",
        "name_en": "Villages",
        "name_zh": "乡村",
        "evidence": "乡村",
    }
    added(data / "items.csv", {**item, "locator": "3.2@9+2"})
    for practice, variable, code in (("hb-8", "layer", "application"), ("hb-9", "layer", "platform"), ("hb-4", "voice", "both")):
        reason = {"reason_en": "Named as such.", "reason_zh": "文章如此提到。"}
        added(data / "readings.csv", {"practice": practice, "variable": variable, "code": code, **reason})
        added(data / "precedents.csv", {"measure": "m-services", "practice": practice, "relation": "part", **reason})


@pytest.fixture(scope="module")
def fifth(tmp_path_factory):
    """The book with Hubei as a fifth pioneer, both editions, from a copy of the project in which only data/ was edited."""
    folder = tmp_path_factory.mktemp("fifth")
    for name in ("casebook", "data", "chapters", "locale"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("_config.yml", "_toc.yml", "CITATION.cff", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    with_hubei(folder / "data")
    command = [sys.executable, "-m", "casebook.build", "book"]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return folder / "_build" / "html"


@pytest.mark.parametrize(("edition", "name"), [("", "Hubei"), ("zh", "湖北")])
def test_a_fifth_pioneer_with_ten_practices_is_a_matter_of_data_alone(fifth, edition, name):
    chapters = fifth / edition / "chapters"
    pages = {path.stem: path.read_text(encoding="utf-8") for path in chapters.glob("*.html")}
    chart = re.search(r'id="fig-map".*?</figure>', pages["index"], flags=re.S)[0]
    assert all(name in words_of(svg) for svg in re.findall(r"<svg.*?</svg>", chart, flags=re.S)[:2]), "the evidence map"
    register = pages["evidence"]
    assert all(f'id="hb-{at}"' in register for at in range(1, 11)) and f'<option value="CN-HB">{name}' in register
    assert re.search(rf'<option value="CN-HB">{name}', pages["jiangsu"]), "the filter of the precedents"
    assert re.search(r'name="jurisdictions" value="CN-HB"', pages["jiangsu"]), "the explorer’s choice of jurisdictions"
    downloads = fifth / edition / "downloads"
    assert (downloads / "register.csv").read_text(encoding="utf-8").count("\nhb-") == 10
    assert name in (downloads / "register-excel.csv").read_text(encoding="utf-8")
    plain = re.sub(r"<[^>]+>", "", pages["index"])
    assert ("5个先行省市" if edition else "of 5 pioneers") in plain
    joint = "那里是一句话把它们并列提及" if edition else "where one sentence names them together"
    assert joint not in plain, "a sentence that is true of today's four only still stands"
