"""Storage in Redis or Valkey: one string per document, one index per owner, one script per save."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import redis
from redis.exceptions import TryAgainError

from keepcart.backends.contract import FOR_GOOD, Outcome, Storage, check_names, check_owner
from keepcart.backends.errors import Corrupt, Forgotten
from keepcart.backends.inspection import Finding
from keepcart.backends.record import Record, existing, version
from keepcart.backends.redis_client import connect
from keepcart.backends.redis_errors import translated
from keepcart.backends.redis_inspection import inspect_servers
from keepcart.backends.redis_script import Script
from keepcart.backends.redis_server import Client

_COMPARE_AND_SET: Final = Script("compare_and_set")
_LOAD: Final = Script("load")
_SET_ASIDE: Final = Script("set_aside")
_DOCUMENTS: Final = Script("documents")
_FORGET: Final = Script("forget")
_FORGOTTEN: Final = ":forgotten"


class RedisStorage:
    """The contract of `Storage` over a client of one server or of many."""

    def __init__(self, client: Client, *, address: str, keep_seconds: int, prefix: str) -> None:
        """Take a client; `address` is what errors name."""
        self._client = client
        self._address = address
        self._keep_seconds = keep_seconds
        self._prefix = prefix

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:  # noqa: D102 - see Storage
        if renew:
            return existing(*self.load_together(owner, (name,), renew=True))
        key, _ = self._keys(owner, name)
        raw = self._ask(lambda: self._get(key), repeatable=True)
        return None if raw is None else Record.decode(raw)

    def load_together(  # noqa: D102
        self, owner: str, names: Sequence[str], *, renew: bool = False
    ) -> Sequence[Record | Corrupt | None]:
        keys = [self._keys(owner, name)[0] for name in names]
        values = (self._keep_seconds if renew else "", *names)
        found = self._ask(lambda: self._load(self._index(owner), keys, values), repeatable=True)
        return [self._version(raw) for raw in found]

    def save(  # noqa: D102
        self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0
    ) -> Outcome:
        keys = self._keys(owner, name)
        # redis-py takes longer for a float than for all other values together.
        values = (replaces or "", record.encode(), self._keep_seconds, name, f"{age:.6f}")
        current = self._ask(lambda: self._compare_and_set(keys, values), repeatable=False)
        if current == 1:
            return Outcome(saved=True, record=record)
        if isinstance(current, int):
            raise Forgotten(name, for_good=current < 0)
        return Outcome(saved=False, record=None if current is None else Record.decode(current))

    def documents(self, owner: str, *, also: Collection[str] = ()) -> Mapping[str, bytes | None]:  # noqa: D102
        check_owner(owner)
        found = self._ask(lambda: _DOCUMENTS.run(self._client, (self._index(owner),), tuple(also)), repeatable=True)
        pairs = zip(found[::2], found[1::2], strict=True)
        return {name.decode(): raw if isinstance(raw, bytes) else None for name, raw in sorted(pairs)}

    def forget(self, owner: str, *, age: float = 0.0, for_good: bool = False) -> None:  # noqa: D102
        check_owner(owner)
        values = (age, self._keep_seconds, *([f"{FOR_GOOD:.6f}"] if for_good else []))
        self._ask(lambda: _FORGET.run(self._client, (self._index(owner),), values), repeatable=True)

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:  # noqa: D102
        key, index = self._keys(owner, name)
        keys = (key, f"{key}.corrupt", index)
        values = (name,) if raw is None else (name, raw)
        return bool(self._ask(lambda: _SET_ASIDE.run(self._client, keys, values), repeatable=False))

    def ping(self) -> None:  # noqa: D102
        # A node of a cluster that is down answers PING all the same. A read shows what a visitor would meet.
        key = f"{self._index('ping')}:ping"
        self._ask(lambda: self._client.run(key, lambda node: node.exists(key)), repeatable=True)

    def inspect(self) -> list[Finding]:
        """Look at every server that keeps documents (`inspect` of this package)."""
        servers = self._ask(self._client.servers, repeatable=True)
        return inspect_servers(servers, in_cluster=self._client.in_cluster, replicated=self._client.replicated)

    def close(self) -> None:  # noqa: D102
        self._client.close()

    def _keys(self, owner: str, name: str) -> tuple[str, str]:
        """Return the keys of a document and of its owner's index. The braces put both into one slot of a cluster."""
        check_names(owner, name)
        index = self._index(owner)
        return f"{index}:{name}", index

    def _index(self, owner: str) -> str:
        return f"{self._prefix}:{{{owner}}}"

    def _get(self, key: str) -> Any:
        return self._client.run(key, lambda node: node.get(key))

    def _load(self, index: str, keys: list[str], values: tuple[Any, ...]) -> Any:
        try:
            return _LOAD.run(self._client, (index, *keys), values)
        except redis.ResponseError:  # an access list may permit no scripts, a cluster is moving some of the keys
            return [self._get_or_error(key) for key in keys]

    def _get_or_error(self, key: str) -> Any:
        try:
            return self._get(key)
        except redis.ResponseError as error:
            return error

    def _version(self, raw: Any) -> Record | Corrupt | None:
        """Return what a key holds, given its content or the server's error."""
        if isinstance(raw, redis.ResponseError):
            error = translated(raw, self._address)
            if isinstance(error, Corrupt):
                return error
            raise error from raw
        return version(raw)

    def _compare_and_set(self, keys: tuple[str, str], values: tuple[Any, ...]) -> Any:
        try:
            return _COMPARE_AND_SET.run(self._client, keys, values)
        except TryAgainError:
            # A cluster moves the owner's slot, one key after another; until it is done no script can have both keys.
            # The document joins the index at its next save or renewal.
            if (refused := self._refusal(keys[1], float(values[-1]))) is not None:
                return refused
            return _COMPARE_AND_SET.run(self._client, keys[:1], values)

    def _refusal(self, index: str, age: float) -> int | None:
        """Return what the script would reply to a change that is to be forgotten; None where it is not."""
        forgotten = self._client.run(index, lambda node: node.hget(index, _FORGOTTEN))
        if forgotten is None:
            return None
        if float(forgotten) >= FOR_GOOD:
            return -1
        seconds, microseconds = self._client.run(index, lambda node: node.time())
        return 0 if seconds + microseconds / 1e6 - age < float(forgotten) else None

    def _ask(self, act: Callable[[], Any], *, repeatable: bool) -> Any:
        """Run an act. This is the one place where errors of the client become those of the contract.

        Args:
            repeatable: the act does no harm when carried out twice.
        """
        try:
            try:
                return act()
            except redis.ConnectionError as lost:
                # A server that was restarted has closed the pool's connections, and only their next use shows it.
                # The kinds of this error mean something else: a refusal, or a server that is starting.
                if not repeatable or type(lost) is not redis.ConnectionError:
                    raise
            return act()
        except redis.RedisError as error:
            raise translated(error, self._address) from error


def open_url(url: str, *, address: str, keep_seconds: int, prefix: str) -> Storage:
    """Return the storage at any URL but SQLite's, without contacting it yet."""
    return RedisStorage(connect(url, address), address=address, keep_seconds=keep_seconds, prefix=prefix)
