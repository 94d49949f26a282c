"""A document as HTML: what the visit holds, and what storage has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pprint import pformat
from typing import Any

import streamlit as st
from babel.dates import format_datetime
from markupsafe import Markup

from app.views.parts.time_zone import zone
from keepcart import Held
from keepcart.backends import Record

SEALED = Markup('<p class="hint">Storage has it encrypted. The key is in your cookie, which opens it here.</p>')

WIDTH = 58
"""Characters in a line of a document."""


def document(name: str, held: Held[Any, Any]) -> Markup:
    """Return a document as the visit knows it now. This asks storage nothing."""
    return Markup(
        '<section class="document" data-document="{name}"><h3>The document “{name}”</h3>{state}'
        "<div><h4>In st.session_state</h4>{here}</div><div><h4>In storage</h4>{stored}</div></section>"
    ).format(
        name=name,
        state=state(held),
        here=box(f"{name} in st.session_state", _pretty(held.value)),
        stored=_stored(name, held),
    )


def state(held: Held[Any, Any]) -> Markup:
    """Return a sentence if storage does not have, or may not have, what is shown; empty if it has."""
    if held.locked:
        words = "A newer release of the shop wrote this. It is safe, and this release does not change it."
    elif held.away and not held.read:
        words = "Storage does not answer at the moment. This is only what has changed on this server since."
    elif held.away:
        words = "Storage does not answer at the moment. This is what this server knew last."
    elif held.waiting:
        words = "Storage accepts no changes at the moment."
    else:
        return Markup()
    if held.waiting:
        words += f" Changes that wait to be saved: {held.waiting}."
    return Markup('<p class="state">{}</p>').format(words)


def _stored(name: str, held: Held[Any, Any]) -> Markup:
    if held.record is not None and held.body is not None:
        sealed = SEALED if held.sealed else Markup()
        return sealed + record(name, held.record, held.body, _until(held.kept_until))
    words = "Nothing: what never changed is not stored." if held.read else "Not known."
    return Markup('<p class="none">{}</p>').format(words)


def record(name: str, stored: Record, body: bytes, until: str) -> Markup:
    """Return the record of a document: its text, size and token, and until when it is kept.

    Args:
        body: of the record, with its seal opened.
    """
    size = f"{len(stored.body):,} bytes; {len(stored.encode()):,} with the token and the marks of the last changes"
    return box(f"{name} in storage", body.decode("utf-8", "replace")) + Markup(
        "<dl><dt>Size</dt><dd>{size}</dd><dt>Token</dt><dd><code>{token}</code></dd>"
        "<dt>Kept until</dt><dd>{until}</dd></dl>"
    ).format(size=size, token=stored.token, until=until)


def _until(seconds: float | None) -> str:
    if seconds is None:
        return "this server does not know"
    time = datetime.fromtimestamp(seconds, tz=zone(st.context.timezone))
    return format_datetime(time, "d MMMM y, HH:mm", locale="en") + ", and longer with your next visit"


def box(label: str, text: str) -> Markup:
    """Return a text unchanged, in a box that scrolls if it is long, by keyboard too."""
    return Markup('<pre tabindex="0" role="region" aria-label="{}">{}</pre>').format(label, text)


def _pretty(value: Any) -> str:
    """Return a document's value as Python writes it. Kept values are shown by name, without their schema numbers."""
    if isinstance(value, Mapping):
        value = {name: json.loads(stored)[1] for name, stored in value.items()}
    return pformat(value, width=WIDTH)
