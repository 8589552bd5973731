"""A student's own chart in a notebook that imports this package is what Altair alone would draw."""

import json
import subprocess
import sys
import zipfile

import pytest
from conftest import environment, must

pytestmark = pytest.mark.machinery

# Runs in a process of its own: which package turned on which renderer is a matter of the process.
DRAW = """
import ast, hashlib, importlib, json, random, sys
import altair, numpy, vl_convert
if sys.argv[1] == "with the package":
    importlib.import_module("casebook.charts")
def svg(spec):
    return vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])
drawn = {}
for name, code in json.load(sys.stdin).items():
    numpy.random.seed(0), random.seed(0)
    *before, last = ast.parse(code).body
    names = {}
    try:
        exec(compile(ast.Module(before, []), name, "exec"), names)
        chart = eval(compile(ast.Expression(last.value), name, "eval"), names)
        spec = chart.to_dict(context={"pre_transform": False})  # as Altair for JupyterLab
        if "casebook" in sys.modules:
            bundle = chart._repr_mimebundle_()
            [spec] = [bundle[mime] for mime in bundle if "vnd.vegalite" in mime]
        text = svg(spec)
        if "casebook" not in sys.modules and text != svg(spec):
            raise ValueError("Vega draws it by lot: an interval of confidence by bootstrap")
    except Exception as error:
        drawn[name] = f"not drawn: {type(error).__name__}"
    else:
        drawn[name] = hashlib.sha256(text.encode()).hexdigest()
print(json.dumps(drawn))
"""
START = """
import altair as alt
import pandas as pd
rows = pd.DataFrame({
    "status": ["planned", "in place", "in place", "under way"],
    "province": ["BJ", "SH", "GD", "ZJ"],
    "year": [2017, 2018, 2019, 2020],
    "steps": [4, 2, 3, 1],
    "tip": ["a", "b", "c", "d"],
})
base = alt.Chart(rows)
"""
# Each needs columns that no encoding of the chart names.
OWN = {
    "a filter by a column in brackets": """
in_place = base.transform_filter(alt.datum["status"] == "in place")
in_place.mark_bar().encode(x="province", y="steps")""",
    "a chart for each of several columns": """
x = alt.X(alt.repeat("column"), type="quantitative")
base.mark_bar().encode(x=x, y="province:N").repeat(column=["steps", "year"])""",
    "rows turned to columns": """
turned = base.transform_pivot("status", value="steps", groupby=["province"])
turned.mark_bar().encode(x="province:N", y="planned:Q")""",
    "rows of another table": """
people = pd.DataFrame({"code": ["BJ", "ZJ"], "people": [21, 57]})
joined = base.transform_lookup("province", alt.LookupData(people, "code", ["people"]))
joined.mark_bar().encode(x="year:O", y="people:Q")""",
    "bars on each other": """
by_year = {"groupby": ["province"], "sort": [alt.SortField("year")]}
stacked = base.transform_stack(stack="steps", as_=["low", "high"], **by_year)
stacked.mark_bar().encode(x="low:Q", x2="high:Q", y="province:N")""",
    "a choice by columns": """
chosen = [{"status": "in place", "year": 2018}]
pick = alt.selection_point(name="pick", fields=["status", "year"], value=chosen)
opacity = alt.when(pick).then(alt.value(1)).otherwise(alt.value(0.2))
base.add_params(pick).mark_point().encode(x="province", y="steps", opacity=opacity)""",
    "a text of a column": """
words = base.mark_text().encode(x="province", text=alt.Text("label:N"))
words.transform_calculate(label="datum.tip + datum['status']")""",
}


def drawn(examples, how):
    """What each example draws: {name: digest of its SVG, or why there is none}."""
    command = [sys.executable, "-c", DRAW, how]
    done = subprocess.run(
        command, input=json.dumps(examples), env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def altered(examples):
    """The names of examples that this package alters, and of those that cannot tell.

    The latter are those that Altair alone does not draw, or never the same.
    """
    alone, beside = drawn(examples, "alone"), drawn(examples, "with the package")
    none = [name for name, digest in alone.items() if digest.startswith("not drawn")]
    return [name for name in alone if name not in none and alone[name] != beside[name]], none


def test_an_own_chart_draws_the_same_with_this_package_and_without():
    assert altered({name: START + code for name, code in OWN.items()}) == ([], [])


@pytest.mark.long
def test_altairs_gallery_draws_the_same_with_this_package_and_without(tmp_path):
    """Altair 4.2.2 has the gallery in its wheel, newer ones do not; vega_datasets has its data."""
    wanted = ["altair==4.2.2", "vega_datasets==0.9.0"]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    command += ["--dest", tmp_path, *wanted]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        must(f"no package index to take Altair's gallery from: {done.stderr[-300:]}")
    for wheel in tmp_path.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(tmp_path / wheel.name.partition("-")[0])
    path = f"import sys; sys.path.append({str(tmp_path / 'vega_datasets')!r})\n"
    files = sorted((tmp_path / "altair" / "altair" / "examples").glob("*.py"))
    gallery = {file.stem: path + file.read_text(encoding="utf-8") for file in files}
    del gallery["__init__"]
    changed, none = altered(gallery)
    assert changed == []
    # Those that ask another host for data or use a name that Altair has no more.
    assert len(gallery) - len(none) > 80, none
