"""The shop's style: what its rules name is there."""

from __future__ import annotations

import re

from app.views.parts.style import COLOURS, style


def test_every_variable_that_a_rule_uses_is_a_colour_of_the_theme() -> None:
    used = set(re.findall(r"var\(--(\w+)", str(style())))
    assert used <= set(COLOURS)
    assert used
