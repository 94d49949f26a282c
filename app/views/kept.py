"""How the cart is kept: what this visit holds and what storage has of it, and how to keep something yourself.

For the curious shopper and for who writes the next page. Neither the visitor id nor the visitor key is shown: a
screenshot of this page must be as harmless as one of the cart.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from html import escape
from pprint import pformat
from typing import Any

import streamlit as st
from babel.dates import format_datetime

from app.shopper.shopping import Shopping
from app.views.parts.examples import EVENTS, EXAMPLES, Example, Fate, Way, start_over
from app.views.parts.frame import zone
from app.views.parts.links import Links
from app.views.parts.source import body_of
from keepcart import Held, Visit, click
from keepcart.documents import VALUES

NAMES = {"plain": "A plain variable", "session": "st.session_state", "kept": "Kept"}
MARKS = {Fate.STAYS: "✓", Fate.LOST: "✗", Fate.LATE: "↻"}
WIDTH = 58
"""Characters in a line of a document."""


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    visit = shopping.visit
    visit.hold(VALUES)
    st.title("How your cart is kept", anchor=False)
    with st.container(key="kept-page"):
        st.html(_INTRODUCTION)
        st.html("".join(_document(name, held) for name, held in visit.documents.items()))
        st.html(_EXAMPLES)
        if visit.documents[VALUES.name].locked:
            st.info("The shop is being updated. The examples are back in a moment.", icon=":material/update:")
            return
        _try(visit, links)
        for example in EXAMPLES:
            _example(visit, example)


_INTRODUCTION = """<div class="prose">
<p>Reload this page, close the browser, come back next week: your cart is there. This page shows why, with what is kept
for you as it is now.</p>
<ol>
<li><strong>Your browser has a random number</strong> in a cookie. It says nothing about you, and this page does not
show it.</li>
<li><strong>Each click is saved at once,</strong> under a fingerprint of that number, in storage that outlives this
server.</li>
<li><strong>Each saved version has a token of its own.</strong> Whoever saves names the token of the version before, so
no tab overwrites unseen what another one has saved.</li>
</ol>
<h2>What is kept for you</h2>
<p>Of each document first what this visit holds in Streamlit's <code>st.session_state</code>, then what storage has. A
reload forgets the first and reads it anew from the second.</p></div>"""

_EXAMPLES = """<div class="prose"><h2>Keep something yourself</h2>
<p>Four things, each written three ways. Click, type, then do something to the page, and see what is still there. The
code below each is the code that runs: the page reads it from its own source.</p></div>"""


def _document(name: str, held: Held[Any, Any]) -> str:
    """Return how a document is, here and in storage, as of now."""
    held.send()
    held.load()
    return (
        f'<section class="document" data-document="{escape(name)}"><h3>The document “{escape(name)}”</h3>'
        f"{_state(held)}"
        f"<div><h4>In st.session_state</h4>{_text(f'{name} in st.session_state', _pretty(held.value))}</div>"
        f"<div><h4>In storage</h4>{_stored(name, held)}</div></section>"
    )


def _state(held: Held[Any, Any]) -> str:
    """Return what is to be said where storage does not have, or may not have, what is shown."""
    if held.locked:
        words = "A newer release of the shop wrote this; it is safe, and not to be changed from here."
    elif held.away and not held.read:
        words = "Storage does not answer at the moment. This is what this server process has since it asked last."
    elif held.away:
        words = "Storage does not answer at the moment. This is what this server process knows of it."
    elif held.waiting:
        words = "Storage takes no changes at the moment."
    else:
        return ""
    if held.waiting:
        words += f" Changes that wait to be saved: {held.waiting}."
    return f'<p class="state">{words}</p>'


def _stored(name: str, held: Held[Any, Any]) -> str:
    record = held.record
    if record is None:
        words = "Nothing: what never changed is not stored." if held.read else "Not known."
        return f'<p class="none">{words}</p>'
    facts = {
        "Size": f"{len(record.body):,} bytes; {len(record.encode()):,} with its token and its last changes' marks",
        "Token": f"<code>{escape(record.token)}</code>",
        "Kept until": escape(_until(held.kept_until)),
    }
    rows = "".join(f"<dt>{term}</dt><dd>{fact}</dd>" for term, fact in facts.items())
    return _text(f"{name} in storage", record.body.decode("utf-8", "replace")) + f"<dl>{rows}</dl>"


def _until(seconds: float | None) -> str:
    if seconds is None:
        return "not known to this server process"
    time = datetime.fromtimestamp(seconds, tz=zone(st.context.timezone))
    return format_datetime(time, "d MMMM y, HH:mm", locale="en") + ", and longer with your next visit"


def _text(label: str, text: str) -> str:
    """Return text as it is, in a box that is scrolled where it is long, by keyboard too."""
    return f'<pre tabindex="0" role="region" aria-label="{escape(label)}">{escape(text)}</pre>'


def _pretty(value: Any) -> str:
    """Return a document's value as Python writes it; kept values by their names, each without its schema number."""
    if isinstance(value, Mapping):
        value = {name: json.loads(stored)[1] for name, stored in value.items()}
    return pformat(value, width=WIDTH)


def _try(visit: Visit, links: Links) -> None:
    """Draw what a visitor can do to the page."""
    with st.container(key="try", horizontal=True, vertical_alignment="center"):
        st.button("Run the page again", icon=":material/replay:")
        st.page_link(links.shop, label="Switch to the shop", icon=":material/storefront:")
        click(visit, "start-over", partial(start_over, visit), label="Start over", type="tertiary")
    st.html(
        '<p class="hint">From the shop the link at its foot leads back. F5 reloads. Who runs the server can stop it '
        "and start it again: this page connects by itself, and is drawn anew at your next click.</p>"
    )


def _example(visit: Visit, example: Example) -> None:
    st.html(f'<div class="prose"><h3>{escape(example.title)}</h3><p>{escape(example.about)}</p></div>')
    with st.container(key=f"example-{example.key}"):
        for way in example.ways:
            with st.container(key=f"{example.key}-{way.name}"):
                _way(visit, way)


def _way(visit: Visit, way: Way) -> None:
    """Draw one way: what it is, at work, what it survives, its code. What comes and goes has a box of its own."""
    st.html(f"<h4>{NAMES[way.name]}</h4><p>{escape(inspect.getdoc(way.draw) or '')}</p>")
    with st.container():
        way.draw(*([visit] if way.name == "kept" else []))
    st.html(f'<ul class="fates">{"".join(map(_fate, EVENTS, way.fates))}</ul>')
    st.code(body_of(way.draw), language="python", wrap_lines=True)


def _fate(event: str, fate: Fate) -> str:
    return (
        f'<li data-event="{event}" data-fate="{fate.name}"><span>After {event}</span>'
        f'<strong><i aria-hidden="true">{MARKS[fate]}</i> {fate}</strong></li>'
    )
