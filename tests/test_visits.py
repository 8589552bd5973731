"""Every page as a reader meets it, in both editions and at two widths: opened once, with everything
asked in that visit.

The order is that of a reader: the page loads, is looked at as it stands, then all that opens is
opened, then it is dark.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE, wait_until
from latin import left_in_latin, texts_of
from playwright.sync_api import Page
from test_pages import PAGES
from test_shortlist import SET, settled

from casebook import shortlist
from casebook.words import SOURCE, editions, tag

HEIGHTS = {1280: 900, 360: 740}
NAMES = [*(f"chapters/{name}" for name in PAGES), "search"]
# A choice in the shortlist: weights, a judgement, two practices side by side.
CHOSEN = (
    "shortlist=1&weights=100-20-0-20-20-50-50-50&priority=zj-one-visit_4"
    "&pick=zj-one-visit*sh-one-network-service&show=compare"
)
CHART = "#fig-precedents"

# Note in window.moved what moves: [how much, what]. Less than a thousandth, or only a badge's mark
# and the blank before it, is a badge that goes to its line while its paragraph still arrives.
MOVED = r"""{
  window.moved = [];
  const text = ({ node }) => (node?.outerHTML || node?.textContent || "").slice(0, 120);
  const ofBadge = ({ node }) => node?.data
    ? /^[\s\u2060]*$/.test(node.data) : node?.closest?.(".verdict .symbol");
  const note = ({ value, sources }) => {
    if (value >= 0.001 && !sources.every(ofBadge)) window.moved.push([value, ...sources.map(text)]);
  };
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
  observer.observe({ type: "layout-shift", buffered: true });
}"""
# As a reader scrolls: a window at a time, each of them painted.
SCROLLED = """async () => {
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  for (let windows = 0; windows < 6; windows += 1) {
    scrollBy(0, innerHeight);
    await frame();
    await frame();
  }
  scrollTo(0, 0);
  return window.moved;
}"""
# Fields that stand elsewhere while those behind them have not come, nor all of their own choices.
MOVED_BY_WHAT_COMES = """() => [...document.querySelectorAll("main form, main .chart-filters")]
  .flatMap((form) => {
    const part = form.cloneNode(true), moved = [];
    form.replaceWith(part);
    const fields = [...part.children].filter((field) => field.offsetParent);
    const place = (field) => {
      const { left, top, width } = field.getBoundingClientRect();
      return [left, top, width].map(Math.round).join();
    };
    const places = fields.map(place);
    for (let last = fields.length - 1; last >= 0; last -= 1) {
      for (const option of [...fields[last].querySelectorAll("option")].slice(1)) option.remove();
      moved.push(...fields.slice(0, last + 1).filter((field, n) => place(field) !== places[n]));
      fields[last].remove();
    }
    part.replaceWith(form);
    return moved.map((field) => field.textContent.slice(0, 60));
  })"""
# What stands elsewhere on the frame of a page while what is behind it has not come.
MOVED_IN_THE_FRAME = """() => [".navbar-brand", ".bd-header-article", ".bd-footer-content"]
  .flatMap((name) => {
    const frame = document.querySelector(name), part = frame.cloneNode(true);
    frame.replaceWith(part);
    const nodes = [], walk = document.createTreeWalker(part);
    while (walk.nextNode()) nodes.push(walk.currentNode);
    const range = document.createRange();
    const place = (node) => {
      range.selectNode(node);
      const [{ left, top } = {}] = range.getClientRects();
      return [left, top].map(Math.round).join();
    };
    const offer = part.querySelector(".edition-offer");  // hidden while the page arrives
    const leaves = nodes.filter((node) => !node.hasChildNodes() && (node.data ?? "x").trim())
      .filter((node) => !offer?.contains(node));
    const places = new Map(leaves.map((leaf) => [leaf, place(leaf)]));
    const moved = new Set();
    for (const node of nodes.reverse()) {
      node.remove();
      for (const leaf of leaves) {
        if (part.contains(leaf) && place(leaf) !== places.get(leaf)) moved.add(leaf);
      }
    }
    part.replaceWith(frame);
    return [...moved].map((leaf) => leaf.data ?? leaf.outerHTML.slice(0, 60));
  })"""
CUT_AT_THE_EDGE = """() => {
  const all = "main .chart svg text, main table th, main table td, main p";
  return [...document.querySelectorAll(all)].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    const shown = element.offsetParent !== null || element.ownerSVGElement;
    return shown && width && (right > innerWidth + 1 || left < -1);
  }).map((element) => element.textContent.slice(0, 40));
}"""
WIDER_THAN_ITS_COLUMN = """() => {
  const cells = [...document.querySelectorAll("table.casebook th, table.casebook td")];
  const boxes = [...document.querySelectorAll("main table, main .chart-svg")];
  const width = (element) => element.getBoundingClientRect().width;
  return [
    ...cells.filter((cell) => cell.clientWidth > 20 && cell.scrollWidth > cell.clientWidth + 1),
    ...boxes.filter((box) => width(box) > width(box.closest(".cell_output, section, .chart")) + 1),
  ].map((element) => element.textContent.slice(0, 60));
}"""
# Tables of which something around them scrolls sideways.
SCROLLED_SIDEWAYS = """() => [...document.querySelectorAll("main table")].filter((table) => {
  for (let box = table; box.tagName !== "MAIN"; box = box.parentElement) {
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
    if (scrolls && box.scrollWidth > box.clientWidth + 1) return true;
  }
  return false;
}).map((table) => table.textContent.slice(0, 60))"""
SMALL_LETTERS = """() => [...document.querySelectorAll(".chart-narrow svg")].flatMap((svg) => {
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const size = (text) => parseFloat(getComputedStyle(text).fontSize) * scale;
  return [...svg.querySelectorAll("text")].filter((text) => size(text) < 11.5)
    .map((text) => text.textContent);
})"""
SMALL_TARGETS = """() => {
  const targets = [
    "main :is(button, summary, select, input)",
    ".chart-tools > a, .chart-download a, .bd-header-article a",
  ];
  return [...document.querySelectorAll(targets.join())].filter((target) => {
    const { width, height } = target.getBoundingClientRect();
    return width && (height < 24 || width < 24);
  }).map((target) => target.outerHTML.slice(0, 90));
}"""
# Words of up to 20 letters that stand on more than one line, in any cell that is shown.
BROKEN = r"""() => {
  const range = document.createRange();
  const lines = (node, { index, 0: word }) => {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
  };
  const broken = (cell) => {
    const found = [], walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      for (const word of walk.currentNode.data.matchAll(/[A-Za-z]{2,20}/g)) {
        if (lines(walk.currentNode, word) > 1) found.push(`${word[0]} in: ${cell.textContent}`);
      }
    }
    return found;
  };
  const cells = [...document.querySelectorAll("table.casebook :is(th, td)")];
  return cells.filter((cell) => cell.offsetParent).flatMap(broken);
}"""

COLOURS = ["color-contrast", "link-in-text-block"]  # the rules of axe that depend on colours
# Mark the first of all texts that look the same: by colour, size, weight, and the ground behind
# them. Gives how many there are.
LOOKS = """() => {
  for (const marked of document.querySelectorAll("[data-look]")) delete marked.dataset.look;
  const looks = new Set();
  const lookOf = (element) => {
    const { color, fill, fontSize, fontWeight } = getComputedStyle(element);
    const look = [color, fill, fontSize, fontWeight];
    for (let ground = element; ground; ground = ground.parentElement) {
      const { opacity, backgroundColor } = getComputedStyle(ground);
      look.push(opacity);
      if (backgroundColor !== "rgba(0, 0, 0, 0)") return [...look, backgroundColor].join();
    }
    return look.join();
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility()) continue;
    const look = lookOf(element);
    if (!looks.has(look)) { looks.add(look); element.dataset.look = looks.size; }
  }
  return looks.size;
}"""
OPEN_ALL = "document.querySelectorAll('details').forEach((details) => { details.open = true; })"


@dataclass
class Visit:
    """A page that was opened once, and what was noted while it loaded."""

    page: Page
    language: str
    name: str
    width: int
    asked: list  # addresses of all that it asked for
    errors: list
    own: str  # the beginning of the addresses of its own host
    on_load: list  # what it had asked for when it was loaded and nobody had touched it
    moved: list  # what moved meanwhile, and while it was scrolled

    def open_all(self):
        """Open what can be opened, and bring alive what can come alive; again is no harm."""
        if (
            self.name.endswith("jiangsu")
            and not self.page.locator(f"{CHART} .chart-now svg:visible").count()
        ):
            self.page.locator(f"{CHART} select").first.select_option("CN-SH")
            self.page.locator(f"{CHART} .chart-now svg:visible").wait_for()
            self.page.evaluate(SET, CHOSEN)
            self.page.evaluate("document.querySelector('.shortlist-weights').open = true")
            self.page.locator("[data-points=known]").fill("abc")
            self.page.locator("[data-points=known]").press("Tab")
            self.page.locator(".shortlist-all").click()
            settled(self.page)
        self.page.evaluate(OPEN_ALL)


PAGES_OF_EDITIONS = {
    f"{language}-{name.rpartition('/')[2]}": (language, name)
    for language in editions()
    for name in NAMES
}


@pytest.fixture(scope="class", params=PAGES_OF_EDITIONS.values(), ids=PAGES_OF_EDITIONS)
def visit(request, site, browser):
    """One page, opened for all tests of it. What went wrong on it is judged again at the end."""
    (language, name), width = request.param, request.cls.width
    context = browser.new_context(viewport={"width": width, "height": HEIGHTS[width]})
    context.set_default_timeout(PATIENCE)
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda one: (
            errors.append(f"{one.text} ({one.location['url']})") if one.type == "error" else None
        ),
    )
    page.add_init_script(MOVED)
    page.goto(f"{site}/{'' if language == SOURCE else f'{language}/'}{name}.html")
    on_load = [*asked]
    moved = page.evaluate(SCROLLED)
    yield Visit(
        page, language, name, width, asked, errors, site.removesuffix("/repo"), on_load, moved
    )
    context.close()
    assert errors == []


def axe(page, context=None, **options):
    """What axe finds: (rule, an element). Its preload is off: it would fetch a stylesheet's own
    import from the wrong folder."""
    options = {"preload": False, "resultTypes": ["violations"], **options}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found]


def colours(page):
    """What axe finds of colours, each look of a text on its ground once: for all texts of a page it
    takes half a minute."""
    assert page.evaluate(LOOKS) > 5
    return axe(page, {"include": [["[data-look]"]]}, runOnly={"type": "rule", "values": COLOURS})


class Visits:
    """What is asked of every page. Each width is a class, so that two workers share the visits."""

    def test_nothing_moves_while_a_page_loads_and_is_scrolled(self, visit):
        assert visit.moved == []
        assert visit.page.evaluate(MOVED_BY_WHAT_COMES) == []
        assert visit.page.evaluate(MOVED_IN_THE_FRAME) == []

    def test_a_page_that_nobody_touches_loads_only_what_it_uses(self, visit):
        """Vega comes with the first touch of a chart, what copies code when it is unfolded, the
        shortlist with the first sign of a reader, the rest with the pages that have them."""
        scripts = {urlsplit(url).path.rpartition("/")[2] for url in visit.on_load}
        later = {path.name for path in shortlist.SCRIPTS}
        assert not {"vega.js", "clipboard.min.js", "copybutton.js", *later} & scripts
        assert ("register.js" in scripts) == visit.name.endswith("evidence")
        assert ("wake.js" in scripts) == visit.name.endswith("jiangsu")
        assert ("pagefind-ui.js" in scripts) == (visit.name == "search")

    def test_a_page_fits_the_screen_and_on_a_phone_letters_are_legible_and_targets_large_enough(
        self, visit
    ):
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= visit.width
        assert visit.page.evaluate(CUT_AT_THE_EDGE) == [], "cut at the edge of the screen"
        if visit.width == 360:
            assert visit.page.evaluate(SMALL_LETTERS) == []
            assert visit.page.evaluate(SMALL_TARGETS) == []

    def test_what_opens_fits_its_column_and_no_word_of_a_table_is_broken(self, visit):
        visit.open_all()
        assert visit.page.evaluate(WIDER_THAN_ITS_COLUMN) == []
        assert visit.page.evaluate(SCROLLED_SIDEWAYS) == []
        if visit.width == 1280:
            assert visit.page.evaluate(BROKEN) == []

    def test_a_page_is_in_the_language_of_its_edition_and_no_english_is_left_on_a_chinese_one(
        self, visit
    ):
        visit.open_all()
        assert visit.page.evaluate("document.documentElement.lang") == tag(visit.language)
        if visit.language == "zh":
            assert left_in_latin(texts_of(visit.page)) == []

    def test_axe_finds_nothing(self, visit):
        visit.open_all()
        # Where the header covers half of a target, a reader scrolls.
        visit.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        others = {rule: {"enabled": False} for rule in COLOURS}
        assert axe(visit.page, rules={**others, "target-size": {"enabled": True}}) == []
        assert colours(visit.page) == []

    def test_axe_finds_nothing_in_the_dark(self, visit):
        """Of all rules only those about colours depend on the theme."""
        visit.open_all()
        visit.page.emulate_media(color_scheme="dark")
        wait_until(visit.page, "document.documentElement.dataset.theme === 'dark'")
        assert colours(visit.page) == []

    def test_printed_from_the_dark_it_is_light_and_legible(self, visit):
        visit.open_all()
        visit.page.emulate_media(color_scheme="dark", media="print")
        wait_until(visit.page, "document.documentElement.dataset.theme === 'dark'")
        background = "getComputedStyle(document.body).backgroundColor"
        assert visit.page.evaluate(background) == "rgb(255, 255, 255)"
        if visit.name != "search":  # of which little is printed
            assert colours(visit.page) == []
        visit.page.emulate_media(color_scheme="light", media="screen")

    def test_a_page_asks_no_other_host_and_throws_nothing(self, visit):
        assert [
            url for url in visit.asked if not url.startswith((visit.own, "data:", "blob:"))
        ] == []
        assert visit.errors == []


class TestAtADesk(Visits):
    width = 1280


class TestOnAPhone(Visits):
    width = 360
