"""The run that goes before a page's first act on a server that has never drawn the page."""

from __future__ import annotations

import asyncio
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg

PATIENCE_SECONDS: Final = 5.0
"""A rehearsal that takes longer is left as soon as it has drawn what the visitor has used."""

LONGEST_SECONDS: Final = 30.0
"""A rehearsal that takes longer is not waited for. Its page looks idle meanwhile."""


class Rehearsal:
    """One of them, from its request until its run has ended.

    Attributes:
        act: the visitor's request, which comes after it.
        is_of_fragment_there: the act is one of the whole page, or of a fragment that the rehearsal has drawn.
        is_left: the act goes in although its run has not ended. What that run still says is withheld.
        is_anew: it is the second one: what was restored has failed.
    """

    def __init__(self, act: BackMsg, used: frozenset[str]) -> None:
        """Take the visitor's request, and the ids of the widgets that she has used."""
        self.act = act
        self.is_left = self.is_anew = False
        self.is_of_fragment_there = not act.rerun_script.fragment_id
        self._undrawn = set(used)
        self._over = asyncio.Event()
        self._ready = asyncio.Event()

    def begin_anew(self) -> None:
        """Note that it is run once more, with nothing restored."""
        self.is_anew = True

    def draw(self, widget: str, fragment: str) -> None:
        """Note that it has drawn an element: a widget where it has an id, and in a fragment where that has one."""
        self._undrawn.discard(widget)
        self.is_of_fragment_there |= fragment == self.act.rerun_script.fragment_id
        if not self._undrawn:
            self._ready.set()

    def end(self) -> None:
        """Note that its run has ended."""
        self._ready.set()
        self._over.set()

    async def wait(self) -> None:
        """Return once the act may go in."""
        for event, seconds in ((self._over, PATIENCE_SECONDS), (self._ready, LONGEST_SECONDS - PATIENCE_SECONDS)):
            try:
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                continue
            break
        self.is_left = not self._over.is_set()
