"""`python -m app serve`: the store behind uvicorn, with every option of the server in one place."""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, cast

from uvicorn import Config, Server

from app import logs
from app.web.connections import BoundedHttp, BoundedWebSocket, Bounds, Waiting
from app.web.descriptors import available, connections_that_fit

WEBSOCKET_MESSAGE_BYTES: Final = 1_048_576
"""Of what a page sends at once, the state of its widgets. A cart of 100 lines sends 16 kB, one of the 1,000 that the
settings allow ten times that."""

GRACE_SECONDS: Final = 5
"""For requests under way at the end; half of what `docker stop` waits before it kills."""

KEEP_ALIVE_SECONDS: Final = 5

NOT_STARTED: Final = 3

IS_BOUNDED: ContextVar[bool] = ContextVar("is_bounded", default=False)
"""Whether the connections of the server that runs this code have bounds. Under another server they have none."""


def serve(host: str, port: int, bounds: Bounds | None = None) -> int:
    """Serve the store until the process is told to end; return an exit status.

    Which proxies to believe is in `FORWARDED_ALLOW_IPS`, as always with uvicorn.
    """
    logs.configure()
    server = Server(_options(host, port, bounds or Bounds(waiting=connections_that_fit(available()))))
    IS_BOUNDED.set(True)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else NOT_STARTED


def _options(host: str, port: int, bounds: Bounds) -> Config:
    waiting: Waiting = {}
    return Config(
        "app.main:app",
        host=host,
        port=port,
        http=cast("Any", partial(BoundedHttp, bounds=bounds, waiting=waiting)),
        ws=cast("Any", partial(BoundedWebSocket, bounds=bounds)),
        ws_max_size=WEBSOCKET_MESSAGE_BYTES,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        log_config=None,  # app.logs has said where the lines go
        server_header=False,
        access_log=False,  # it would hold the addresses of shoppers
    )
