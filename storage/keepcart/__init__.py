"""What visitors of a Streamlit app type, choose and load survives a reload, a restart, a second tab, another server.

    from keepcart import Kept, begin_visit

    TOWN = Kept("town", str, default="")

    visit = begin_visit("redis://localhost:6379/0")
    visit.widget(TOWN, st.text_input, "Your town")
    st.write("Weather in", visit.get(TOWN))
    visit.complete_run()

or, around an app of which not a line is changed:

    app = st.App("app.py", middleware=[Middleware(KeepSession, "redis://localhost:6379/0")])

This is all that an app needs. `keepcart.documents` is the floor below, without Streamlit; `keepcart.backends` the one
below that, which keeps bytes.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from keepcart.documents import Document, FromNewerRelease, Held, Keeper, Kept, Locked, Refused, TooLarge, Unreadable

if TYPE_CHECKING:
    from keepcart.middleware import (
        Asked,
        Door,
        FirstPaint,
        ForgetRoute,
        OpenPages,
        Paint,
        Places,
        Turns,
        VisitorCookie,
        is_page,
        visitor_key,
        visitor_of,
    )
    from keepcart.sessions import KeepSession, keep_session, unkept
    from keepcart.visits import (
        Visit,
        become_stranger,
        begin_visit,
        choose,
        click,
        current_visit,
        is_being_forgotten,
        keeper_of,
        owner_of_browser,
        recognise,
        served_by_us,
    )

__all__ = [
    "Asked",
    "Document",
    "Door",
    "FirstPaint",
    "ForgetRoute",
    "FromNewerRelease",
    "Held",
    "KeepSession",
    "Keeper",
    "Kept",
    "Locked",
    "OpenPages",
    "Paint",
    "Places",
    "Refused",
    "TooLarge",
    "Turns",
    "Unreadable",
    "Visit",
    "VisitorCookie",
    "become_stranger",
    "begin_visit",
    "choose",
    "click",
    "current_visit",
    "is_being_forgotten",
    "is_page",
    "keep_session",
    "keeper_of",
    "owner_of_browser",
    "recognise",
    "served_by_us",
    "unkept",
    "visitor_key",
    "visitor_of",
]

# Imported at their first use, so that documents and storages can be used without Streamlit.
_LATER = {
    **dict.fromkeys(("Door", "ForgetRoute", "OpenPages", "Places", "Turns", "VisitorCookie"), "keepcart.middleware"),
    **dict.fromkeys(("Asked", "FirstPaint", "Paint"), "keepcart.middleware"),
    **dict.fromkeys(("is_page", "visitor_key", "visitor_of"), "keepcart.middleware"),
    **dict.fromkeys(("Visit", "become_stranger", "begin_visit", "choose", "click"), "keepcart.visits"),
    **dict.fromkeys(("KeepSession", "keep_session", "unkept"), "keepcart.sessions"),
    "current_visit": "keepcart.visits",
    **dict.fromkeys(("is_being_forgotten", "keeper_of", "owner_of_browser"), "keepcart.visits"),
    **dict.fromkeys(("recognise", "served_by_us"), "keepcart.visits"),
}


def __getattr__(name: str) -> Any:
    """Import what needs Streamlit (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
