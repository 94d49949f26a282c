"""The short way to a visit, for apps that need nothing special."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence
from functools import cache

import streamlit as st

from keepcart.backends import open_storage
from keepcart.documents import Keeper
from keepcart.middleware import Names, check_release
from keepcart.visits.recognise import recognise
from keepcart.visits.visit import SESSION_KEY, Visit

DAY = 86_400
_opening = threading.Lock()  # the first two visitors of a process may come at once


def begin_visit(  # noqa: PLR0913 - only the first is always said
    url: str,
    *,
    keep_days: int = 30,
    name: str = "keepcart",
    owner: str | None = None,
    seal_key: str | Sequence[str] = (),
    page: str = "",
) -> Visit:
    """Return this session's visit, begun for this run. Call it first in the script, and `complete_run` last.

        visit = begin_visit("redis://localhost:6379/0", page=page.url_path)
        page.run()
        visit.complete_run()

    Storage is opened once a process. A process that ends in order tries for some seconds to save what waits. Most runs
    ask storage nothing; one that switches the page, or follows a failed read, asks once.

    Args:
        url: where things are kept, as `keepcart.backends.open_storage` takes it.
        keep_days: how long they are kept after the last visit.
        name: the app's name, the same as for `VisitorCookie`. Apps that share a host or a Redis need one each, because
            the cookie and the keys in Redis are named after it.
        owner: the person who has logged in, such as `st.user.sub`; None while nobody has. What is kept then follows
            the person to other browsers. What the browser kept before is merged in, once, by each value's `merge`.
            After a logout the browser has none of it.
        seal_key: a secret of the app, at least 32 random characters, by which what is kept for an `owner` is sealed at
            rest, with the extra `sealed`. Several, the newest first, while one takes the place of another. What a
            browser keeps is sealed by its cookie.
        page: the name of the page that this run draws, in an app of several.

    Raises:
        ValueError: the URL, the name, the owner or the seal_key cannot be used, or the page came through a
            `VisitorCookie` of another name.
        Unavailable: an SQLite file cannot be opened. A Redis that is away is no error: the visit goes on without it.
    """
    check_release()
    keeper = keeper_of(url, keep_days=keep_days, name=name, seal_key=seal_key)
    visit = Visit.current(keeper, recognise(keep_days * DAY, name), owner)
    visit.begin_run(page)
    return visit


def current_visit() -> Visit:
    """Return the visit that `begin_visit` has begun in this session: for page files, and other modules of an app.

        visit = current_visit()
        town = visit.widget(TOWN, st.text_input, "Your town")

    The entry script begins the visit before `page.run()`, and completes its run afterwards.

    Raises:
        RuntimeError: none has begun.
    """
    visit = st.session_state.get(SESSION_KEY)
    if not isinstance(visit, Visit):
        raise RuntimeError("no visit has begun: the entry script calls begin_visit first")  # noqa: TRY004 - no argument
    return visit


def keeper_of(url: str, *, keep_days: int = 30, name: str = "keepcart", seal_key: str | Sequence[str] = ()) -> Keeper:
    """Return the keeper of this process that `begin_visit` uses, for the app's own routes and `ForgetRoute`.

    Args:
        url, keep_days, name, seal_key: as of `begin_visit`.

    Raises:
        ValueError, Unavailable: as of `begin_visit`.
    """
    seal_keys = (seal_key,) if isinstance(seal_key, str) else tuple(seal_key)
    with _opening:
        return _keeper(url, keep_days * DAY, Names(name).app, seal_keys)


@cache
def _keeper(url: str, keep_seconds: int, name: str, seal_keys: tuple[str, ...]) -> Keeper:
    storage = open_storage(url, keep_seconds=keep_seconds, prefix=name)
    keeper = Keeper(storage, keep_seconds=keep_seconds, seal_keys=seal_keys)
    atexit.register(keeper.close)
    return keeper
