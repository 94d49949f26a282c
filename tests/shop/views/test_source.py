"""The code that a page shows is the code that runs."""

from __future__ import annotations

import inspect
from textwrap import dedent

import pytest

from app.views.parts import examples
from app.views.parts.examples import EXAMPLES, Way
from app.views.parts.source import body_of

WAYS = [way for example in EXAMPLES for way in example.ways]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.draw.__name__)
def test_what_is_shown_is_the_source_without_what_stands_above_it_in_words(way: Way) -> None:
    shown = body_of(way.draw)
    compile(shown, way.name, "exec")
    assert (inspect.getdoc(way.draw) or "-") not in shown
    body = shown.split("\n\n", 1)[1] if way.name == "kept" else shown
    assert body in dedent(inspect.getsource(way.draw).partition("\n")[2])


@pytest.mark.parametrize("way", [way for way in WAYS if way.name == "kept"], ids=lambda way: way.draw.__name__)
def test_the_definition_of_a_kept_value_stands_first(way: Way) -> None:
    definition, _, _ = body_of(way.draw).partition("\n\n")
    assert definition in inspect.getsource(examples)
    assert "Kept(\n" in definition
