"""Links to the shopkeeper's legal texts, where these are."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.domain.pages import TERMS, WITHDRAWAL
from app.domain.text import Text


def link_to(name: str, texts: Mapping[str, Text]) -> Markup:
    """Return the link to a page of text; empty where there is none."""
    if name not in texts:
        return Markup()
    return Markup('<a href="{name}" data-page="{name}">{title}</a>').format(name=name, title=texts[name].title)


def agreement(texts: Mapping[str, Text]) -> Markup:
    """Return what whoever orders agrees to, and what they may do afterwards; empty where the shop says neither."""
    terms, withdrawal = link_to(TERMS, texts), link_to(WITHDRAWAL, texts)
    words = [
        Markup("By placing the order you accept our terms: {}.").format(terms) if terms else "",
        Markup("If you change your mind: {}.").format(withdrawal) if withdrawal else "",
    ]
    said = Markup(" ").join(filter(None, words))
    return said and Markup('<p class="linked">{}</p>').format(said)
