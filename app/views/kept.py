"""How the cart is kept: what this visit holds, what storage has, and how to keep something yourself.

For the curious shopper, and for the author of the next page. Neither the visitor id nor the visitor key is shown, so
that a screenshot of this page is as harmless as one of the cart.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from app.shopper.shopping import Shopping
from app.views.parts.document import document
from app.views.parts.examples import EVENTS, EXAMPLES, Example, Fate, Way, start_over
from app.views.parts.html import html
from app.views.parts.links import Links
from app.views.parts.source import body_of
from keepcart import Visit, click
from keepcart.documents import VALUES

NAMES = {"plain": "A plain variable", "session": "st.session_state", "kept": "Kept"}
MARKS = {Fate.STAYS: "✓", Fate.LOST: "✗", Fate.LATE: "↻"}


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    visit = shopping.visit
    visit.hold(VALUES)
    st.title("How your cart is kept", anchor=False)
    with st.container(key="kept-page"):
        html(INTRODUCTION)
        _ask_storage(visit)
        html(Markup("").join(document(name, held) for name, held in visit.documents.items()))
        html(_EXAMPLES)
        if visit.documents[VALUES.name].locked:
            st.info("The shop is being updated. The examples are back in a moment.", icon=":material/update:")
            return
        _try(visit, links)
        for example in EXAMPLES:
            _example(visit, example)


def _ask_storage(visit: Visit) -> None:
    """Save what waits, and read what storage has now: the page shows it."""
    for held in visit.documents.values():
        held.send()
        held.load()


INTRODUCTION = Markup("""<div class="prose">
<p>Each click in your cart is saved at once, in this shop's own database. Your browser finds the cart again by a random
number in a cookie, which says nothing about you. So you can reload the page, close the browser and come back next week:
your cart is still there.</p>
<p>What else is kept, until when, and how to have it deleted is on the page
<a href="privacy" data-page="privacy">Privacy</a>. What follows here is for the curious.</p>
<h2>How it works</h2>
<ol>
<li><strong>Your browser has a random number</strong> in a cookie. It says nothing about you, and this page does not
show it.</li>
<li><strong>Each click is saved at once,</strong> under a fingerprint of that number, in storage that outlives this
server.</li>
<li><strong>Each saved version has its own token.</strong> A save names the token of the version that it replaces, so no
tab overwrites unseen what another tab has saved.</li>
</ol>
<h2>What is kept for you</h2>
<p>For each document you see what this visit holds in Streamlit's <code>st.session_state</code>, and what storage has. A
reload forgets the first and reads it again from the second.</p></div>""")

_EXAMPLES = Markup("""<div class="prose"><h2>Keep something yourself</h2>
<p>Four examples, each written in three ways. Click and type, then reload the page or leave it, and see what is still
there. The code below each is the code that runs: the page reads it from its own source.</p></div>""")


def _try(visit: Visit, links: Links) -> None:
    """Draw what a visitor can do to the page."""
    with st.container(key="try", horizontal=True, vertical_alignment="center"):
        st.button("Run the page again", icon=":material/replay:")
        st.page_link(links.shop, label="Switch to the shop", icon=":material/storefront:")
        click(visit, "start-over", partial(start_over, visit), label="Start over", type="tertiary")
    html(
        Markup(
            '<p class="hint">To come back from the shop, use the link at its foot. F5 reloads. If the server restarts, '
            "this page connects again by itself, and your next click draws it anew.</p>"
        )
    )


def _example(visit: Visit, example: Example) -> None:
    html(heading(example))
    with st.container(key=f"example-{example.key}"):
        for way in example.ways:
            with st.container(key=f"{example.key}-{way.name}"):
                _way(visit, way)


def _way(visit: Visit, way: Way) -> None:
    """Draw one way: what it is, the running example, what it survives, its code.

    The running example has a container of its own, because elements in it come and go.
    """
    html(about(way))
    with st.container():
        way.draw(*([visit] if way.name == "kept" else []))
    html(fates(way.fates))
    st.code(body_of(way.draw), language="python", wrap_lines=True)


def heading(example: Example) -> Markup:
    """Return what an example is called and what it asks."""
    return Markup('<div class="prose"><h3>{}</h3><p>{}</p></div>').format(example.title, example.about)


def about(way: Way) -> Markup:
    """Return what a way is called, and the docstring of its function."""
    return Markup("<h4>{}</h4><p>{}</p>").format(NAMES[way.name], inspect.getdoc(way.draw) or "")


def fates(of_events: Sequence[Fate]) -> Markup:
    """Return what becomes of a value in each of EVENTS, as a list."""
    items = Markup("").join(map(_fate, EVENTS, of_events))
    return Markup('<ul class="fates">{}</ul>').format(items)


def _fate(event: str, fate: Fate) -> Markup:
    return Markup(
        '<li data-event="{event}" data-fate="{name}"><span>After {event}</span>'
        '<strong><i aria-hidden="true">{mark}</i> {fate}</strong></li>'
    ).format(event=event, name=fate.name, mark=MARKS[fate], fate=fate)
