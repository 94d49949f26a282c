"""Storage in Redis, Valkey, a Redis Cluster or behind Redis Sentinel: one string per document, one script per save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import redis
from redis.commands.core import Script

from keepcart.backends.contract import Corrupt, Outcome, Record, Storage, Unavailable, check_names
from keepcart.backends.inspection import Finding
from keepcart.backends.redis_client import connect
from keepcart.backends.redis_cluster import Cluster
from keepcart.backends.redis_inspection import inspect_cluster, inspect_server
from keepcart.backends.redis_sentinel import NoPrimary

_COMPARE_AND_SET: Final = Path(__file__).with_name("compare_and_set.lua").read_text("ascii")
_SET_ASIDE: Final = Path(__file__).with_name("set_aside.lua").read_text("ascii")


class RedisStorage:
    """The contract of `Storage` over a client of one server, of whichever is the primary, or of a cluster."""

    def __init__(self, client: redis.Redis | Cluster, *, address: str, keep_seconds: int, prefix: str) -> None:
        """Take a client without `decode_responses`; `address` is what errors name."""
        self._client = client
        self._address = address
        self._keep_seconds = keep_seconds
        self._prefix = prefix
        self._compare_and_set = client.register_script(_COMPARE_AND_SET)
        self._set_aside = client.register_script(_SET_ASIDE)

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:  # noqa: D102 - see Storage
        key = self._key(owner, name)
        raw = self._renew(key) if renew else self._read(key, lambda node: node.get(key))
        return None if raw is None else Record.decode(raw)

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None) -> Outcome:  # noqa: D102
        key = self._key(owner, name)
        values = (replaces or "", record.encode(), self._keep_seconds)
        current = self._run(self._compare_and_set, (key,), values)
        if current == 1:
            return Outcome(saved=True, record=record)
        return Outcome(saved=False, record=None if current is None else Record.decode(current))

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:  # noqa: D102
        key = self._key(owner, name)
        values = () if raw is None else (raw,)
        return bool(self._run(self._set_aside, (key, f"{key}.corrupt"), values))

    def ping(self) -> None:  # noqa: D102
        # A node of a cluster that is down answers PING all the same; a read shows what a shopper would meet.
        self._read(key := f"{self._prefix}:{{ping}}:ping", lambda node: node.exists(key))

    def inspect(self) -> list[Finding]:
        """Look at every server that keeps documents (`storage.inspection`)."""
        if not isinstance(self._client, Cluster):
            return inspect_server(self._client, replicated=self._address.startswith("redis+sentinel"))
        try:
            servers = self._client.servers()
        except redis.RedisError as error:
            raise Unavailable(self._address, _reason(error)) from error
        return inspect_cluster(servers)

    def close(self) -> None:  # noqa: D102
        self._client.close()

    def _key(self, owner: str, name: str) -> str:
        check_names(owner, name)
        return f"{self._prefix}:{{{owner}}}:{name}"

    def _renew(self, key: str) -> Any:
        try:
            return self._read(key, lambda node: node.getex(key, ex=self._keep_seconds))
        except Unavailable as refused:
            # GETEX counts as a write: a replica, a full memory, a failed snapshot or an access list refuse it.
            if not refused.answered:
                raise
        return self._read(key, lambda node: node.get(key))

    def _read(self, key: str, command: Callable[[Any], Any]) -> Any:
        try:
            return self._call(key, command)
        except Unavailable as lost:
            # A server that was restarted has closed the pooled connection; reading once more is harmless.
            if type(lost.__cause__) is not redis.ConnectionError:
                raise
        return self._call(key, command)

    def _run(self, script: Script, keys: tuple[str, ...], values: tuple[Any, ...]) -> Any:
        """Run a script of one slot by its digest; where the server does not know it, send the script itself.

        `Script.__call__` would tell the server the script and then ask by the digest again, which a server that has
        forgotten it once more meanwhile refuses; and its type check would take a tenth of a save's time.
        """
        try:
            return self._call(keys[0], lambda node: node.evalsha(script.sha, len(keys), *keys, *values))
        except Unavailable as unknown:
            if not isinstance(unknown.__cause__, redis.exceptions.NoScriptError):
                raise
        return self._call(keys[0], lambda node: node.eval(script.script, len(keys), *keys, *values))

    def _call(self, key: str, command: Callable[[Any], Any]) -> Any:
        """Run a command; the one place where errors of the client become those of the contract."""
        try:
            return self._client.run(key, command) if isinstance(self._client, Cluster) else command(self._client)
        except redis.RedisError as error:
            if "WRONGTYPE" in str(error):
                raise Corrupt(None) from error
            answered = isinstance(error, redis.ResponseError)
            raise Unavailable(self._address, _reason(error), answered=answered) from error


def open_url(url: str, *, address: str, keep_seconds: int, prefix: str) -> Storage:
    """Return the storage at any URL but SQLite's, without contacting it yet."""
    return RedisStorage(connect(url, address), address=address, keep_seconds=keep_seconds, prefix=prefix)


_REASONS: Final = {
    redis.AuthenticationError: "it refused the user or password",
    redis.BusyLoadingError: "it is still loading its data",
    redis.TimeoutError: "it did not answer in time",
    redis.exceptions.OutOfMemoryError: "its memory is full",
    redis.ReadOnlyError: "it is read-only",
    redis.exceptions.NoPermissionError: "it does not permit this command",
    redis.exceptions.ClusterDownError: "the cluster is down",
    redis.ConnectionError: "no connection",
}


def _reason(error: redis.RedisError) -> str:
    """Return why, without the words of the server or the client: they may name keys and users."""
    if isinstance(error, NoPrimary):
        return str(error)
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    code = str(error).partition(" ")[0]
    return f"it replied {code}" if code.isalpha() and code.isupper() else type(error).__name__
