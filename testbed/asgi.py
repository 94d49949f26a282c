"""Requests as an ASGI server gives them to an app, for tests of a middleware by itself."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope


def scope_of(
    path: str,
    headers: Mapping[str, str],
    cookies: Mapping[str, str] | None = None,
    *,
    scheme: str = "http",
    method: str = "GET",
) -> Scope:
    """Return the scope of a request, or with the scheme `ws` or `wss` of a websocket."""
    websocket = scheme in ("ws", "wss")
    sent = dict(headers)
    if cookies:
        sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {
        "type": "websocket" if websocket else "http",
        "scheme": scheme,
        "path": path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
        **({} if websocket else {"method": method}),
    }
