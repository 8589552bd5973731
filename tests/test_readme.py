"""README's recipes run: each block of Python by itself, as a reader would paste it."""

import ast
import re

import altair as alt
import pandas as pd
import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S)
# What each recipe ends in.
GIVEN = [alt.Chart, alt.Chart, alt.TopLevelMixin, pd.Series, pd.DataFrame]


def test_every_recipe_is_known():
    assert len(RECIPES) == len(GIVEN)


@pytest.mark.parametrize(("recipe", "kind"), list(zip(RECIPES, GIVEN)))
def test_a_recipe_runs_as_it_stands(recipe, kind, monkeypatch):
    monkeypatch.chdir(ROOT)
    *statements, last = ast.parse(recipe).body
    names = {}
    exec(compile(ast.Module(statements, []), "README.md", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "README.md", "eval"), names)
    assert isinstance(value, kind)
    assert len(value) if isinstance(value, pd.Series | pd.DataFrame) else value.to_dict()["$schema"]
    assert len(recipe.splitlines()) < 10
