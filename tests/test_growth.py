"""A study grows by its data alone: other and more pioneers, with names of any script."""

import itertools
import re

import pandas as pd
import pytest

from casebook import charts, evidence, shortlist, tables
from casebook.charts.frame import drawings
from casebook.charts.renderer import MIME, renderer
from casebook.facts import jiangsu, places
from casebook.site import figure
from casebook.tables import html

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
# Every line of text of a drawing that is no number in a bubble, as a rectangle, and the drawing's
# own. In the font that labels were measured with; a page leaves wider ones some room.
BOXES = """(svg) => {
  const style = '<style>text { font-family: "Liberation Sans", Arial, Helvetica }</style>';
  document.body.innerHTML = style + svg;
  const box = (element) => {
    const rect = element.getBoundingClientRect();
    return [rect.left, rect.top, rect.right, rect.bottom, element.textContent];
  };
  const linesOf = (text) => (text.children.length ? [...text.querySelectorAll("tspan")] : [text]);
  const lines = [...document.querySelectorAll("text")].flatMap(linesOf);
  const worded = lines.filter((line) => !/^\\d*$/.test(line.textContent));
  return [box(document.querySelector("svg")), worded.map(box)];
}"""


def grown(count):
    """Today's evidence with `count` pioneers.

    They are the first of today's, then copies of their practices under new codes and names.
    """
    ev = evidence.load()
    pioneers, others = (rows for _, rows in ev.provinces.groupby(ev.provinces.role != "pioneer"))
    places, practices, precedents = [pioneers[:count]], [ev.practices], [ev.precedents]
    for at in range(count - len(pioneers)):
        old, prefix = pioneers.iloc[at % len(pioneers)], f"x{at}-"
        name = NAMES[at % len(NAMES)] + (f" {at}" if at >= len(NAMES) else "")
        places.append(
            old.to_frame().T.assign(province=f"CN-X{at}", name=name, name_en=name, name_zh=name)
        )
        own = ev.practices[ev.practices.province == old.province]
        practices.append(own.assign(practice=prefix + own.practice, province=f"CN-X{at}"))
        linked = ev.precedents[ev.precedents.practice.isin(own.practice)]
        precedents.append(linked.assign(practice=prefix + linked.practice))
    ev.provinces = pd.concat([*places, others], ignore_index=True)
    rows = pd.concat(practices)
    ev.practices = rows[rows.province.isin(ev.provinces.province)].reset_index(drop=True)
    rows = pd.concat(precedents)
    ev.precedents = rows[rows.practice.isin(ev.practices.practice)].reset_index(drop=True)
    return ev


@pytest.fixture(scope="module")
def studies():
    return {count: grown(count) for count in COUNTS}


def forms(ev):
    """Every form of chart in which jurisdictions are columns, rows or labels, of all of `ev`."""
    register = ev.register()
    levels = {level: ev.code_name("level", level) for level in dict.fromkeys(register.level)}
    names = {row.recommendation: row.section for row in ev.recommendations.itertuples()}
    voices = register.assign(code="both", code_name="both ways")
    return {
        "evidence_map": charts.evidence_map(ev.evidence_map(), **FRAME),
        "unit_matrix": charts.unit_matrix(register, by="level", order=levels, **FRAME),
        "precedents": charts.precedents(
            ev.precedents_of().assign(sure=True),
            ev.measures,
            jiangsu.ground(ev),
            recommendation_names=names,
            **FRAME,
        ),
        "profiles": charts.profiles(places.profile_rows(ev), ev.codes, **FRAME),
        "years": charts.years(register.assign(seen_year=ev.seen_year(register)), **FRAME),
        "voices": charts.voices(
            voices[voices.section == "4.1"], ends=("residents", "government"), **FRAME
        ),
    }


def svgs(chart):
    """The wide and the narrow drawing of a chart, as the page's SVG."""
    for drawing in drawings(renderer(chart.to_dict())[MIME]):
        yield figure.to_svg(drawing, "x", "alt")


def words_of(svg):
    """All that a drawing says, without the breaks of its lines."""
    return re.sub(r"<title>.*?</title>|<[^>]+>|[\s\u2068\u2069]+", "", svg)


@pytest.mark.long
@pytest.mark.parametrize("count", COUNTS)
def test_every_chart_holds_for_2_to_31_pioneers_with_every_name_whole_and_nothing_on_top_of_another(
    studies, browser, count
):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    ev = studies[count]
    for form, chart in forms(ev).items():
        for svg, width in zip(svgs(chart), (700, 330)):
            (left, top, right, bottom, _), texts = page.evaluate(BOXES, svg)
            assert right - left <= width, (form, count, "wider than the page")
            if form in ("evidence_map", "unit_matrix", "profiles", "years", "precedents"):
                words = words_of(svg)
                names = [re.sub(r"\s", "", name) for name in ev.pioneers().name]
                assert [name for name in names if name not in words] == [], (form, count, width)
            assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= 12
            for box in texts:
                inside = box[0] >= left - 1 and box[1] >= top - 1
                inside = inside and box[2] <= right + 1 and box[3] <= bottom + 1
                assert inside, (form, count, width, box[4], "outside the drawing")
            texts.sort(key=lambda text: text[1])
            for one, other in itertools.combinations(texts, 2):
                if other[1] >= one[3] - 2:
                    continue
                apart = one[2] <= other[0] + 2 or other[2] <= one[0] + 2
                assert apart, (form, count, width, one[4], other[4])
    page.close()


@pytest.mark.parametrize("count", COUNTS)
def test_a_table_with_a_column_a_jurisdiction_goes_on_below_where_a_page_has_no_room(
    studies, count
):
    ev = studies[count]
    stages = ev.register().assign(code="one")
    markup = str(tables.side_by_side(ev, stages[:40], "code", {"one": "One"}, "A caption").markup)
    for one in re.findall("<table.*?</table>", markup, flags=re.S):
        assert one.count('scope="col"') <= 1 + html.COLUMNS
    assert all(f"{name}" in markup for name in ev.pioneers().name)
    assert markup.count('scope="col"') - markup.count("<table") == count


@pytest.mark.parametrize("count", COUNTS)
def test_the_shortlist_has_the_practices_of_all_pioneers_and_a_choice_for_each(studies, count):
    ev = studies[count]
    listed = shortlist.order(ev, shortlist.State(ask="documented"))
    own = ev.practices[ev.practices.province.isin(ev.pioneers().province)].practice
    assert set(listed.index) == set(own) & set(ev.precedents.practice)
    last = ev.pioneers().province.iloc[-1]
    state = shortlist.State.parse(f"place={last}", ev)
    assert state.place == last and str(state) == f"shortlist=1&place={last}"
    assert shortlist.data(ev)["allowed"]["place"][-1] == last
