"""What a page was told by the store, and everything that it has ever shown: by this a flash would be seen."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# Notes every count that a cart link has shown since the page was loaded, and whether the cart was said to be empty.
WATCH = """
window.everShown = {counts: [], empty: false};
new MutationObserver(() => {
  for (const link of document.querySelectorAll('a')) {
    const count = link.textContent.match(/Cart \\((\\d+)\\)/);
    if (count && everShown.counts.at(-1) !== +count[1]) everShown.counts.push(+count[1]);
  }
  everShown.empty ||= !!document.body?.textContent.includes('Your cart is empty');
}).observe(document, {subtree: true, childList: true, characterData: true});
"""


class Witness:
    """Watches one tab.

    Attributes:
        connections: the messages of each websocket, the newest last.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.connections: list[list[ForwardMsg]] = []
        page.add_init_script(WATCH)
        page.on("websocket", self._connected)

    def _connected(self, socket: WebSocket) -> None:
        received: list[ForwardMsg] = []
        self.connections.append(received)

        def note(frame: bytes | str) -> None:
            received.append(ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode()))

        socket.on("framereceived", note)

    def runs(self) -> int:
        """Return how many script runs the newest connection has seen."""
        return sum(message.WhichOneof("type") == "new_session" for message in self.connections[-1])

    def first_run(self) -> bytes:
        """Return everything that the first script run of the newest connection sent."""
        kinds = [message.WhichOneof("type") for message in self.connections[-1]]
        return b"".join(m.SerializeToString() for m in self.connections[-1][: kinds.index("script_finished")])

    def counts(self) -> list[int]:
        """Return every N of `Cart (N)` that was shown since the page was loaded."""
        counts: list[int] = self._page.evaluate("everShown.counts")
        return counts

    def saw_an_empty_cart(self) -> bool:
        """Tell whether the page has said since it was loaded that the cart is empty."""
        return bool(self._page.evaluate("everShown.empty"))
