"""Any history of acts, reloads, kills, outages and moves ends with the session of a server that never stopped.

The elements, the state of sessions, what is kept of them and how a connection restores it are real. Processes, the
browser's pages and storage are objects here, so a history takes milliseconds. Beside each page that is kept there is a
plain one, whose session nothing ever happens to; only what storage could never have had is taken from it as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import streamlit as st
from hypothesis import settings
from hypothesis import strategies as hs
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import SCRIPT_RUN_WITHOUT_ERRORS_KEY

from keepcart.documents import Keeper, Owner
from keepcart.sessions.asked import without_acts
from keepcart.sessions.codec import Codec, OwnClasses
from keepcart.sessions.holding import widget_state
from keepcart.sessions.kept_keys import KeptKeys
from keepcart.sessions.kept_session import KeptSession
from keepcart.sessions.kept_tab import LARGE_BYTES, KeptTab
from keepcart.sessions.streamlit_session import StreamlitSession
from testbed.memory import Memory
from testbed.scripted import SCRIPT_PATH, Died, KeptWire, PlainWire, ScriptedPage, ScriptedSession
from testbed.shelf import Threadless
from testbed.switchable import Switchable

OWNER = Owner("visitor")
CODEC = Codec(OwnClasses(Path(SCRIPT_PATH).parent))

# The app


def app() -> None:
    """Keep keys and widgets in the ways that people do."""
    state = st.session_state
    state.setdefault("count", 0)
    state.setdefault("rows", [])
    st.button("More", on_click=_more, args=(1,))
    word = st.text_input("Word", key="word", on_change=_note, args=("word",))
    kind = st.selectbox("Kind", ["lamp", "desk", "chair"])
    if st.checkbox("Details", key="details"):
        pieces = st.number_input("Pieces", value=1)
        if st.button("Put in"):
            state["rows"].append((kind, pieces, word))
    if st.button("Grow"):
        state["table"] = "x" * (LARGE_BYTES + state["count"])
    if st.button("Drop"):
        state.pop("table", None)
    _part()
    st.write(f"{state['count']} {state['rows']} {len(state.get('table', ''))} {state.get('noted')} {word} {kind}")


def _more(by: int) -> None:
    st.session_state["count"] += by


def _note(key: str) -> None:
    st.session_state["noted"] = f"{key} {st.session_state[key]}"


@st.fragment
def _part() -> None:
    if st.button("Inside"):
        st.session_state["inside"] = st.session_state.get("inside", 0) + 1
    st.write(f"Inside {st.session_state.get('inside', 0)}")


# What a visitor does

Act = Callable[[ScriptedPage[Any]], object]


class Use(NamedTuple):
    """An act, and the widget that it needs."""

    widget: str
    do: Act


USES = {
    "more": Use("More", lambda page: page.press("More")),
    "word a": Use("word", lambda page: page.change("word", string_value="a")),
    "word b": Use("word", lambda page: page.change("word", string_value="b")),
    "kind": Use("Kind", lambda page: page.change("Kind", string_value="desk")),
    "details": Use("details", lambda page: page.change("details", bool_value=not page.value("details"))),
    "pieces": Use("Pieces", lambda page: page.change("Pieces", int_value=int(page.value("Pieces")) + 1)),
    "put in": Use("Put in", lambda page: page.press("Put in")),
    "grow": Use("Grow", lambda page: page.press("Grow")),
    "drop": Use("Drop", lambda page: page.press("Drop")),
    "inside": Use("Inside", lambda page: page.press("Inside")),
    "nothing": Use("More", lambda page: page.rerun()),
}

# The model


class Kept(NamedTuple):
    """What can be kept of a session."""

    keys: dict[str, Any]
    widgets: dict[str, WidgetState]


class Stored(NamedTuple):
    """What storage has of a tab; each session that begins has another number."""

    begun: int
    kept: Kept


def kept_of(session: ScriptedSession) -> Kept:
    seen = StreamlitSession(session, SCRIPT_PATH)  # type: ignore[arg-type]  # it stands in for one
    widgets = map(widget_state, seen.widgets(lambda _: True))
    return Kept(deepcopy(dict(seen.own_keys())), {held.id: _as_stored(held) for held in widgets})


def _as_stored(held: WidgetState) -> WidgetState:
    """Return what a widget holds; a whole number is one by either field, and browsers and Streamlit differ in it."""
    whole = held.WhichOneof("value") == "int_value"
    return WidgetState(id=held.id, double_value=held.int_value) if whole else held


def _has_run(session: ScriptedSession) -> bool:
    return SCRIPT_RUN_WITHOUT_ERRORS_KEY in session.session_state


def restored(kept: Kept | None) -> ScriptedSession:
    """Return a session that goes on with what was kept."""
    session = ScriptedSession(app)
    for key, value in deepcopy(kept.keys).items() if kept else ():
        session.session_state.reset_state_value(key, value)
    return session


@dataclass
class Process:
    """A server process, and what it knows of storage."""

    keeper: Keeper
    sessions: dict[str, ScriptedSession] = field(default_factory=dict)
    alive: list[ScriptedSession] = field(default_factory=list)  # Streamlit keeps those of reloaded pages for a while
    knows: dict[str, Stored | None] = field(default_factory=dict)
    waiting: dict[str, tuple[Stored, bool]] = field(default_factory=dict)  # and whether it says everything
    forgotten: set[str] = field(default_factory=set)  # tabs whose session is over as soon as anything runs

    def connect(self, loop: asyncio.AbstractEventLoop, tab: str, session: ScriptedSession) -> KeptWire:
        """Return the connection of a page, as `KeepSession` makes it."""
        hold = partial(self.keeper.hold, OWNER)
        keys = KeptKeys(CODEC, lambda _: True)
        self.sessions[tab] = session
        self.alive.append(session)
        kept = KeptSession(
            StreamlitSession(session, SCRIPT_PATH),  # type: ignore[arg-type]  # it stands in for one
            KeptTab(tab, "", hold),
            keys,
            None,
            lambda _: True,
        )
        return KeptWire(loop, session, kept)


@dataclass
class Tab:
    """A tab: its page, where it is connected, and the page of a server that never stopped."""

    page: ScriptedPage[KeptWire]
    steady: ScriptedPage[PlainWire]
    session: ScriptedSession
    process: int
    is_known: bool = False  # its connection has asked storage
    is_blind: bool = False  # and storage did not answer: what it says first is not kept


TABS = ("a", "b", "c")
tabs = hs.sampled_from(TABS)
processes = hs.integers(0, 1)
uses = hs.sampled_from(sorted(USES))


class SessionHistories(RuleBasedStateMachine):
    """One visitor with several tabs, and two processes with one storage."""

    @initialize()
    def begin(self) -> None:
        """Start both processes."""
        self.loop = asyncio.new_event_loop()
        self.storage = Switchable(Memory())
        self.processes = [self.started(), self.started()]
        self.tabs: dict[str, Tab] = {}
        self.stored: dict[str, Stored] = {}
        self.order: list[str] = []
        self.orders: dict[int, list[str]] = {0: [], 1: []}
        self.begun = 0

    def started(self) -> Process:
        return Process(Keeper(self.storage, keep_seconds=60, backlog=Threadless))

    # What happens

    @rule(name=tabs, at=processes)
    def load(self, name: str, at: int) -> None:
        """Load a tab's page, for the first time or again."""
        session = ScriptedSession(app)
        wire = self.processes[at].connect(self.loop, name, session)
        before = self.tabs.get(name)
        tab = self.tabs[name] = Tab(
            ScriptedPage(wire), ScriptedPage(PlainWire(session)), before.session if before else session, at
        )
        kept = self.asked(name, tab)
        tab.page.rerun()
        if self.storage.off:  # it has whatever its process remembers
            self.adopt(tab, session)
        else:
            self.go_on(tab, kept, before.session if before else None)
            tab.steady.rerun()
        self.check_and_keep(name, tab)

    @rule(name=tabs, use=uses)
    def act(self, name: str, use: str) -> None:
        """Do something."""
        tab = self.tabs.get(name)
        if tab is None or not tab.page.shown.has(USES[use].widget):
            return
        kept, is_new = self.asked_once(name, tab)
        USES[use].do(tab.page)
        if is_new and self.storage.off:
            tab.page.rerun()  # an act in a fragment leaves the rest of the page as it was
            tab.is_blind = False
            self.adopt(tab, tab.page.wire.session)
        else:
            self.rehearse(tab, kept, is_new=is_new)
            USES[use].do(tab.steady)
            if not is_new:
                self.end_if_forgotten(name, tab)
            elif use == "inside":  # a fragment's run draws nothing else; the rehearsal before it has drawn the page
                tab.page.rerun()
                tab.steady.rerun()
        self.check_and_keep(name, tab)

    @rule(at=processes)
    def kill(self, at: int) -> None:
        """Kill a process; its pages connect anew to the next one."""
        self.processes[at] = self.started()
        self.orders[at] = []
        for name, tab in self.tabs.items():
            if tab.process == at:
                self.connect(name, tab, at)

    @rule(name=tabs, use=uses, dies=hs.sampled_from(["before", "after"]))
    def kill_in_act(self, name: str, use: str, dies: str) -> None:
        """Kill a process while it does something."""
        tab = self.tabs.get(name)
        if tab is None or self.storage.off or name not in self.stored or not tab.page.shown.has(USES[use].widget):
            return
        kept, is_new = self.asked_once(name, tab)
        tab.page.wire.dies = dies
        with pytest.raises(Died):
            USES[use].do(tab.page)
        if dies == "after":
            self.rehearse(tab, kept, is_new=is_new)
            tab.steady.wire.is_deaf = True
            with pytest.raises(Died):
                USES[use].do(tab.steady)
            self.keep(name, tab)
        else:
            tab.steady._held = dict(tab.page._held)
        self.kill(tab.process)

    @rule(name=tabs, at=processes)
    def move(self, name: str, at: int) -> None:
        """Let a balancer send an open page elsewhere. During an outage it would begin anew there (docs/any-app.md)."""
        if name in self.tabs and not self.storage.off:
            self.connect(name, self.tabs[name], at)

    @rule(at=processes)
    def forget(self, at: int) -> None:
        """Forget the visitor: every session of hers is over."""
        if self.storage.off:
            return
        process = self.processes[at]
        process.keeper.forget(OWNER)
        # A page that was loaded during an outage, and in which nothing was done since, has nothing to be forgotten.
        unasked = (name for name, tab in self.tabs.items() if tab.process == at and not tab.is_known)
        process.knows = dict.fromkeys([*process.knows, *unasked])
        self.stored.clear()
        self.order.clear()
        self.orders[at].clear()

    @rule()
    def take_storage_away(self) -> None:
        """Begin an outage."""
        self.storage.off = True

    @rule()
    def mend(self) -> None:
        """Let storage be back; each process looks, as it does twice a second."""
        self.storage.off = False
        for number, process in enumerate(self.processes):
            process.keeper.backlog.try_again()
            for name, (waited, is_whole) in process.waiting.items():
                there = self.stored.get(name)
                if is_whole or (there is not None and there.begun == waited.begun):
                    self.stored[name] = waited
                    self.use(name, number)
                else:  # it was refused, so the process knows that the session is over
                    process.knows[name] = None
            process.waiting.clear()

    def teardown(self) -> None:
        """In the end all tabs are there in a new process."""
        if not hasattr(self, "tabs"):
            return
        try:
            self.mend()
            self.processes[0] = self.started()
            for name in self.tabs:
                self.load(name, 0)
        finally:
            self.loop.close()

    # What is to be expected

    def connect(self, name: str, tab: Tab, at: int) -> None:
        process = self.processes[at]
        tab.page.wire = process.connect(self.loop, name, process.sessions.get(name) or ScriptedSession(app))
        tab.process, tab.is_known = at, False

    def asked_once(self, name: str, tab: Tab) -> tuple[Kept | None, bool]:
        return (None, False) if tab.is_known else (self.asked(name, tab), True)

    def asked(self, name: str, tab: Tab) -> Kept | None:
        """Return what a connection finds in storage when it asks."""
        process = self.processes[tab.process]
        tab.is_known = True
        tab.is_blind = self.storage.off and name not in process.knows
        if self.storage.off:
            return None
        if name not in process.knows and _has_run(process.sessions[name]):
            process.knows[name] = self.stored.get(name)
            return kept_of(tab.session)  # it began here during an outage, and goes on
        found = process.knows[name] = self.stored.get(name)
        self.orders[tab.process] = list(self.order)
        if found is None and self.order:
            found = self.stored.get(self.order[0])
            if self.order[0] in process.sessions:  # whose document is alive here, and was just read
                process.knows.setdefault(self.order[0], found)
        return found.kept if found else None

    def go_on(self, tab: Tab, kept: Kept | None, session: ScriptedSession | None) -> None:
        """Let the steady page go on with the session that has never stopped, where storage has all of it."""
        is_same = session is not None and kept_of(session) == (kept or Kept({}, {}))
        tab.session = session if session is not None and is_same else restored(kept)
        tab.steady = ScriptedPage(PlainWire(tab.session))
        tab.steady._held = dict(kept.widgets) if kept else {}

    def rehearse(self, tab: Tab, kept: Kept | None, *, is_new: bool) -> None:
        if not is_new or kept_of(tab.session) == kept:
            return
        tab.session = restored(kept)
        words = BackMsg()
        words.rerun_script.widget_states.widgets.extend(kept.widgets.values() if kept else ())
        tab.session.run(words)
        tab.steady.wire = PlainWire(tab.session)

    def end_if_forgotten(self, name: str, tab: Tab) -> None:
        """Let a session be over whose visitor was forgotten, as soon as its process learns of it."""
        process = self.processes[tab.process]
        known = process.knows.get(name)
        is_known = name in process.knows and known is None
        is_learnt = known is not None and known.kept != kept_of(tab.session) and not self.storage.off
        if name in self.stored or not (is_known or is_learnt):
            return
        process.knows[name] = None
        self.orders[tab.process] = list(self.order)  # it has read the list of tabs, to tell
        tab.session = ScriptedSession(app)
        asked = tab.steady.wire.asked
        tab.steady.wire = PlainWire(tab.session)
        tab.steady._read(tab.steady.wire.run(without_acts(asked).SerializeToString()).messages)

    def adopt(self, tab: Tab, session: ScriptedSession) -> None:
        kept = kept_of(session)
        tab.session = restored(kept)
        tab.steady = ScriptedPage(PlainWire(tab.session))
        tab.steady._held = dict(tab.page._held)
        tab.steady.rerun()
        tab.steady.shown = tab.page.shown

    def check_and_keep(self, name: str, tab: Tab) -> None:
        assert kept_of(tab.page.wire.session) == kept_of(tab.session)
        assert tab.page.shown.text() == tab.steady.shown.text()
        self.keep(name, tab)

    def keep(self, name: str, tab: Tab) -> None:
        """Note what storage gets after a run."""
        process, kept = self.processes[tab.process], kept_of(tab.session)
        if tab.is_blind:
            tab.is_blind = False
            return
        known = process.knows.get(name)
        if known is not None and known.kept == kept:
            return
        if known is None:
            self.begun += 1
        now = process.knows[name] = Stored(known.begun if known else self.begun, kept)
        if self.storage.off:
            _, is_whole = process.waiting.pop(name, (None, False))
            process.waiting[name] = now, known is None or is_whole  # as the last one
        else:
            self.stored[name] = now
            self.use(name, tab.process)

    def use(self, name: str, at: int) -> None:
        if self.orders[at][:1] != [name]:
            self.order = [name, *(other for other in self.order if other != name)]
            self.orders[at] = list(self.order)


def test_a_page_that_comes_back_from_another_process_goes_on_with_what_it_did_there() -> None:
    """It was found by a history; its session was cleared here, not restored, and the empty one saved."""
    history = SessionHistories()
    history.begin()
    history.load("a", 0)
    history.act("a", "word a")
    for at in (1, 0):
        history.move("a", at)
        history.act("a", "more")
    history.teardown()


TestSessionHistories = SessionHistories.TestCase
TestSessionHistories.settings = settings(max_examples=150, stateful_step_count=20, deadline=None, derandomize=True)


@pytest.mark.long
class TestManySessionHistories(TestSessionHistories):  # type: ignore[valid-type, misc]
    """Other histories each time."""

    settings = settings(max_examples=10_000, stateful_step_count=20, deadline=None)
