"""A page on the wire says to the server what Chromium says, act by act: on this the tests in tests/protocol rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from testbed.browser.inputs import Inputs
from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store
from testbed.servers.widgets import widgets_app
from testbed.wire import shopper as wire
from testbed.wire.connection import Connection
from testbed.wire.open_page import OpenPage

Said = tuple[str, str, str, dict[str, Any]]
"""The page that is asked for by its hash or its name, the query, and what each widget holds."""


def said(request: ClientState) -> Said:
    widgets = request.widget_states.widgets
    states = {state.id: str(getattr(state, state.WhichOneof("value") or "", None)) for state in widgets}
    return request.page_script_hash, request.page_name, request.query_string, states


def heard_from(page: Page) -> list[Said]:
    """Return what a page of the browser says to the server, a list that grows."""
    heard: list[Said] = []

    def note(frame: bytes | str) -> None:
        message = BackMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        if message.HasField("rerun_script"):
            heard.append(said(message.rerun_script))

    page.on("websocket", lambda socket: socket.on("framesent", note))
    return heard


@pytest.fixture
def on_the_wire(monkeypatch: pytest.MonkeyPatch) -> list[Said]:
    """Return what pages without a browser say to the server, a list that grows."""
    heard: list[Said] = []
    run = Connection.run

    def noted(connection: Connection, *requests: bytes) -> Any:
        heard.extend(said(BackMsg.FromString(request).rerun_script) for request in requests)
        return run(connection, *requests)

    monkeypatch.setattr(Connection, "run", noted)
    return heard


def test_a_shopper_on_the_wire_says_what_a_shopper_in_the_browser_says(
    mortal_store: Store, new_shopper: Callable[..., Shopper], on_the_wire: list[Said]
) -> None:
    shopper, other = new_shopper(mortal_store), wire.WireShopper(mortal_store.url)
    in_the_browser = heard_from(shopper.page)

    shopper.open().fill("LAPTOP", "MOUSE")
    other.open().fill("LAPTOP", "MOUSE")
    shopper.page.get_by_role("radio", name="Desks").click()
    expect(shopper.page.get_by_role("article")).to_have_count(4)
    other.picks("category", "Desks")
    shopper.go_to_cart()
    other.go_to_cart()
    shopper.set_quantity("MOUSE", 3)
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 3})
    other.set_quantity("MOUSE", 3)
    restart_under(mortal_store, shopper)
    other.page.reconnect()
    shopper.remove("LAPTOP")
    shopper.sees_lines({"MOUSE": 3})
    other.remove("LAPTOP")
    shopper.step_up("MOUSE").click()
    shopper.sees_lines({"MOUSE": 4})
    other.step_up("MOUSE")
    shopper.reload()
    other.reload()
    other.close()

    assert on_the_wire == in_the_browser


@pytest.fixture(scope="module")
def widgets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with widgets_app(tmp_path_factory.mktemp("widgets")) as app:
        yield app


def test_a_page_on_the_wire_holds_what_every_kind_of_widget_holds(
    widgets: Store, chromium: Browser, on_the_wire: list[Said]
) -> None:
    with chromium.new_context() as context:
        tab = Inputs(context.new_page(), widgets.url)
        in_the_browser = heard_from(tab.page)
        tab.open().clicks("radio", "blue")
        tab.keeps({"radio": "blue"})
        tab.types("text", "Pune")
        tab.keeps({"text": "Pune", "radio": "blue"})
    with OpenPage(widgets.url) as page:
        page.change("kept-radio", string_value="blue")
        page.change("kept-text", string_value="Pune")

    assert on_the_wire == in_the_browser
