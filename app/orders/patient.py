"""A connection to PostgreSQL whose patience ends: a server that hangs is an error, and not a page that hangs as well.

The server's own limits (`statement_timeout`) do not hold where the server stands still, and the kernel's
(`tcp_user_timeout`) not while its machine answers.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import errors

ANSWER_SECONDS: Final = 6.0
"""How long an answer may take. It is longer than a statement may wait for another one's lock."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed where an answer takes too long.

    Attributes:
        answer_seconds: how long that is; None for a connection that has to wait, such as one that migrates.
    """

    answer_seconds: float | None = ANSWER_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for what the driver does, as its own connection does."""
        try:
            return super().wait(gen, interval, self.answer_seconds if timeout is None else timeout)
        except errors._WaitTimeout as error:  # noqa: SLF001 - psycopg 3.3 has no other name for it
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from error
