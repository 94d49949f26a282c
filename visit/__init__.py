"""A browser session for Streamlit that survives a refresh, a restart, a second tab and another server.

    from visit import Kept, begin_visit

    TOWN = Kept("town", str, default="")

    visit = begin_visit("redis://localhost:6379/0")
    visit.widget(TOWN, st.text_input, "Your town")
    st.write("Weather in", visit.get(TOWN))
    visit.complete_run()

It needs `storage` beside it and nothing else of this project: take the two folders. docs/your-own-app.md is the guide.
"""

from visit.click import click
from visit.cookie import VisitorCookie
from visit.document import Document, FromNewerRelease, Refused, Unreadable
from visit.held import Held, Locked
from visit.keeper import Keeper
from visit.kept import Kept, TooLarge
from visit.open import begin_visit
from visit.turns import Turns
from visit.visit import Visit
from visit.visitor import recognise

__all__ = [
    "Document",
    "FromNewerRelease",
    "Held",
    "Keeper",
    "Kept",
    "Locked",
    "Refused",
    "TooLarge",
    "Turns",
    "Unreadable",
    "Visit",
    "VisitorCookie",
    "begin_visit",
    "click",
    "recognise",
]
