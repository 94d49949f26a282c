"""A page's reruns in turn, as the ASGI app behind the middleware meets them."""

from collections.abc import Awaitable, Callable

import anyio
import pytest
from anyio import create_task_group, fail_after, sleep, sleep_forever
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from keepcart import Turns
from keepcart.middleware import turns

SCOPE: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}


def rerun(query: str) -> Message:
    request = BackMsg()
    request.rerun_script.query_string = query
    return {"type": "websocket.receive", "bytes": request.SerializeToString()}


SHOP, CART = "a" * 32, "b" * 32
TELLS_BACK = "is_history_navigation" in ClientState.DESCRIPTOR.fields_by_name


def asks(page: str, url: str, *widgets: str, trigger: str = "", back: bool = False) -> Message:
    """Ask for a page, from an address, with widgets that hold texts and perhaps a button that was clicked."""
    request = BackMsg()
    client = request.rerun_script
    client.page_script_hash, client.context_info.url = page, url
    if back and TELLS_BACK:
        client.is_history_navigation = True
    client.cached_message_hashes.append("something")
    for widget in widgets:
        client.widget_states.widgets.add(id=f"$$ID-{widget}", string_value="text")
    if trigger:
        client.widget_states.widgets.add(id=f"$$ID-{trigger}", trigger_value=True)
    return {"type": "websocket.receive", "bytes": request.SerializeToString()}


def shows(page: str) -> Message:
    message = ForwardMsg()
    message.navigation.page_script_hash = page
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def finished(status: "ForwardMsg.ScriptFinishedStatus.ValueType" = ForwardMsg.FINISHED_SUCCESSFULLY) -> Message:
    return {"type": "websocket.send", "bytes": ForwardMsg(script_finished=status).SerializeToString()}


class Server:
    """An app that takes requests as they come, and ends runs when the test says so."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.send: Send | None = None

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        self.send = send
        while (message := await receive())["type"] != "websocket.disconnect":
            self.received.append(message)

    async def end_run(self, *status: "ForwardMsg.ScriptFinishedStatus.ValueType") -> None:
        assert self.send is not None
        await self.send(finished(*status))
        await sleep(0.02)


def with_page(requests: list[Message], act: Callable[[Server], Awaitable[None]]) -> None:
    """Send requests at once through the middleware, then let the test act on the server."""
    waiting = list(requests)

    async def receive() -> Message:
        if not waiting:
            await sleep_forever()
        return waiting.pop(0)

    async def send(_message: Message) -> None:
        pass

    async def run() -> None:
        server = Server()
        with fail_after(10):
            async with create_task_group() as tasks:
                tasks.start_soon(Turns(server), SCOPE, receive, send)
                await sleep(0.05)
                await act(server)
                tasks.cancel_scope.cancel()

    anyio.run(run)


def test_the_next_request_waits_until_the_run_of_the_last_one_has_ended() -> None:
    async def act(server: Server) -> None:
        assert len(server.received) == 1
        await server.end_run()
        assert len(server.received) == 2
        await server.end_run()
        assert [message["bytes"] for message in server.received] == [rerun(text)["bytes"] for text in "abc"]

    with_page([rerun("a"), rerun("b"), rerun("c")], act)


def test_a_run_that_ends_early_for_a_rerun_is_still_the_same_turn() -> None:
    async def act(server: Server) -> None:
        await server.end_run(ForwardMsg.FINISHED_EARLY_FOR_RERUN)
        assert len(server.received) == 1
        await server.end_run()
        assert len(server.received) == 2

    with_page([rerun("a"), rerun("b")], act)


def test_a_script_that_reruns_itself_without_end_holds_no_click_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "ENDLESS_SECONDS", 0.0)

    async def act(server: Server) -> None:
        await server.end_run(ForwardMsg.FINISHED_EARLY_FOR_RERUN)
        assert len(server.received) == 2

    with_page([rerun("a"), rerun("b")], act)


def test_a_run_of_many_fragments_ends_its_turn_as_well() -> None:
    async def act(server: Server) -> None:
        ended = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
        ended.hash = "f" * 400  # the ids of a dozen fragments take as much
        assert server.send is not None
        await server.send({"type": "websocket.send", "bytes": ended.SerializeToString()})
        await sleep(0.02)
        assert len(server.received) == 2

    with_page([rerun("a"), rerun("b")], act)


def test_a_failed_run_ends_its_turn_as_well() -> None:
    async def act(server: Server) -> None:
        await server.end_run(ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
        assert len(server.received) == 2

    with_page([rerun("a"), rerun("b")], act)


def test_a_run_that_never_ends_holds_the_page_for_a_few_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_TURN_SECONDS", 0.2)

    async def act(server: Server) -> None:
        assert len(server.received) == 1
        await sleep(1)
        assert len(server.received) == 2

    with_page([rerun("a"), rerun("b")], act)


def test_a_lone_request_is_passed_on_at_once_and_other_messages_always() -> None:
    other = {"type": "websocket.receive", "bytes": BackMsg(stop_script=True).SerializeToString()}

    async def act(server: Server) -> None:
        assert server.received == [rerun("a"), other]

    with_page([rerun("a"), other], act)


NO_WIDGET = WidgetStates(widgets=[WidgetState(id="no element", int_value=3)])
NONSENSE: list[Message] = [
    {"bytes": b"\xff\xff\xff"},
    {"bytes": b""},
    {"bytes": b"\x92\x03\x01"},  # a field that BackMsg does not have
    {"text": "hello"},
    {"text": "", "bytes": None},
    {"bytes": BackMsg(debug_shutdown_runtime=True).SerializeToString()},
    {"bytes": BackMsg(clear_cache=True).SerializeToString()},
    {"bytes": BackMsg(rerun_script=ClientState(widget_states=NO_WIDGET)).SerializeToString()},
]


def test_frames_that_say_nothing_are_dropped_and_the_page_goes_on() -> None:
    """Streamlit would close the page's connection, and write a trace into the log for each of them."""

    async def act(server: Server) -> None:
        assert server.received == [rerun("a")]
        await server.end_run()
        assert server.received == [rerun("a"), rerun("b")]

    nonsense = [dict(frame, type="websocket.receive") for frame in NONSENSE]
    with_page([*nonsense, rerun("a"), *nonsense * 100, rerun("b"), *nonsense], act)


def asked_for(requests: list[Message]) -> list[tuple[str, bool]]:
    """Return which page each run on the server was for, and whether a button was clicked, when all have ended."""
    runs: list[tuple[str, bool]] = []

    async def act(server: Server) -> None:
        assert server.send is not None
        await server.send(shows(SHOP))
        for _ in range(2 * len(requests)):
            await server.end_run()
        for message in server.received:
            request = BackMsg.FromString(message["bytes"]).rerun_script
            clicked = any(widget.trigger_value for widget in request.widget_states.widgets)
            runs.append((request.page_script_hash, clicked))

    with_page(requests, act)
    return runs


FIRST = asks("", "/")
TO_CART = asks(CART, "/", "everywhere")


def test_a_click_on_a_page_that_is_being_left_counts_and_the_link_still_leads_on() -> None:
    late = [asks(SHOP, "/", "everywhere", "search", trigger="add"), asks(SHOP, "/", "everywhere", trigger="undo")]
    acts = [(SHOP, True), (CART, False), (SHOP, True), (CART, False)]
    assert asked_for([FIRST, TO_CART, *late]) == [("", False), (CART, False), *acts]


def test_a_text_that_was_typed_on_a_page_that_is_being_left_counts() -> None:
    typing = [asks(SHOP, "/", "everywhere", "search"), TO_CART, asks(SHOP, "/", "everywhere", "search")]
    assert asked_for([FIRST, *typing])[3:] == [(SHOP, False), (CART, False)]


def test_a_click_right_after_a_link_that_changes_the_address_first_counts_and_the_link_still_leads_on() -> None:
    requests = [FIRST, asks(CART, "/cart", "everywhere", back=True), asks(SHOP, "/cart", trigger="add")]
    assert asked_for(requests)[2:] == [(SHOP, True), (CART, False)]


def test_what_the_browser_had_when_it_followed_a_link_is_not_relied_on_again() -> None:
    async def act(server: Server) -> None:
        assert server.send is not None
        await server.send(shows(SHOP))
        for _ in range(4):
            await server.end_run()
        followed, _, again = (BackMsg.FromString(message["bytes"]).rerun_script for message in server.received[1:])
        assert followed.cached_message_hashes == ["something"]
        del followed.cached_message_hashes[:]
        assert again == followed

    with_page([FIRST, TO_CART, asks(SHOP, "/", trigger="add")], act)


@pytest.mark.parametrize(
    "requests",
    [
        [FIRST, TO_CART, asks(SHOP, "/", "everywhere")],
        [FIRST, TO_CART, asks(SHOP, "/cart", "everywhere", "quantity")],
        pytest.param(
            [FIRST, TO_CART, asks(SHOP, "/", "everywhere", "search", back=True)],
            marks=pytest.mark.skipif(not TELLS_BACK, reason="Streamlit before 1.65 does not tell Back from a link"),
        ),
        [FIRST, asks(SHOP, "/", "search"), asks(CART, "/cart", back=True), asks(SHOP, "/cart", "everywhere")],
        [FIRST, asks(CART, "/cart", back=True), asks(CART, "/cart", trigger="clear"), asks(SHOP, "/cart")],
        [FIRST, asks(SHOP, "/", "search"), asks(CART, "/", "search", "everywhere")],
        [FIRST, TO_CART, asks(CART, "/cart", trigger="clear"), asks(SHOP, "/cart", "everywhere")],
        [FIRST, asks(SHOP, "/", trigger="add"), asks(CART, "/", "everywhere"), asks(CART, "/", trigger="remove")],
    ],
    ids=[
        "two links",
        "a link there and back",
        "Back",
        "Back and a link",
        "Back, clear and leave",
        "typed and left",
        "clear and leave",
        "add and go",
    ],
)
def test_requests_that_mean_what_they_say_are_made_once(requests: list[Message]) -> None:
    assert len(asked_for(requests)) == len(requests)
