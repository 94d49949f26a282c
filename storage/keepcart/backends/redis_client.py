"""Clients for Redis URLs. They are bounded in time and in connections, and repeat no command by themselves."""

from __future__ import annotations

import re
import socket
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from keepcart.backends.redis_cluster import Cluster
from keepcart.backends.redis_sentinel import PrimaryConnection, Sentinels
from keepcart.backends.redis_server import Client, Node, Server

# redis-py's defaults hold a page for a minute while a server hangs, and send a write again whose reply was lost.
_OPTIONS: Final[dict[str, Any]] = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "retry": Retry(NoBackoff(), 0),
    "max_connections": 64,
    "timeout": 0.5,  # seconds to wait for a free connection
    "protocol": 2,  # as fast as 3, with which servers may ask for longer timeouts (maintenance notifications)
    "driver_info": None,  # naming the library to the server takes two round trips per connection
}
_TLS_QUERY: Final = {
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_certfile",
    "ssl_keyfile",
    "ssl_cert_reqs",
    "ssl_check_hostname",
}
_QUERY: Final = {"redis": {"db"}, "rediss": {"db"} | _TLS_QUERY, "unix": {"db"}}


def connect(url: str, address: str) -> Client:
    """Return a client for a URL. It contacts nothing yet.

    Raises:
        ValueError: the URL cannot be used. The message names `address`, which holds no secret, and what is wrong.
    """
    if url.startswith("redis+cluster://"):
        return _connect_cluster(url.removeprefix("redis+cluster://"), address)
    if url.startswith("redis+sentinel://"):
        return _connect_sentinel(url.removeprefix("redis+sentinel://"), address)
    return _connect_server(url, address)


def _connect_server(url: str, address: str) -> Server:
    parts = _split(url, address)
    if parts.scheme == "unix":
        if not hasattr(socket, "AF_UNIX"):  # Python for Windows
            raise ValueError(f"{address}: this system's Python knows no Unix sockets; use redis://")
        if parts.hostname or not parts.path.strip("/"):
            raise ValueError(f"{address}: a unix URL names a socket by its absolute path, unix:///path/to/socket")
    elif not re.fullmatch(r"(/\d*)?", parts.path, re.ASCII):
        raise ValueError(f"{address}: the path of a Redis URL is a database number, or nothing")
    query = parse_qs(parts.query, keep_blank_values=True)
    if not (query.keys() <= _QUERY[parts.scheme] and query.get("db", ["0"])[0].isdecimal()):
        tls = " and ssl_… options" if parts.scheme == "rediss" else ""
        raise ValueError(f"{address}: the query may hold a number db{tls} and nothing else")
    return Server(redis.Redis.from_pool(redis.BlockingConnectionPool.from_url(url, **_OPTIONS)), address=address)


def _connect_cluster(rest: str, address: str) -> Cluster:
    user_and_password, _, places = rest.removesuffix("/").rpartition("@")
    if "/" in places or "?" in places:
        raise ValueError(f"{address}: a cluster URL is a list of host:port, separated by commas, and nothing after it")
    login = _login(user_and_password)
    return Cluster(_nodes(places, address, default_port=6379), lambda node: _open_node(node, **login))


def _connect_sentinel(rest: str, address: str) -> Server:
    before_query, _, query = rest.partition("?")
    user_and_password, _, place = before_query.rpartition("@")
    places, _, path = place.partition("/")
    nodes = _nodes(places, address, default_port=26379)
    if not (primary := re.fullmatch(r"([\w.-]+)(?:/(\d*))?", path, re.ASCII)):
        raise ValueError(
            f"{address}: after its list of host:port a Sentinel URL has /name, the primary's, of letters, digits and"
            " . _ -, then /number, a database, or nothing"
        )
    if not (asked := re.fullmatch(r"(?:sentinel_password=([^&]*))?", query)):
        raise ValueError(f"{address}: the query may hold a sentinel_password and nothing else")
    password = unquote(asked[1] or "") or None
    sentinels = Sentinels(primary[1], nodes, lambda node: _open_node(node, password=password))
    pool = redis.BlockingConnectionPool(  # type: ignore[no-untyped-call]
        connection_class=PrimaryConnection,
        sentinels=sentinels,
        db=int(primary[2] or 0),
        **_login(user_and_password),
        **_OPTIONS,
    )
    return Server(redis.Redis.from_pool(pool), address=address, replicated=True)


def _open_node(node: Node, **login: str | None) -> redis.Redis:
    pool = redis.BlockingConnectionPool(  # type: ignore[no-untyped-call]
        host=node[0], port=node[1], **login, **_OPTIONS
    )
    return redis.Redis.from_pool(pool)


def _login(user_and_password: str) -> dict[str, str | None]:
    user, _, password = user_and_password.partition(":")
    return {"username": unquote(user) or None, "password": unquote(password) or None}


def _nodes(places: str, address: str, *, default_port: int) -> list[Node]:
    parts = [_split(f"redis://{place}", address) for place in places.split(",")]
    return [(str(part.hostname), part.port or default_port) for part in parts]


def _split(url: str, address: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")  # as every connection attempt will, outside redis-py's own errors
        is_possible = parts.port != 0
    except ValueError:
        is_possible = False
    if not is_possible:
        raise ValueError(
            f"{address}: the host is no name, the port is not a number from 1 to 65535, or a special character is not"
            " %-escaped"
        )
    if parts.scheme != "unix" and not parts.hostname:
        raise ValueError(f"{address}: there is no host")
    return parts
