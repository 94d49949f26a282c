"""What the page's script is told, in an attribute of a hidden element."""

from __future__ import annotations

from app.views.parts.live import in_attribute
from testbed.hostile import NAMES
from testbed.wire.shown import said_in

ENDS = "]> --> --!> </style> </title> \" ' &amp; \\ ₹"
"""What looks like the end of something, and what JSON and HTML write in another way."""


def test_the_script_reads_what_was_said_whatever_names_are_in_it() -> None:
    said = {"notice": {"done": [f"Added 1 × {name} to cart" for name in (*NAMES, ENDS)]}}
    assert said_in(in_attribute(said)) == said


def test_nothing_in_the_attribute_looks_like_the_end_of_anything() -> None:
    attribute = in_attribute({"done": [ENDS]}).partition('data-said="')[2].removesuffix('"></div>')
    assert not [one for one in ("<", ">", '"', "&lt;", "&gt;") if one in attribute]
