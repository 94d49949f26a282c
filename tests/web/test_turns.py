"""A page's reruns in turn, as the ASGI app behind the middleware meets them."""

from collections.abc import Awaitable, Callable

import anyio
import pytest
from anyio import create_task_group, fail_after, sleep, sleep_forever
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.web import turns
from app.web.turns import Turns

SCOPE: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}


def rerun(query: str) -> Message:
    request = BackMsg()
    request.rerun_script.query_string = query
    return {"type": "websocket.receive", "bytes": request.SerializeToString()}


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
