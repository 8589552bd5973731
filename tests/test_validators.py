"""What other programs make of the pages: W3C's validator, Firefox, and its reader view.

They come from npm (tests/node), Firefox from Debian; `.ci/run` installs both.
"""

import json
import shutil
import subprocess

import pytest
from conftest import ROOT, must
from test_pages import PAGES

from casebook import shortlist

pytestmark = pytest.mark.long
NODE = ROOT / "tests" / "node" / "node_modules"


@pytest.fixture(scope="module")
def installed():
    """The folder of npm's packages."""
    if not NODE.exists():
        must("what npm has is not installed: npm ci --prefix tests/node")
    return NODE


def test_the_validator_of_the_w3c_finds_no_error_on_any_page(installed, book):
    if not shutil.which("java"):
        must("no Java for W3C's validator")
    pages = [page for page in book.rglob("*.html") if page.parent.name != "rows"]
    assert len(pages) > 2 * len(PAGES)
    jar = installed / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", jar, "--errors-only", "--format", "json", *pages]
    told = json.loads(subprocess.run(command, capture_output=True, text=True).stderr)["messages"]
    assert [(one["url"], one.get("lastLine"), one["message"]) for one in told] == []


# What Readability, which is Firefox's reader view, takes of a page: its charts with their words.
READ = """() => {
  const article = new window.Readability(document.cloneNode(true)).parse();
  const shown = document.createElement('div');
  shown.innerHTML = article.content;
  const words = (element) => element.textContent.replace(/\\s+/g, ' ').trim();
  const paragraphs = [...shown.querySelectorAll('p')].map(words);
  const charts = [...document.querySelectorAll('.chart')].map((chart) => {
    const label = chart.querySelector('.chart-wide svg').getAttribute('aria-label');
    return {
      id: chart.id,
      drawings: [...shown.querySelectorAll('svg')].filter(
        (svg) => svg.getAttribute('aria-label') === label).length,
      told: ['finding', 'counted', 'caveat'].every(
        (part) => paragraphs.includes(words(chart.querySelector(`.chart-${part}`)))),
    };
  });
  return { byline: article.byline, title: article.title, charts };
}"""


@pytest.mark.parametrize("edition", ["", "zh"])
def test_a_reader_view_has_each_chart_once_with_its_finding_and_caveat_and_a_byline(
    installed, browser, book, edition
):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found = []
    for name in PAGES:
        page.goto((book / edition / "chapters" / f"{name}.html").as_uri())
        page.add_script_tag(path=installed / "@mozilla" / "readability" / "Readability.js")
        view = page.evaluate(READ)
        assert view["byline"] and view["title"], name
        found += [(name, chart) for chart in view["charts"]]
    context.close()
    assert found
    assert [one for one in found if one[1]["drawings"] != 1 or not one[1]["told"]] == []


@pytest.mark.parametrize("where", ["server", "disk"])
def test_every_page_is_read_in_firefox(installed, book, site, where):
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        must("no Firefox (firefox-esr)")
    top = site if where == "server" else book.resolve().as_uri()
    names = [f"{edition}chapters/{name}.html" for edition in ("", "zh/") for name in PAGES]
    command = ["node", ROOT / "tests" / "node" / "firefox.mjs", program]
    command += [f"{top}/{name}" for name in [*names, "search.html?q=Zhejiang"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) == len(names) + 1
    for page in found:
        assert page["errors"] == page["others"] == [], page["address"]
        for view in (page["wide"], page["narrow"]):
            assert view == {"heading": True, "over": 0, "charts": True, "drawn": True}, page
    said = [page["said"] for page in found if "said" in page]
    assert len(said) == 2 and all(any(map(str.isdigit, one)) for one in said), "a filtered chart"
    rows = [page["rows"] for page in found if "rows" in page]
    assert len(rows) == 2 and all(0 < n < 30 for n in rows), "a filtered register"
    assert [page["ordered"] for page in found if "ordered" in page] == [shortlist.SHOWN] * 2
    assert [page["found"] for page in found if "found" in page] == (
        [5] if where == "server" else []
    )
