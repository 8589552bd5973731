"""The chart grammar: marks are rows, order and colours fixed, labels whole; every form renders."""

import ast
import csv
import html
import inspect
import io
import json
import re
import textwrap

import altair as alt
import pandas as pd
import pytest

from casebook import charts, escape, evidence, marks
from casebook.charts import matrices, theme
from casebook.charts.frame import frame_of
from casebook.charts.own import EXAMPLE
from casebook.charts.renderer import MIME, renderer
from casebook.charts.text import HAN_WIDTH, expression, lines_of, width_of
from casebook.charts.theme import COLOURS
from casebook.facts import jiangsu, places
from casebook.facts.checks import checks_with_names
from casebook.site import drawing, figure
from casebook.study import PACKAGE

FRAME = {"finding": "A finding.", "caveat": "A caveat."}
CSS = (PACKAGE / "site" / "static" / "book.css").read_text(encoding="utf-8")


def of_theme(ev, theme="1."):
    """The register's rows of one theme."""
    register = ev.register()
    return register[register.section.str.startswith(theme)]


def public_voices(ev):
    return ev.read_as("voice").query("section == '2.3'")


# One small example of every form: built, serialised and rendered below.
FORMS = {
    "evidence_map": lambda ev: charts.evidence_map(ev.evidence_map(), **FRAME),
    "bars": lambda ev: charts.bars(ev.register(), by="level", **FRAME),
    "unit_matrix": lambda ev: charts.unit_matrix(
        of_theme(ev), by="level", order={"province": "provincial", "community": "own"}, **FRAME
    ),
    "verdicts": lambda ev: charts.verdicts(checks_with_names(ev), ev.sections, **FRAME),
    "voices": lambda ev: charts.voices(
        public_voices(ev), ends=("residents", "government"), **FRAME
    ),
    "profiles": lambda ev: charts.profiles(places.profile_rows(ev), ev.codes, **FRAME),
    "years": lambda ev: charts.years(
        of_theme(ev).assign(seen_year=ev.seen_year(of_theme(ev))), **FRAME
    ),
    "known": lambda ev: charts.known(jiangsu.best_known(ev), ev.codes, 95, **FRAME),
    "precedents": lambda ev: charts.precedents(
        ev.precedents_of().assign(sure=True),
        ev.measures,
        jiangsu.ground(ev),
        recommendation_names={name: name for name in ev.recommendations.recommendation},
        **FRAME,
    ),
}
of_every_form = pytest.mark.parametrize("name", FORMS)


@pytest.fixture(scope="module")
def specs(ev):
    return {name: renderer(form(ev).to_dict())[MIME] for name, form in FORMS.items()}


def rows_with(spec, field):
    """The drawn rows that have `field`, of the wide form."""
    return [row for rows in figure.bare(spec)["datasets"].values() for row in rows if field in row]


def test_every_form_has_its_example():
    """A form is what finishes its chart in a frame; `finish` does so with a given one."""
    finish = re.compile(r"\breturn framed\(")
    public = {
        name
        for name, one in vars(charts).items()
        if inspect.isfunction(one) and finish.search(inspect.getsource(one))
    }
    assert public - {"finish"} == set(FORMS)


@of_every_form
def test_a_form_survives_json_and_renders_in_both_widths(specs, name):
    spec = json.loads(json.dumps(specs[name]))
    assert figure.to_html(spec, "x") == figure.to_html(specs[name], "x"), "not twice the same"
    page = html.unescape(figure.to_html(spec, "x"))
    assert page.count("<svg") == 2
    for words in ("A finding.", "A caveat.", "Qiu Yuting", spec["description"]):
        assert words in page
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', page)) >= 12
    assert not re.search(r'(?:fill|stroke)="#', page), "a colour that dark mode cannot change"
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_evidence_map_has_a_mark_or_a_word_for_every_cell(ev, specs):
    grid = ev.evidence_map()
    page = figure.to_svg(figure.bare(specs["evidence_map"]), "x", "alt")
    assert sum(row["n"] > 0 for row in rows_with(specs["evidence_map"], "n")) == (grid.n > 0).sum()
    assert page.count("not mentioned") == (grid.n == 0).sum()
    for row in grid[grid.n > 0].itertuples():
        assert f'href="evidence.html#cell-{row.section}-{row.province}"' in page
    heads = [
        re.search(f">{name}<", page).start()
        for name in ("Beijing", "Shanghai", "Guangdong", "Zhejiang")
    ]
    assert heads == sorted(heads) and page.count(">municipality<") == page.count(">province<") == 2


def test_a_unit_matrix_has_one_mark_a_practice(ev, specs):
    rows = of_theme(ev).query("level in ['province', 'community']")
    drawn = rows_with(specs["unit_matrix"], "status")
    assert sorted(row["href"] for row in drawn) == sorted(rows.href)


def test_alt_text_counts_practices_and_not_marks(ev):
    rows = of_theme(ev, "2.1")
    actors = rows.assign(code=rows.actors.str.split(evidence.JOIN, regex=False)).explode("code")
    order = {actor: actor for actor in actors.code.unique()}
    spec = charts.unit_matrix(actors, by="code", order=order, **FRAME).to_dict()
    for words in (f"{len(rows)} practices", f"drawn as {len(actors)} marks"):
        assert words in spec["description"]


def test_the_symbol_of_a_code_is_the_same_in_charts_and_in_the_codebook(ev):
    assert {code: ev.symbol("status", code) for code in matrices.STATUS} == matrices.STATUS
    assert set(ev.codes.code[ev.codes.variable == "status"]) == set(matrices.STATUS)
    assert set(ev.codes.code[ev.codes.variable == "relation"]) == set(matrices.RELATION)


@pytest.mark.parametrize(
    ("name", "by"),
    {"unit_matrix": "status", "precedents": "relation", "verdicts": "verdict"}.items(),
)
def test_a_symbol_is_a_shape_and_the_key_draws_and_names_those_that_occur(ev, specs, name, by):
    page = figure.to_svg(figure.bare(specs[name]), "x", "alt")
    shown = {row[by] for row in rows_with(specs[name], by)}
    key = re.search(r'class="[^"]*role-legend".*', page, re.S)[0]
    for code in ev.codes.code[ev.codes.variable == by]:
        assert (f">{ev.code_name(by, code)}<" in key) == (code in shown), code
    assert key.count("<path") >= len(shown)


@of_every_form
def test_no_chart_types_a_symbol(specs, name):
    """A font may lack it, or draw a hollow disc as a full one."""
    page = figure.to_html(specs[name], "x")
    typed = "[●◐◇○✓≠]|± [a-z]"
    assert not re.search(typed, re.sub("<[^>]+>", " ", page)) and not re.search(
        typed, specs[name]["description"]
    )
    assert not re.search(typed, " ".join(specs[name]["title"]["subtitle"]))


def test_every_shape_fills_the_square_that_vega_expects():
    for symbol, path in marks.MARKS.items():
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
        assert 0.9 <= max(map(abs, numbers)) <= 1.1, symbol


def test_a_form_draws_every_row_once(ev, specs):
    for name, rows in (("voices", public_voices(ev)), ("verdicts", ev.claims())):
        drawn = {row["tip"] for row in rows_with(specs[name], "tip")}
        assert len(drawn) == len(rows), name


@of_every_form
def test_the_table_beside_a_chart_has_a_row_for_every_mark(specs, name):
    table = frame_of(specs[name])["table"]
    assert all(len(row) == len(table["columns"]) for row in table["rows"]) and len(
        table["href"]
    ) == len(table["rows"])
    assert not any(
        str(cell) in ("", "nan", "<NA>", "None") for row in table["rows"] for cell in row
    )
    drawn = {row["href"] for row in rows_with(specs[name], "href") if "tip" in row or "step" in row}
    assert drawn == {href for href in table["href"] if href}


@of_every_form
def test_every_mark_with_words_has_them_in_the_page(specs, name):
    """Words of a mark come from its description, and stand in its title element."""
    words = {row["tip"] for row in rows_with(specs[name], "tip")}
    page = html.unescape(figure.to_html(specs[name], "x"))
    titles = set(re.findall(r"<title>(.*?)</title>", page))
    assert titles <= words and len(titles) >= len(words)


@of_every_form
def test_what_can_be_taken_along_holds_the_rows_the_caveat_and_twice_the_size(specs, name):
    spec, got = specs[name], figure.files(specs[name])
    table = frame_of(spec)["table"]
    rows = list(csv.reader(io.StringIO(got["csv"].decode("utf-8-sig"))))
    assert rows[0][:-1] == table["columns"]
    assert [row[:-1] for row in rows[1:]] == [[str(cell) for cell in row] for row in table["rows"]]
    picture = html.unescape(got["svg"].decode("utf-8"))
    assert "A finding." in picture and "A caveat." in picture and "Qiu Yuting" in picture
    width = int.from_bytes(got["png"][16:20], "big")
    assert (
        got["png"].startswith(b"\x89PNG")
        and abs(width - 2 * float(re.search(r'width="([\d.]+)"', picture)[1])) <= 2
    )
    whole = json.loads(got["json"])
    assert whole.pop("usermeta") == {"href": figure.address_heading()}
    assert whole == {**figure.bare(spec), "title": spec["title"]}
    assert set(whole["datasets"]) <= set(spec["datasets"]) and whole["datasets"]


def test_a_drawing_is_taken_from_the_cache_when_nothing_changed(specs, tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "CACHE", tmp_path)
    first = figure.to_html(specs["years"], "x")
    monkeypatch.setattr(
        drawing.vl_convert, "vegalite_to_svg", lambda *a, **k: pytest.fail("drawn again")
    )
    assert figure.to_html(specs["years"], "x") == first


def test_years_draws_a_dot_for_each_date_filled_where_the_article_gives_it(ev, specs):
    dots = {row["href"]: row["full"] for row in rows_with(specs["years"], "full")}
    rows = of_theme(ev)
    dated = set(rows[rows.dated != "not mentioned"].href)
    seen = set(rows.href[ev.seen_year(rows).notna()])
    assert dots == {**dict.fromkeys(seen, 0), **dict.fromkeys(dated, 1)}
    places = {(row["hue"], row["first_year"], row["up"]) for row in rows_with(specs["years"], "up")}
    assert len(places) == len(dots), "one dot lies on another"


def test_profiles_has_a_bar_as_long_as_its_count_on_one_scale(ev, specs):
    numbers = rows_with(specs["profiles"], "text")
    ends = {(row["row"], row["end"]): row["n"] for row in numbers}
    bars = rows_with(specs["profiles"], "x")
    [scale] = {round((row["end"] - row["x"]) / ends[row["row"], row["end"]], 3) for row in bars}
    assert scale > 0 and {row["text"] for row in numbers if not row["n"]} == {"–"}
    assert sum(row["n"] for row in numbers) == len(places.profile_rows(ev))


def test_known_counts_each_practice_once_a_question(ev, specs):
    counts = {}
    for row in rows_with(specs["known"], "text"):
        counts[row["row"]] = counts.get(row["row"], 0) + row["n"]
    questions = ev.codes.code[ev.codes.variable == "question"]
    assert counts == dict.fromkeys(questions, 95)


def test_precedents_carries_two_selections_and_every_link(ev, specs):
    spec = specs["precedents"]
    assert {param["name"] for param in spec["params"]} == {"who", "which"}
    assert len(rows_with(spec, "relation")) == len(ev.precedents)
    assert 'class="chart live"' in figure.to_html(spec, "x")
    live = json.loads(figure.for_live(spec, "x").partition(" = ")[2].rstrip(";\n"))
    assert live.keys() == {"wide", "narrow"} and "bind" not in str(live)


def test_a_filter_goes_by_codes_and_shows_names(ev, specs):
    """An address with a filter in it works in every edition."""
    page = figure.to_html(specs["precedents"], "x")
    assert '<option value="all">all</option><option value="CN-BJ">Beijing</option>' in page
    rows = re.findall(r'<tr data-which="([\w-]+)" data-who="([\w-]+)">', page)
    pairs = ev.precedents_of()
    assert rows == list(zip(pairs.recommendation, pairs.province))
    assert set(ev.recommendations.recommendation) < set(
        re.findall(r'<option value="([\w-]+)">', page)
    )


@pytest.mark.parametrize("width", [8, 19, 42, 95])
def test_english_breaks_as_textwrap_does(ev, width):
    for text in [*ev.practices.name_en, *ev.measures.name_en, *ev.recommendations.name_en]:
        assert lines_of(text, width) == textwrap.wrap(text, width, break_long_words=False)


@pytest.mark.parametrize("width", [19, 42, 95])
def test_chinese_breaks_between_characters_but_not_before_a_mark_nor_within_a_number(ev, width):
    marked = (
        "截至2019年底，全国有86.3万个社会组织（其中江苏最多）；"
        "“放管服”改革于2018—2020年推进，见CSV文件。"
    )
    for text in [marked, *ev.practices.name_zh]:
        lines = lines_of(text, width)
        assert "".join(lines) == text and all(width_of(line) <= width for line in lines)
        assert not any(re.search(r"^[，。、；：？！）》”’]|[（《“‘]$", line) for line in lines)
        for whole in re.findall(r"[A-Za-z]+|[\d.]+\w", text):
            assert any(whole in line for line in lines), whole


# Words that a reader found on two lines, in a label of a chart.
WHOLE = {
    "转变政府职能，构建科学职责分工": "转变 政府 职能 构建 科学 职责 分工",
    "支持社会参与，营造多元协同共治": "支持 社会 参与 营造 多元 协同 共治",
    "健全法治体系，保障治理实施效力": "健全 法治 体系 保障 治理 实施 效力",
    "运用科技手段，逐步转向智能治理": "运用 科技 手段 逐步 转向 智能 治理",
    "生态环境治理": "生态 环境 治理",
    "城市精细化管理": "城市 精细化 管理",
    "粤港澳大湾区法治服务保障": "粤港澳 大湾区 法治 服务 保障",
    "法治化国际化营商环境建设": "法治化 国际化 营商 环境 建设",
    "公共法律服务高地建设": "公共 法律 服务 高地 建设",
    "拟议重点领域": "拟议 重点 领域",
    "完善社区共治自治机制": "完善 社区 共治 自治 机制",
    "构建现代社会组织体制": "构建 现代 社会 组织 体制",
    "健全矛盾预防化解体系": "健全 矛盾 预防 化解 体系",
    "简政放权、放管结合、优化服务改革": "简政 放权 放管 结合 优化 服务 改革",
    "《社会组织登记管理条例（草案征求意见稿）》": "社会 组织 登记 管理 条例 草案 意见",
    "浙江省数字化转型标准化建设方案": "浙江省 数字化 转型 标准化 建设 方案",
    "政务数据资源共享": "政务 数据 资源 共享",
    "应用大数据、云计算、人工智能、区块链": "应用 大数据 云计算 人工智能 区块链",
    "《法治广东建设第二个五年规划》": "法治 广东 建设 第二个 五年 规划",
    "《2018年推进法治政府建设工作要点》": "2018年 推进 法治 政府 建设 工作 要点",
}


@pytest.mark.parametrize("width", [10, 14, 19, 24, 29])
@pytest.mark.parametrize("label", WHOLE)
def test_a_label_in_chinese_breaks_between_words(label, width):
    lines = lines_of(label, width)
    assert "".join(lines) == label and all(width_of(line) <= width for line in lines)
    for word in WHOLE[label].split():
        assert any(word in line for line in lines), (word, lines)


def test_a_title_stays_on_one_line_where_a_line_more_is_enough():
    assert lines_of("北京（直辖市）：《北京市“十三五”时期社会治理规划》", 42) == [
        "北京（直辖市）：",
        "《北京市“十三五”时期社会治理规划》",
    ]
    assert len(lines_of("《优化营商环境条例》", 10)) == 2, "a longer one breaks between its words"


def test_lines_of_chinese_are_of_about_one_length():
    for name in ("创新城市管理服务模式", "完善政务服务平台和企业社会责任评价体系"):
        widths = [width_of(line) for line in lines_of(name, 16)]
        assert len(widths) > 1 and min(widths) > max(widths) / 2, name


def test_a_label_cannot_end_the_string_that_it_stands_in():
    assert escape.in_expression("it's") == r"'it\'s'"
    assert (
        expression("{a}: {b} of it", a="datum.a", b="datum.b")
        == "datum.a + ': ' + datum.b + ' of it'"
    )


def test_a_tooltip_names_jurisdiction_type_status_and_date(specs):
    tip = rows_with(specs["unit_matrix"], "tip")[0]["tip"]
    assert re.search(r"\((municipality|province|national)\)", tip) and "reported" in tip


def test_every_colour_of_the_theme_has_a_variable_in_light_and_dark():
    light, dark = CSS.split('html[data-theme="dark"]')[:2]
    for name, value in {name.lower(): value for name, value in COLOURS.items()}.items():
        assert f"--chart-{name}: {value};" in light
        assert re.search(rf"--chart-{name}: #[0-9a-f]{{6}};", dark.split("}")[0]), name


def test_a_live_chart_has_the_fonts_of_the_page():
    stacks = dict(re.findall(r"^(:root|:lang\(zh-CN\)) { --font: ([^;]+);", CSS, re.M))
    assert stacks[":root"] == theme.ON_PAGE
    assert stacks[":lang(zh-CN)"] == f"{theme.HAN}, {theme.LATIN}, sans-serif"
    assert "font-family: var(--font)" in re.search(r"^\.chart-svg {.*", CSS, re.M)[0]


def contrast(one, two):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "paper"), [("light", "#ffffff"), ("dark", "#14181e")])
def test_marks_and_text_stand_out_in_both_themes(theme, paper):
    own = (PACKAGE / "shortlist" / "static" / "shortlist.css").read_text(encoding="utf-8")
    colours = {}
    for css in (own, CSS):
        block = css.split('html[data-theme="dark"]')[0 if theme == "light" else 1].split("}\n")[0]
        colours |= dict(re.findall(r"--(?:chart|verdict)-([\w-]+): (#[0-9a-f]{6})", block))
    for name in (*(f"place-{at}" for at in range(1, evidence.HUES + 1)), "national"):
        assert contrast(colours[name], paper) >= (2.99 if name == "place-4" else 3), (theme, name)
    criteria = [colours[f"criterion-{n}"] for n in range(1, 9)]
    assert colours["paper"] == paper and all(contrast(one, paper) >= 4.5 for one in criteria), (
        "their numbers stand on them in paper"
    )
    for name in ("ink", "muted", "contradicted", "refined", "confirmed", "not-found"):
        assert contrast(colours[name], paper) >= 4.5, (theme, name)


@pytest.mark.parametrize("part", ["finding", "caveat"])
def test_a_chart_without_a_part_of_its_frame_is_refused(ev, part):
    with pytest.raises(ValueError, match=f"needs its {part}"):
        charts.evidence_map(ev.evidence_map(), **{**FRAME, part: " "})
    with pytest.raises(ValueError, match=f"needs its {part}"):
        charts.bars(ev.register(), by="level", **{**FRAME, part: " "})


def test_bars_count_the_practices_with_each_code_and_an_empty_one_is_0(ev):
    names = {"community": "community", "no": "of no practice", "city": "city"}
    chart = charts.bars(ev.register(), by="level", order=names, **FRAME)
    counted = [list(row) for row in frame_of(chart.to_dict())["table"]["rows"]]
    found = ev.practices.level.value_counts()
    assert counted == [["community", found.community], ["of no practice", 0], ["city", found.city]]


# Charts of Altair's own, each at the end of a cell's code.
PLAIN = {
    "a bar chart": """alt.Chart(ev.practices).mark_bar().encode(x="count()", y="level")""",
    "colours that Altair chooses": """(
    alt.Chart(ev.practices)  # with a comment, "a string" and brackets
    .mark_bar()
    .encode(x="count()", y="level", color="province")
)""",
    "layers": """bars = alt.Chart(ev.register()).mark_bar().encode(x="count()", y="kind")
bars + bars.mark_text(dx=10).encode(text="count()")""",
    "several views": """base = alt.Chart(ev.practices).mark_point().encode(x="year", y="level")
base.properties(width=100) | base.properties(width=100)""",
    "no sentence at its end": """chart = alt.Chart(ev.practices).mark_tick().encode(x="year")""",
}


def run(code, names):
    """Run a cell's code as a kernel does: its last expression."""
    *before, last = ast.parse(code).body
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    exec(compile(ast.Module([last], []), "cell", "exec"), names)
    return names["chart"]


@pytest.mark.parametrize("name", PLAIN)
def test_what_the_build_offers_to_paste_around_a_chart_of_ones_own_is_published(ev, name):
    names = {"alt": alt, "ev": ev}
    spec = renderer(run(PLAIN[name], names).to_dict())[MIME]
    with pytest.raises(figure.ChartError) as refused:
        figure.to_html(spec, "x", code=PLAIN[name])
    sentence, example = str(refused.value).split("\n\n", 1)
    assert "\n" not in sentence
    for part in ("finding", "what is counted", "caveat", "alt text"):
        assert part in sentence
    with pytest.raises(ValueError, match="example's finding, counted, caveat, alt_text: write"):
        run(example, names)
    for part, text in EXAMPLE.items():
        example = example.replace(text, f"{text} In words of one's own, as {part}.")
    spec = renderer(run(example, names).to_dict())[MIME]
    page = figure.to_html(spec, "x")
    table = frame_of(spec)["table"]
    assert len(table["rows"]) == len(ev.practices) and table["columns"][0] == "practice"
    assert "What the chart shows, as a sentence." in page and "Qiu Yuting" in page
    assert figure.files(spec)["png"].startswith(b"\x89PNG")
    assert not re.search(r'(?:fill|stroke)="#', page), "a colour that dark mode cannot change"
    if name != "several views":
        widths = [
            float(width) for width in re.findall(r'class="chart-svg".*? width="([\d.]+)"', page)
        ]
        assert widths[0] <= 700 and widths[1] <= 330


def test_a_chart_of_ones_own_has_the_table_that_it_is_given(ev):
    chart = (
        alt.Chart(pd.DataFrame({"code": ["a", "b"], "n": [1, None]}))
        .mark_bar()
        .encode(x="n", y="code")
    )
    frame = {**FRAME, "counted": "Things.", "alt_text": "Two bars."}
    rows = pd.DataFrame({"Code": ["A", "B"], "Number": [1, None], "href": ["checks.html#a", ""]})
    spec = renderer(charts.finish(chart, rows, **frame).to_dict())[MIME]
    table = frame_of(spec)["table"]
    assert table == {
        "columns": ["Code", "Number"],
        "rows": [["A", 1], ["B", "–"]],
        "href": ["checks.html#a", ""],
    }
    assert '<a href="checks.html#a">A</a>' in figure.to_html(spec, "x")
    for part in frame:
        with pytest.raises(ValueError, match=f"a chart needs its {part.replace('_', ' ')}"):
            charts.finish(chart, rows, **{**frame, part: ""})


def test_remote_data_and_foreign_colours_are_refused(specs):
    spec = json.loads(json.dumps(specs["bars"]))
    spec["layer"][0]["data"] = {"url": "https://example.org/data.csv"}
    with pytest.raises(figure.ChartError, match=r"remote data \(https://example.org/data.csv\)"):
        figure.to_html(spec, "x")
    spec = json.loads(json.dumps(specs["bars"]).replace(COLOURS["national"], "#abcdef"))
    with pytest.raises(figure.ChartError, match="the colour #abcdef"):
        figure.to_html(spec, "x")


def test_a_width_is_the_same_on_every_python():
    """Python 3.12 rounds a sum of fractions otherwise than 3.11; a line broke earlier."""
    assert all(width_of("治" * n) == HAN_WIDTH * n for n in range(100))
