"""Four things that a page wants to remember, each in three ways: a plain variable, `st.session_state`, kept.

The page `/kept` runs these functions and shows their bodies with the definitions that they use, so the code that it
shows is the code that runs. It shows each docstring as a sentence above the example. The lines are short because three
examples are side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from random import randint
from typing import Any

import streamlit as st

from keepcart import Kept, Visit, click


class Fate(StrEnum):
    """What becomes of a value."""

    STAYS = "stays"
    LOST = "is lost"
    LATE = "comes one run late"


EVENTS = ("a rerun", "a page switch", "a reload", "a restart")
"""What happens to a page, in the order of `Way.fates`. The server restarts while the page is open."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write an example: the function that draws it, and what becomes of its value in each of EVENTS."""

    name: str
    draw: Callable[..., None]
    fates: tuple[Fate, Fate, Fate, Fate]


@dataclass(frozen=True, slots=True)
class Example:
    """Something to remember. Its containers have the keys `<key>-plain`, `<key>-session` and `<key>-kept`."""

    key: str
    title: str
    about: str
    ways: tuple[Way, Way, Way]


COUNT = Kept(
    "example.count",
    int,
    default=0,
    merge=lambda base, mine, theirs: mine + theirs - base,
)


def counter_plain() -> None:
    """It begins at 0 in every run, so it never gets beyond 1."""
    count = 0
    if st.button("Count", key="count-1"):
        count += 1
    st.text(f"Counted to {count}")


def counter_session() -> None:
    """The session remembers it, as long as this page stays open and this server runs."""
    if "count" not in st.session_state:
        st.session_state.count = 0
    if st.button("Count", key="count-2"):
        st.session_state.count += 1
    count = st.session_state.count
    st.text(f"Counted to {count}")


def counter_kept(visit: Visit) -> None:
    """Two tabs that count at once lose nothing: merge adds up what both did."""

    def add_one() -> None:
        count = visit.get(COUNT)
        visit.put(COUNT, count + 1)

    click(
        visit,
        "count-3",
        add_one,
        label="Count",
    )
    count = visit.get(COUNT)
    st.text(f"Counted to {count}")


ROLLS: Kept[list[int]] = Kept(
    "example.rolls",
    list[int],
    default=[],
)


def dice() -> int:
    """Return a roll."""
    return randint(1, 6)


def dice_plain() -> None:
    """Every run makes a new list, so what was written to the old one is gone."""
    # initialise
    rolls: list[int] = []
    if st.button("Roll", key="roll-1"):
        # write
        rolls.append(dice())
    # read
    st.text(f"Rolled: {rolls}")


def dice_session() -> None:
    """The first reader must initialise it, so every page that uses it repeats that."""
    # initialise
    if "rolls" not in st.session_state:
        st.session_state.rolls = []
    rolls = st.session_state.rolls
    if st.button("Roll", key="roll-2"):
        # write
        rolls.append(dice())
        del rolls[:-5]
    # read
    st.text(f"Rolled: {rolls}")


def dice_kept(visit: Visit) -> None:
    """The definition initialises it once for all pages, with a default and with the type of a stored value."""

    def roll() -> None:
        # write
        rolls = visit.get(ROLLS)
        rolls.append(dice())
        del rolls[:-5]

    click(
        visit,
        "roll-3",
        roll,
        label="Roll",
    )
    # read
    rolls = visit.get(ROLLS)
    st.text(f"Rolled: {rolls}")


NAME = Kept(
    "example.name",
    str,
    default="",
)


def greeting_plain() -> None:
    """The greeting is drawn before there is a name. The box keeps its text, but the variable gets it too late."""
    name = ""
    st.text(f"Hello {name or 'you'}")
    name = st.text_input(
        "Your name",
        key="name-1",
        max_chars=100,
    )


def greeting_session() -> None:
    """The widget's key has the value before the widget is drawn, until another page is drawn."""
    name = st.session_state.get("name-2")
    st.text(f"Hello {name or 'you'}")
    st.text_input(
        "Your name",
        key="name-2",
        max_chars=100,
    )


def greeting_kept(visit: Visit) -> None:
    """The value is known before the widget is drawn, also on a page without the widget."""
    name = visit.get(NAME)
    st.text(f"Hello {name or 'you'}")
    visit.widget(
        NAME,
        st.text_input,
        "Your name",
        max_chars=100,
    )


LOADED = Kept(
    "example.loaded",
    bool,
    default=False,
)


def load_plain() -> None:
    """A button is pressed for one run only. In the next run the report is gone."""
    if st.button("Load", key="load-1"):
        st.text("Report: 1,024 rows")


def load_session() -> None:
    """The click sets a mark, and the mark shows the report."""
    if st.button("Load", key="load-2"):
        st.session_state.loaded = True
    if st.session_state.get("loaded"):
        st.text("Report: 1,024 rows")


def load_kept(visit: Visit) -> None:
    """The mark is kept, so the report is still there after a reload or a restart."""
    click(
        visit,
        "load-3",
        partial(visit.put, LOADED, True),
        label="Load",
    )
    if visit.get(LOADED):
        st.text("Report: 1,024 rows")


def start_over(visit: Visit) -> None:
    """Reset all examples."""
    kept: tuple[Kept[Any], ...] = (COUNT, ROLLS, NAME, LOADED)
    for value in kept:
        visit.put(value, value.default)
    for key in ("count", "rolls", "name-1", "name-2", "loaded"):
        st.session_state.pop(key, None)


_LOST = (Fate.LOST,) * 4
_WHILE_OPEN = (Fate.STAYS, Fate.STAYS, Fate.LOST, Fate.LOST)
_WITH_WIDGET = (Fate.STAYS, Fate.LOST, Fate.LOST, Fate.LATE)
_KEPT = (Fate.STAYS,) * 4


def _ways(
    plain: Callable[[], None],
    session: Callable[[], None],
    kept: Callable[[Visit], None],
    session_fates: tuple[Fate, Fate, Fate, Fate] = _WHILE_OPEN,
) -> tuple[Way, Way, Way]:
    return Way("plain", plain, _LOST), Way("session", session, session_fates), Way("kept", kept, _KEPT)


EXAMPLES: Sequence[Example] = (
    Example("counter", "A counter", "Does the number go on?", _ways(counter_plain, counter_session, counter_kept)),
    Example(
        "dice",
        "Initialise, read and write",
        "Are the last five rolls still there?",
        _ways(dice_plain, dice_session, dice_kept),
    ),
    Example(
        "greeting",
        "A widget's value before the widget",
        "Type a name and press Enter: does the line above the box know it?",
        _ways(greeting_plain, greeting_session, greeting_kept, _WITH_WIDGET),
    ),
    Example(
        "load",
        "A button that stays pressed",
        "Is what the button loaded still there?",
        _ways(load_plain, load_session, load_kept),
    ),
)
