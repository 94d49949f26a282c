"""Sends the mails of the outbox, from a thread of the store."""

from __future__ import annotations

import logging
import threading
from typing import Final

from app.mail.post import Post
from app.mail.server import NotSent
from app.orders import outbox
from app.orders.database import Database
from app.orders.errors import OrdersAway
from app.orders.outbox import Mail

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 5.0
"""From one look into the outbox to the next, where nobody says that there is something."""

END_SECONDS: Final = 5.0
"""How long the end of the process waits for the mail that is just being sent."""

PAUSES: Final = (15.0, 60.0, 300.0)
"""How long nothing is sent after the server was away, once more, and every time after that."""


class Postman:
    """Sends what is due, one mail after another. Every process of the shop may have one: each mail has one sender."""

    def __init__(self, database: Database, post: Post) -> None:
        """Send nothing yet (`begin`)."""
        self.post = post
        self._database = database
        self._again = threading.Event()
        self._ends = threading.Event()
        self._pauses = 0
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)

    def begin(self) -> None:
        """Send from now on."""
        self._thread.start()

    def look_again(self) -> None:
        """Look now: there is a mail."""
        self._again.set()

    def close(self) -> None:
        """End after the mail that is just being sent, unless that takes long: then it goes out once more, later."""
        self._ends.set()
        self._again.set()
        if self._thread.ident is not None:
            self._thread.join(END_SECONDS)

    def send_due(self) -> bool:
        """Send what is due; return whether the server is there."""
        while not self._ends.is_set() and (mail := outbox.claim(self._database)):
            try:
                self.post.send(mail)
            except NotSent as problem:
                is_given_up = outbox.failed(self._database, mail, str(problem), for_good=problem.for_good)
                log.warning(
                    "mail not sent", extra={**_about(mail), "given_up": is_given_up, "server": _server(problem)}
                )
                if problem.is_away:
                    return False
            else:
                outbox.sent(self._database, mail)
                log.info("mail sent", extra=_about(mail))
        return True

    def _run(self) -> None:
        while not self._ends.is_set():
            self._again.clear()
            seconds = self._seconds_to_next()
            waits_for = self._ends if self._pauses else self._again  # a new mail does not bring the server back
            waits_for.wait(seconds)

    def _seconds_to_next(self) -> float:
        """Send what is due; return how long to wait then."""
        try:
            is_there = self.send_due()
        except OrdersAway:
            return LOOK_SECONDS
        except Exception:
            log.exception("mail: looking into the outbox failed")
            return PAUSES[-1]
        if is_there:
            self._pauses = 0
            return LOOK_SECONDS
        pause = PAUSES[min(self._pauses, len(PAUSES) - 1)]
        self._pauses += 1
        return pause


def _about(mail: Mail) -> dict[str, object]:
    return {"news": mail.news.value, "whom": mail.whom.value, "tries": mail.tries}


def _server(problem: NotSent) -> str:
    return "away" if problem.is_away else "refuses"
