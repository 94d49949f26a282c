"""Open the storage that a URL names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from keepcart.backends.contract import Storage


@dataclass(frozen=True, slots=True)
class _Options:
    keep_seconds: int
    prefix: str
    sqlite_synchronous: str
    base_folder: Path


def open_storage(
    url: str,
    *,
    keep_seconds: int = 30 * 86_400,
    prefix: str = "keepcart",
    sqlite_synchronous: str = "NORMAL",
    base_folder: Path | None = None,
) -> Storage:
    """Return the storage that a URL names.

    No server is contacted: a program can start while its Redis is away, and finds it once it is back. SQLite's file is
    made at once, with its folder.

    Args:
        url: `sqlite:///relative/file`, `sqlite:////absolute/file`, `redis://[user:password@]host[:6379][/0]`,
            `rediss://` for the same over TLS, `unix:///path/to/socket[?db=0]`,
            `redis+cluster://[user:password@]host:7000,host:7001`,
            `redis+sentinel://[user:password@]host:26379,host:26379/name[/0]` with the sentinels and the name under
            which they watch the primary. User and password are the primary's; `?sentinel_password=` is the sentinels'.
        keep_seconds: how long a document is kept after it was last saved or renewed.
        prefix: keeps several programs apart that share one server or one file: letters, digits and any of `. : _ -`.
            A storage meets only documents that were saved with its own prefix.
        sqlite_synchronous: with `NORMAL` a save survives the death of the process, with `FULL` also a power cut; each
            save is then slower.
        base_folder: the folder that a relative SQLite path starts from; the working directory unless told.

    Raises:
        ValueError: the URL or an option cannot be used. The message holds no password.
        Unavailable: SQLite's file cannot be made or is not a database.
        ModuleNotFoundError: a Redis URL, and the extra `keepcart[redis]` is not installed.
    """
    if keep_seconds < 1:
        raise ValueError(f"keep_seconds must be at least 1, not {keep_seconds}")
    if not re.fullmatch(r"[\w.:-]+", prefix, re.ASCII):
        raise ValueError(f"prefix must be letters, digits and any of . : _ -, not {prefix!r}")
    scheme, separator, _ = url.partition("://")
    if not separator:
        raise ValueError(f"a storage URL starts with one of {_known()}")
    if scheme not in _BACKENDS:
        raise ValueError(f"unknown storage scheme {scheme!r}; known are {_known()}")
    options = _Options(keep_seconds, prefix, sqlite_synchronous, base_folder or Path.cwd())
    return _BACKENDS[scheme](url, options)


def address(url: str) -> str:
    """Return a storage URL without user, password and query: fit for logs and errors."""
    scheme, separator, rest = url.partition("://")
    place, _, query = rest.partition("?")
    # An @ after the question mark may mean that the question mark belongs to an unescaped password.
    return scheme + separator + ("…" if "@" in query else place.rpartition("@")[2])


def _open_sqlite(url: str, options: _Options) -> Storage:
    from keepcart.backends.sqlite_storage import open_url  # noqa: PLC0415 - a backend is imported only where it is used

    return open_url(
        url,
        address=address(url),
        keep_seconds=options.keep_seconds,
        prefix=options.prefix,
        synchronous=options.sqlite_synchronous,
        base_folder=options.base_folder,
    )


def _open_redis(url: str, options: _Options) -> Storage:
    try:
        from keepcart.backends.redis_storage import open_url  # noqa: PLC0415 - SQLite alone needs no redis installed
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(f"{address(url)} needs a Redis client: pip install 'keepcart[redis]'") from missing
    return open_url(url, address=address(url), keep_seconds=options.keep_seconds, prefix=options.prefix)


_BACKENDS: dict[str, Callable[[str, _Options], Storage]] = {
    "sqlite": _open_sqlite,
    "redis": _open_redis,
    "rediss": _open_redis,
    "unix": _open_redis,
    "redis+cluster": _open_redis,
    "redis+sentinel": _open_redis,
}


def _known() -> str:
    return ", ".join(f"{scheme}://" for scheme in _BACKENDS)
