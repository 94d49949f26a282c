"""A page of text that the shopkeeper wrote, painted: as `views/text.py` draws it."""

from __future__ import annotations

from markupsafe import Markup

from app.domain.text import Text
from app.views.painted.page import Content
from app.views.text import body


def content(text: Text) -> Content:
    """Return the page of a text."""
    return Content(Markup("<h1><span>{}</span></h1><div>{}</div>").format(text.title, body(text)), ".text")
