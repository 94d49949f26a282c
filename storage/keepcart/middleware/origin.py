"""Whether a request comes from a page of the host that it is sent to."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope


def is_same_origin(scope: Scope, origins: Collection[str] = ()) -> bool:
    """Tell whether a request or a handshake comes from a page of this host, or of one of `origins`.

    No browser leaves the origin out; another client may say what it likes anyway.
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None or origin in origins:
        return True
    try:
        asked, page = urlsplit(f"//{headers.get('host', '')}"), urlsplit(origin)
        # A proxy may pass the host on without its port; then the name decides.
        same_port = asked.port in (None, _port(page))
    except ValueError:
        return False
    return bool(page.hostname) and page.hostname == asked.hostname and same_port


def _port(page: SplitResult) -> int | None:
    return page.port or {"http": 80, "https": 443}.get(page.scheme)
