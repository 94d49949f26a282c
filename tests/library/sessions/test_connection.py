"""What a page's websocket says to Streamlit and to the browser, message by message; the session behind it is a fake."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import pytest
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLsResponse
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.SessionEvent_pb2 import SessionEvent
from streamlit.proto.WidgetStates_pb2 import WidgetState

from keepcart.sessions import connection, rehearsal
from keepcart.sessions.connection import Connection
from keepcart.sessions.holding import Holding

NAME = WidgetState(id="$$ID-1-None", string_value="Ann")
TYPED = WidgetState(id="$$ID-1-None", string_value="Bo")
CLICK = WidgetState(id="$$ID-2-None", trigger_value=True)
EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN


class FakeKept:
    """A session of one text, whose runs fail while `fails` says so."""

    def __init__(self) -> None:
        self.has_run = self.failed = self.is_anew = self.shares = self.is_over = False
        self.missing: frozenset[str] = frozenset()
        self.kept = self.put_back_times = 0
        self.asked: list[BackMsg] = []

    def load(self) -> None:
        pass

    def restore(self) -> Mapping[str, WidgetState]:
        return {NAME.id: NAME}

    def note_act(self) -> None:
        pass

    def is_worse(self) -> bool:
        return self.failed

    def begin_anew(self, words: BackMsg) -> None:
        self.is_anew = True
        self.asked.append(words)

    def end(self, words: BackMsg) -> None:
        self.begin_anew(words)

    def put_back(self) -> None:
        self.put_back_times += 1

    def holds(self, widget: str) -> Holding | None:
        return widget, "string_value", "" if self.is_anew else "Ann"

    def changed(self) -> object:
        return self

    def keep(self, _change: object) -> bool:
        self.kept += 1
        return not self.is_over


class Between:
    """A connection with a browser and with Streamlit, both of them this test."""

    def __init__(self) -> None:
        self.kept = FakeKept()
        self._from_browser: asyncio.Queue[Message] = asyncio.Queue()
        self.to_browser: list[ForwardMsg] = []
        self.connection = Connection(self._from_browser.get, self._to_browser, cast("Any", lambda: self.kept))

    async def _to_browser(self, message: Message) -> None:
        self.to_browser.append(ForwardMsg.FromString(message["bytes"]))

    async def ask(self, *held: WidgetState, fragment: str = "") -> BackMsg:
        """Ask for a run as the browser does; return what Streamlit hears."""
        words = BackMsg()
        words.rerun_script.widget_states.widgets.extend(held)
        words.rerun_script.fragment_id = fragment
        await self._from_browser.put({"type": "websocket.receive", "bytes": words.SerializeToString()})
        return await self.hear()

    async def hear(self) -> BackMsg:
        async with asyncio.timeout(5):
            message = await self.connection.receive()
        words: BackMsg = BackMsg.FromString(message["bytes"])
        return words

    async def leave(self) -> None:
        await self._from_browser.put({"type": "websocket.disconnect", "code": 1001})
        await self.connection.receive()

    async def say(self, *messages: ForwardMsg) -> None:
        """Say as Streamlit does."""
        for message in messages:
            await self.connection.send({"type": "websocket.send", "bytes": message.SerializeToString()})

    async def say_end(self, *, failed: bool = False, early: bool = False) -> None:
        self.kept.failed = failed
        await self.say(ForwardMsg(script_finished=EARLY if early else ForwardMsg.FINISHED_SUCCESSFULLY))

    @property
    def texts(self) -> list[str]:
        """What the browser has been told, in short."""
        return [_in_short(message) for message in self.to_browser]


def _in_short(message: ForwardMsg) -> str:
    element = message.delta.new_element
    if element.HasField("text_input"):
        return f"input {element.text_input.value}" if element.text_input.set_value else "input"
    if element.HasField("exception"):
        return "error"
    return element.text.body or str(message.WhichOneof("type"))


def text(body: str, fragment: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.delta.fragment_id = fragment
    message.delta.new_element.text.body = body
    return message


def text_input() -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.text_input.id = NAME.id
    return message


def button() -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.button.id = CLICK.id
    return message


def error(message: str = "boom") -> ForwardMsg:
    said = ForwardMsg()
    said.delta.new_element.exception.message = message
    return said


def ids(words: BackMsg) -> list[str]:
    return [held.id for held in words.rerun_script.widget_states.widgets]


def run(test: Callable[[Between], Awaitable[None]]) -> None:
    async def main() -> None:
        await test(Between())

    asyncio.run(main())


def test_a_page_that_was_loaded_gets_the_stored_state_and_shows_it() -> None:
    async def load(page: Between) -> None:
        assert ids(await page.ask()) == [NAME.id]
        await page.say(text("hello"), text_input())
        await page.say_end()
        assert page.texts == ["hello", "input Ann", "script_finished"]
        assert page.kept.kept == 1
        await page.ask(NAME)
        await page.say(text_input())
        assert page.texts[-1] == "input", "from now on the browser knows"

    run(load)


def test_where_a_restored_session_fails_it_begins_anew_and_the_error_is_never_shown() -> None:
    async def load(page: Between) -> None:
        await page.ask()
        await page.say(text("hello"), text_input(), error(), text("after it"))
        await page.say_end(failed=True)
        assert page.texts == ["hello", "input Ann"]
        assert page.kept.is_anew
        assert [ids(words) for words in page.kept.asked] == [[]]
        await page.say(text("welcome"), text_input())
        await page.say_end()
        assert page.texts[2:] == ["welcome", "input ", "script_finished"], "the field is empty again"
        assert (page.kept.kept, page.kept.put_back_times) == (1, 0)

    run(load)


def test_where_a_script_fails_with_nothing_restored_as_well_nothing_of_its_session_is_lost() -> None:
    async def load(page: Between) -> None:
        await page.ask()
        await page.say(error())
        await page.say_end(failed=True)
        await page.say(error())
        await page.say_end(failed=True)
        assert page.texts == ["error", "script_finished"]
        assert (page.kept.kept, page.kept.put_back_times, len(page.kept.asked)) == (0, 1, 1)

    run(load)


def test_a_script_that_does_not_compile_is_not_run_again() -> None:
    async def load(page: Between) -> None:
        await page.ask()
        page.kept.failed = True
        await page.say(ForwardMsg(script_finished=ForwardMsg.FINISHED_WITH_COMPILE_ERROR))
        assert not page.kept.is_anew

    run(load)


def test_an_error_that_the_script_shows_itself_is_shown() -> None:
    async def load(page: Between) -> None:
        await page.ask()
        await page.say(error(), text("after it"))
        await page.say_end()
        assert page.texts == ["error", "after it", "script_finished"]

    run(load)


@pytest.mark.parametrize("fragment", ["", "f"])
def test_where_a_later_run_misses_a_key_that_could_not_be_kept_the_session_begins_anew(fragment: str) -> None:
    async def click(page: Between) -> None:
        page.kept.has_run, page.kept.missing = True, frozenset({"client"})
        await page.ask(NAME, CLICK, fragment=fragment)
        await page.say(error('st.session_state has no key "other". Did you'))
        assert page.texts == ["error"]
        await page.say(error('st.session_state has no attribute "client". Did you'))
        if fragment:  # of which Streamlit says that it ended well
            await page.say(ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
        else:
            await page.say_end(failed=True)
        assert page.texts == ["error"]
        (asked,) = page.kept.asked
        assert ids(asked) == [NAME.id], "a click is not done twice"
        assert not asked.rerun_script.fragment_id

    run(click)


def test_where_the_visitor_was_forgotten_the_page_begins_anew_and_the_click_is_not_done_again() -> None:
    async def look(page: Between) -> None:
        await page.ask()
        await page.say_end()
        page.kept.is_over = True
        await page.ask(NAME, CLICK)
        await page.say_end()
        (asked,) = page.kept.asked
        assert list(asked.rerun_script.widget_states.widgets) == [NAME]

    run(look)


def test_a_first_click_comes_after_a_rehearsal_that_nobody_sees() -> None:
    async def click(page: Between) -> None:
        heard = await page.ask(TYPED, CLICK, fragment="f")
        assert list(heard.rerun_script.widget_states.widgets) == [NAME]
        assert not heard.rerun_script.fragment_id
        await page.say(ForwardMsg(new_session=NewSession()), text_input(), text("hello", fragment="f"))
        await page.say_end(early=True)
        await page.say(text("again"))
        await page.say_end()
        assert page.texts == []
        assert page.kept.kept == 0
        heard = await page.hear()
        assert list(heard.rerun_script.widget_states.widgets) == [TYPED, CLICK]
        assert heard.rerun_script.fragment_id == "f"
        await page.say(text("clicked"))
        await page.say_end()
        assert page.texts == ["clicked", "script_finished"]
        assert page.kept.kept == 1

    run(click)


def test_a_click_in_a_dialog_that_is_gone_is_one_on_the_whole_page() -> None:
    async def click(page: Between) -> None:
        await page.ask(CLICK, fragment="dialog")
        await page.say(text("hello", fragment="f"))
        await page.say_end()
        heard = await page.hear()
        assert ids(heard) == [CLICK.id]
        assert not heard.rerun_script.fragment_id, "Streamlit would answer nothing"

    run(click)


def test_what_no_run_says_again_is_said_during_a_rehearsal_too() -> None:
    async def click(page: Between) -> None:
        await page.ask(CLICK)
        answers = [
            ForwardMsg(file_urls_response=FileURLsResponse()),
            ForwardMsg(heartbeat_ack=True),
            ForwardMsg(session_event=SessionEvent()),
        ]
        for answer in answers:
            await page.say(text("hello"), answer)
        assert page.to_browser == answers

    run(click)


def test_a_rehearsal_that_fails_is_repeated_with_nothing_restored_before_the_click_comes_in() -> None:
    async def click(page: Between) -> None:
        await page.ask(TYPED, CLICK, fragment="f")
        await page.say(error())
        await page.say_end(failed=True)
        (asked,) = page.kept.asked
        assert list(asked.rerun_script.widget_states.widgets) == [TYPED]
        await page.say(text("welcome"))
        await page.say_end()
        assert page.texts == []
        heard = await page.hear()
        assert ids(heard) == [TYPED.id, CLICK.id]
        assert not heard.rerun_script.fragment_id, "the whole page is another one"

    run(click)


@pytest.mark.parametrize("says_end", [True, False], ids=["", "with fast reruns"])
def test_a_long_rehearsal_is_left_once_it_has_drawn_what_was_clicked(
    monkeypatch: pytest.MonkeyPatch, *, says_end: bool
) -> None:
    monkeypatch.setattr(rehearsal, "PATIENCE_SECONDS", 0.01)

    async def click(page: Between) -> None:
        await page.ask(NAME, CLICK)
        waiting = asyncio.create_task(page.hear())
        await page.say(text("hello"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await page.say(button())
        assert ids(await waiting) == [NAME.id, CLICK.id]
        await page.say(text("late"))
        if says_end:
            await page.say_end(early=True)
        await page.say(ForwardMsg(new_session=NewSession()), text("clicked"))
        await page.say_end()
        assert page.texts == ["new_session", "clicked", "script_finished"]
        assert page.kept.kept == 1

    run(click)


def test_a_rehearsal_that_draws_nothing_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(rehearsal, "LONGEST_SECONDS", 0.02)

    async def click(page: Between) -> None:
        await page.ask(CLICK)
        assert ids(await page.hear()) == [CLICK.id]

    run(click)


def test_a_script_that_reruns_itself_without_end_is_kept_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look(page: Between) -> None:
        await page.ask()
        await page.say_end()
        await page.ask(NAME)
        await page.say_end(early=True)
        assert page.kept.kept == 1, "a rerun costs nothing by itself"
        monkeypatch.setattr(connection, "ENDLESS_SECONDS", 0.0)
        await page.say_end(early=True)
        assert page.kept.kept == 2

    run(look)


def test_what_an_unfinished_run_has_changed_is_kept_when_its_page_is_left() -> None:
    async def leave(page: Between) -> None:
        await page.ask()
        await page.say_end()
        await page.ask(CLICK)
        await page.say(text("so far"))
        await page.leave()
        assert page.kept.kept == 2

    run(leave)


def test_a_page_that_is_left_while_it_is_still_restored_or_has_nothing_in_progress_is_not_kept() -> None:
    async def leave(page: Between) -> None:
        await page.ask()
        await page.leave()
        assert page.kept.kept == 0
        await page.say_end()
        await page.leave()
        assert page.kept.kept == 1

    run(leave)


@pytest.mark.parametrize("at", ["load", "restore", "changed", "keep"])
def test_whatever_goes_wrong_with_a_session_its_page_goes_on_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, at: str
) -> None:
    def fail(*_: object) -> None:
        raise AttributeError("of an unknown Streamlit")

    async def look(page: Between) -> None:
        monkeypatch.setattr(page.kept, at, fail)
        await page.ask()
        await page.say(text("hello"))
        await page.say_end()
        await page.ask(NAME, CLICK)
        await page.say(text("clicked"))
        await page.say_end()
        assert page.texts == ["hello", "script_finished", "clicked", "script_finished"]

    run(look)
    assert [record.getMessage() for record in caplog.records] == ["a session is not kept: its page goes on without"]
