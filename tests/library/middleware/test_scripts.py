"""Which of Streamlit's scripts draw an element, in the release that is installed."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit

from keepcart.middleware.scripts import scripts_of

STATIC = Path(streamlit.__file__).parent / "static"
ALWAYS = set(re.findall(r"static/js/([^\"]+)", (STATIC / "index.html").read_text(encoding="utf-8")))


def test_an_element_comes_last_behind_what_it_needs() -> None:
    scripts = scripts_of(("TextInput",))
    assert scripts[-1].startswith("TextInput.")
    assert len(scripts) > 1, "it needs no other script"
    ready = set(ALWAYS)
    for name in scripts:
        assert set(re.findall(r'from"\./([^"]+)"', (STATIC / "static/js" / name).read_text(encoding="utf-8"))) <= ready
        ready.add(name)


def test_what_two_elements_need_comes_once_and_what_every_page_loads_not_at_all() -> None:
    scripts = scripts_of(("TextInput", "NumberInput", "Selectbox"))
    assert len(set(scripts)) == len(scripts)
    assert not ALWAYS & set(scripts)


def test_an_element_that_this_release_does_not_have_is_left_out() -> None:
    assert scripts_of(("NoSuchElement", "Button")) == scripts_of(("Button",)) != ()
