"""A visit: one Streamlit session of a visitor, and the only door between `st.session_state` and storage.

    keeper = Keeper(storage, keep_seconds=keep_seconds)     # one a process
    visit = Visit.current(keeper, recognise(keep_seconds))
    visit.begin_run()
    …                             # visit.get, put, widget, input, hold; draw
    visit.complete_run()

The visit stands in `st.session_state["keepcart.visit"]`, nothing else writes that key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from keepcart.documents import VALUES, Document, Held, Keeper, Kept, Locked, Refused, Values, Write, Writes
from keepcart.middleware import visitor_key
from keepcart.visits.inputs import Inputs

T = TypeVar("T")
C = TypeVar("C")
V = TypeVar("V")

_SESSION_KEY = "keepcart.visit"
_UNCHANGING = (int, float, str, bytes, bool, type(None))


@dataclass(frozen=True, slots=True)
class _Lent:
    """A value in the hands of the script: as it was stored, as it was handed out, and how that would be stored."""

    kept: Kept[Any]
    stored: bytes | None
    value: Any
    as_lent: bytes | None


class Visit:
    """One session of one visitor.

    Attributes:
        page: the page drawn in this run, and in the last one until `begin_run`.
        settled: a complete run has drawn this page in this session, so its widgets show what the visit knows.
        handled: keys of buttons whose click a callback has handled and whose `if` has not been reached since.
        began: this run is the visit's first.
        switched: this run draws another page than the one before.
        was_unsaved: this page has said that something is not saved yet, and the shopper has not acted since it was.
    """

    def __init__(self, keeper: Keeper, visitor_id: str) -> None:
        self._keeper = keeper
        self._owner = visitor_key(visitor_id)
        self._held: dict[str, Held[Any, Any]] = {}
        self._inputs = Inputs()
        self._lent: dict[str, _Lent] = {}
        self._showed: dict[str, bytes | None] = {}  # stored forms as this tab's widgets show them
        self.page: str | None = None
        self.settled = False
        self.handled: set[str] = set()
        self.began = True
        self.switched = False
        self.was_unsaved = False
        self._look_again = False

    @classmethod
    def current(cls, keeper: Keeper, visitor_id: str) -> Visit:
        """Return this session's visit, begun in its first run."""
        visit = st.session_state.get(_SESSION_KEY)
        if not isinstance(visit, cls):
            visit = st.session_state[_SESSION_KEY] = cls(keeper, visitor_id)
        return visit

    # Kept values

    def get(self, kept: Kept[V]) -> V:
        """Return a kept value, the default where the visitor has none.

        The first call of a visit reads all values, one round trip; later ones ask nobody. A list or another value that
        can be changed in place may be: what it is when the run is complete is kept.

            seen = visit.get(SEEN)
            visit.get(THINGS).append("Lamp")

        Raises:
            ValueError: another definition has the same name.
        """
        lent = self._lent.get(kept.name)
        if lent is None:
            stored = self._values.value.get(kept.name)
            value = kept.decode(stored)
            as_lent = None if isinstance(value, _UNCHANGING) else kept.to_store(value)
            lent = self._lent[kept.name] = _Lent(kept, stored, value, as_lent)
        elif not lent.kept.is_like(kept):
            raise ValueError(f"two kept values are named {kept.name!r}")
        held: V = lent.value
        return held

    def put(self, kept: Kept[V], value: V) -> None:
        """Keep a value. It is saved when the run is complete, with all others, in one round trip.

            visit.put(LOADED, True)

        Where another tab changed the same value since this one read it, `merge` decides, else the later save wins.

        Raises:
            TypeError: the value is not of the definition's type.
            Refused: it is too large (`TooLarge`), or storage is away and no more can wait. What was kept stays.
            Locked: a newer release has written it.
            ValueError: another definition has the same name.
        """
        self.get(kept)
        self._write(kept, self._lent[kept.name].stored, kept.to_store(value))

    # Widgets

    def widget(self, kept: Kept[V], draw: Callable[..., Any], *args: Any, **options: Any) -> V:
        """Draw a widget that shows and edits a kept value; return the value.

            name = visit.widget(NAME, st.text_input, "Your name")

        Args:
            draw: `st.text_input`, `st.selectbox` or any other input with a key, also a container's or a form's.
            args, options: the widget's own, without its default. `key` is made from the value's name; `on_change` is
                called, without arguments, once the value is kept; not in a form, where Streamlit allows no callback.

        An edit that is refused (`Refused`, `Locked`) is not kept; the next run says so below the widget.

        Raises:
            TypeError: `draw` has no parameter for a default; or, where an edit is kept, the widget holds what is not of
                the value's type, such as None of an emptied `st.number_input`.
            ValueError: another definition has the same name.
        """
        key = options.pop("key", f"kept-{kept.name}")
        value = self.get(kept)
        self._showed[kept.name] = self._lent[kept.name].stored
        held: V = self.input(key, value, partial(self._edit, kept), draw, *args, **options)
        return held

    def _edit(self, kept: Kept[V], value: V) -> None:
        """Keep what a widget holds: an edit of what this tab shows, whatever other tabs of the process have done."""
        stored = kept.to_store(value)
        self._write(kept, self._showed[kept.name], stored)
        self._showed[kept.name] = stored

    def input(
        self, key: str, value: T, keep: Callable[[T], None], draw: Callable[..., Any], *args: Any, **options: Any
    ) -> T:
        """Draw a widget that shows a value and whose edits are acts; return what it shows.

        Args:
            key: the widget's; made from what it edits, never from its position.
            value: what is kept.
            keep: keeps an edit. What it refuses (Refused, Locked) is said below the widget.
            draw, args, options: as of `widget`.
        """
        held: T = self._inputs.draw(key, value, keep, draw, args, options, settled=self.settled)
        return held

    # Documents

    def hold(self, kind: Document[T, C]) -> Held[T, C]:
        """Return a document of this visitor. The first call reads it, one round trip, and starts its expiry anew.

            count = visit.hold(COUNT)
            count.change(1)          # saved before this returns, or waits; raises Refused, Locked
            st.write(count.value)

        Storage that is away raises nothing here: the document is then what this process knows of it.
        """
        held = self._held.get(kind.name)
        if held is None:
            held = self._held[kind.name] = self._keeper.hold(self._owner, kind)
            held.load(renew=True)
        return held

    @property
    def documents(self) -> Mapping[str, Held[Any, Any]]:
        """The documents that this visit holds, by name."""
        return self._held

    @property
    def version(self) -> str:
        """What differs wherever any of the documents does."""
        return " ".join(held.version for held in self._held.values())

    @property
    def _values(self) -> Held[Values, Writes]:
        return self.hold(VALUES)

    # Runs

    def look_again(self) -> None:
        """Let the next run read the documents anew: the browser says that another tab has changed something."""
        self._look_again = True

    def begin_run(self, page: str = "") -> None:
        """Note which page this run draws; a page switch reads the documents anew, for other tabs' changes."""
        self._take_back()
        self._inputs.begin_run()
        self.began = self.page is None
        self.switched = not self.began and page != self.page
        for held in self._held.values():
            if self.switched or self._look_again or held.locked or not held.read:
                held.load()
        self._look_again = False
        if self.switched:
            self.settled = self.was_unsaved = False
        self.page = page

    def complete_run(self) -> None:
        """Note that a run has drawn its whole page, and save what it has changed: one round trip a document changed.

        Where widgets showed something else than is kept, the page is drawn once more, and this does not return.

        Raises:
            TypeError, Refused, Locked: what was changed in place cannot be kept, as in `put`; said once, the rest is.
        """
        again = self._inputs.complete_run(settled=self.settled)
        self._take_back()
        for held in self._held.values():
            if held.waiting:
                held.send()
        self.settled = True
        self.was_unsaved = self.was_unsaved or any(held.waiting for held in self._held.values())
        if again:
            st.rerun()

    def _take_back(self) -> None:
        """Keep what was changed in place, and read every value anew; raises the first problem, keeps the others."""
        lent, self._lent = self._lent, {}
        problems = []
        for one in lent.values():
            if isinstance(one.value, _UNCHANGING):
                continue
            try:
                stored = one.kept.to_store(one.value)
                if stored != one.as_lent:
                    self._write(one.kept, one.stored, stored)
            except (TypeError, Refused, Locked) as problem:
                problems.append(problem)
        if problems:
            raise problems[0]

    def _write(self, kept: Kept[Any], seen: bytes | None, stored: bytes | None) -> None:
        if kept.is_newer(self._values.value.get(kept.name)):
            raise Locked
        if stored != seen:
            self._values.change({kept.name: Write(kept, seen, stored)}, later=True)
        self._lent.pop(kept.name, None)
