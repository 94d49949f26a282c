"""One open page of a Streamlit app, spoken to as the browser does, with no browser.

It asks for the page, connects a websocket with the cookies it got, sends what the widgets hold, and reads until the
script has run. What the browser does here was read in Streamlit 1.67's own script, and `tests/browser/test_wire.py`
compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import ChatInputValue
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

from keepcart.sessions.open_tabs import SAYS
from testbed.wire.connection import Connection, Cookies, Run, load
from testbed.wire.held import held
from testbed.wire.shown import Shown


class OpenPage:
    """A page from the moment it is asked for.

    Attributes:
        first_run: the run that drew it.
        shown: what it shows now.
        title: of the tab.
        cookies: what the browser has; another page of the same browser is opened with them.
        address: path and query as the browser shows them, such as `product?sku=LAPTOP`.
    """

    def __init__(
        self,
        url: str,
        cookies: Cookies | None = None,
        path: str = "",
        answer: Cookies | None = None,
        tab: str = "",
    ) -> None:
        """Load a page, and wait for it.

        Args:
            url: of the app.
            cookies: the browser's; a new browser's without them.
            path: of the page, such as `product?sku=LAPTOP`.
            answer: cookies of a page that was asked for before, and arrives only now.
            tab: what `KeepSession`'s script calls the tab; a reload has the same.
        """
        self._url = url
        self._name, _, self._query = path.strip("/").partition("?")
        self._page_hash = self._main_hash = self._session_id = ""
        self._pages: dict[str, str] = {}
        self._held: dict[str, WidgetState] = {}
        self._kept_messages: dict[str, ForwardMsg] = {}
        self._drawn: list[ForwardMsg] = []
        self._timers: set[str] = set()
        self.cookies: Cookies = {} if cookies is None else cookies
        if answer is None:
            load(url, self.cookies)
        else:
            self.cookies.update(answer)
        self._tab = f"{SAYS}{tab}" if tab else ""
        self._connection = Connection(url, self.cookies, tab=self._tab)
        self.shown, self.title = Shown([]), ""
        self.first_run = self._run()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave, as a closed tab does."""
        self._connection.close()

    @property
    def session_id(self) -> str:
        """The id of Streamlit's session."""
        return self._session_id

    @property
    def address(self) -> str:
        """See the class."""
        return self._name + (f"?{self._query}" if self._query else "")

    def value(self, widget: str) -> Any:
        """Return what a widget holds."""
        state = self._held[self.shown.widget(widget).id]
        value: Any = getattr(state, state.WhichOneof("value") or "", None)
        return list(value.data) if hasattr(value, "data") else value  # an array is a message of its own

    @property
    def widgets(self) -> Sequence[str]:
        """The keys, or labels, of the widgets that the page shows."""
        return [part.names[0] or part.names[1] for part in self.shown.parts if part.names]

    def hold(self, widget: str, **value: Any) -> None:
        """Let a widget hold another value without a run, as one of a form; arguments as of `change`."""
        state = WidgetState(id=self.shown.widget(widget).id, **value)
        self._held[state.id] = state

    def press(self, *buttons: str) -> Run:
        """Click buttons, named by key, or by label where they have none; several are clicked at once, in this order."""
        clicked = ([WidgetState(id=self.shown.widget(button).id, trigger_value=True)] for button in buttons)
        return self._run(*clicked, fragment=self.shown.fragment_of(buttons[0]))

    def say(self, text: str) -> Run:
        """Write into the page's chat input and send it."""
        (chat,) = [part.content.id for part in self.shown.parts if part.kind == "chat_input"]
        return self._run([WidgetState(id=chat, chat_input_value=ChatInputValue(data=text))])

    def trigger(self, event: str, value: object) -> Run:
        """Let the page's component report an event, as its script does with `setTriggerValue`."""
        (component,) = [part.content.id for part in self.shown.parts if part.kind == "bidi_component"]
        said = json.dumps([{"event": event, "value": value}])
        return self._run([WidgetState(id=_events_of(component), json_trigger_value=said)])

    def send(self, *ids: str) -> Run:
        """Claim in one message that buttons with these ids were clicked, whatever the page shows."""
        return self._run([WidgetState(id=button, trigger_value=True) for button in ids])

    def change(self, widget: str, **value: Any) -> Run:
        """Let a widget hold another value, which is a run of its own.

        Args:
            widget: its key, or its label where it has none.
            value: a field of Streamlit's WidgetState, as `double_value=1`.
        """
        self.hold(widget, **value)
        return self._run(fragment=self.shown.fragment_of(widget))

    def rerun(self) -> Run:
        """Ask for the page anew without any act."""
        return self._run()

    def tick(self) -> Run:
        """Let the timer of the page's fragment with `run_every` ask for a run."""
        (timer,) = self._timers
        return self._run(fragment=timer)

    def follow(self, address: str) -> Run:
        """Go to another page of the app by a link, which takes along only what every page shows."""
        self._name, _, self._query = address.strip("/").partition("?")
        self._page_hash = self._pages[self._name]
        common = {part.widget.id for part in self.shown.parts if part.script == self._main_hash and part.widget}
        self._held = {key: state for key, state in self._held.items() if key in common}
        return self._run()

    def send_raw(self, *frames: bytes) -> None:
        """Send binary frames that are what they are, and wait for nothing."""
        self._connection.send_raw(*frames)

    def wait_for(self, text: str) -> None:
        """Wait until the server has sent a text, in a run that has been asked for by `send_raw`."""
        self._connection.wait_for(text)

    def reconnect(self) -> None:
        """Connect anew, as a browser whose connection broke: nothing is sent before the next act."""
        self._connection.close()
        self._connection = Connection(self._url, self.cookies, self._session_id, self._tab)

    def _run(self, *clicked: Sequence[WidgetState], fragment: str = "") -> Run:
        requests = [self._request(states, fragment) for states in clicked or ((),)]
        run = self._connection.run(*requests)
        self._read(run.messages)
        return run

    def _request(self, clicked: Sequence[WidgetState], fragment: str) -> bytes:
        request = BackMsg()
        state = request.rerun_script
        state.widget_states.widgets.extend((*self._held.values(), *clicked))
        state.page_script_hash = self._page_hash
        state.page_name = "" if self._page_hash else self._name
        state.query_string = self._query
        state.fragment_id = fragment
        state.cached_message_hashes.extend(self._kept_messages)
        context = state.context_info
        context.timezone, context.timezone_offset, context.locale = "UTC", 0, "en-US"
        context.url, context.is_embedded, context.color_scheme = f"{self._url}/{self._name}", False, "light"
        return bytes(request.SerializeToString())

    def _read(self, messages: Sequence[ForwardMsg]) -> None:
        """Take in what the server said: where the page is now, and what it shows."""
        shown: list[ForwardMsg] = []
        kept: dict[str, ForwardMsg] = {}
        for message in messages:
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                kept[message.ref_hash] = self._kept_messages[message.ref_hash]
                shown.append(_again(kept[message.ref_hash], message))
            elif message.metadata.cacheable:
                kept[message.hash] = message
            if kind == "new_session":
                again = _fragments_of(message)
                before = shown or self._drawn
                shown = [_taken_in(drawn) for drawn in before if again and drawn.delta.fragment_id not in again]
                kept = self._kept_messages if again else {}
                self._page_hash = message.new_session.page_script_hash
                self._main_hash = message.new_session.main_script_hash
                self._session_id = message.new_session.initialize.session_id
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
                self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                self._name = next(
                    ("" if page.is_default else page.url_pathname)
                    for page in message.navigation.app_pages
                    if page.page_script_hash == self._page_hash
                )
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "page_config_changed":
                self.title = message.page_config_changed.title
            elif kind == "auto_rerun":
                self._timers.add(message.auto_rerun.fragment_id)
            elif kind == "delta":
                shown.append(message)
        self._kept_messages, self._drawn = kept, shown
        self.shown = Shown(shown)
        self._hold_what_is_shown()

    def _hold_what_is_shown(self) -> None:
        """Each widget holds what it held, what the server has set, or, when it is new, its default."""
        before, self._held = self._held, {}
        for part in self.shown.parts:
            if part.widget and (value := held(part.kind, part.widget)) is not None:
                is_set = part.widget.set_value
                known = before.get(part.widget.id)
                if part.in_popover and known is None:
                    continue  # nobody has opened it
                self._held[part.widget.id] = known if known and not is_set else WidgetState(id=part.widget.id, **value)


def _events_of(component: str) -> str:
    """Return the id under which a component's events are sent (Streamlit 1.67)."""
    return f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{component}__events"


def _taken_in(message: ForwardMsg) -> ForwardMsg:
    """Return a message of an earlier run that is still shown: the browser sets what it says only once."""
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    if kind is None or not getattr(getattr(element, kind), "set_value", False):
        return message
    taken_in = ForwardMsg()
    taken_in.CopyFrom(message)
    getattr(taken_in.delta.new_element, kind).set_value = False
    return taken_in


def _again(message: ForwardMsg, reference: ForwardMsg) -> ForwardMsg:
    """Return a message that the browser had already, where it belongs this time."""
    again = ForwardMsg()
    again.CopyFrom(message)
    again.metadata.CopyFrom(reference.metadata)
    return again


def _fragments_of(session: ForwardMsg) -> set[str]:
    """Return the fragments that a run draws again, none for the whole page."""
    if "run" in session.metadata.DESCRIPTOR.fields_by_name:
        return set(session.metadata.run.fragment_ids)
    return set(session.new_session.fragment_ids_this_run)  # of releases before 1.67
