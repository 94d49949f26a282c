"""What the probes say to whoever asks, and what they say to the operator."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from app.web.health import health_routes
from keepcart.backends import Unavailable

AWAY = Unavailable("redis://shop@db.internal:6380/0", "connection to 10.0.0.7:6380 refused")


def asked(path: str, problems: Sequence[Unavailable | None], *, is_full: bool = False) -> list[tuple[int, Any]]:
    """Ask one store as often as there are problems of its storage; return the statuses and answers."""
    problem = iter(problems)

    def check() -> None:
        if found := next(problem):
            raise found

    async def ask() -> list[tuple[int, Any]]:
        store = httpx.ASGITransport(Starlette(routes=health_routes(check, lambda: is_full)))
        async with httpx.AsyncClient(transport=store, base_url="http://shop") as client:
            answers = [await client.get(path) for _ in problems]
        return [(answer.status_code, answer.json()) for answer in answers]

    return anyio.run(ask)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_store_in_order_says_ok(path: str) -> None:
    assert asked(path, [None]) == [(200, {"status": "ok"})]


def test_a_stranger_does_not_learn_where_the_database_is() -> None:
    assert asked("/readyz", [AWAY]) == [(503, {"status": "unavailable", "reason": "storage"})]


def test_a_process_without_a_place_for_a_page_is_alive_and_not_ready() -> None:
    assert asked("/readyz", [None], is_full=True) == [(503, {"status": "unavailable", "reason": "full"})]
    assert asked("/healthz", [None], is_full=True) == [(200, {"status": "ok"})]


def test_a_process_whose_storage_is_away_is_alive() -> None:
    assert asked("/healthz", [AWAY]) == [(200, {"status": "ok"})]


def test_the_operator_reads_once_an_outage_what_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        asked("/readyz", [AWAY, AWAY, None, AWAY])
    assert [(record.message, vars(record)["problem"]) for record in caplog.records] == [("not ready", str(AWAY))] * 2
