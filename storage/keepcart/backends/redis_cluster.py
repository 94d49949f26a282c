"""The client of a Redis Cluster: finds the node that serves a key.

redis-py's `RedisCluster` is not used. Making one contacts the cluster. An ASK redirection to a node that it has not
seen yet fails. While nodes hang, its callers wait for each other's searches, one after another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import redis
from redis.crc import key_slot
from redis.exceptions import AskError, ClusterDownError, MovedError, TryAgainError

from keepcart.backends.redis_server import Command, Node

_REDIRECTIONS: Final = 8
_SEARCH_SECONDS: Final = 1.0


class Cluster:
    """The client of a cluster: see `Client`."""

    in_cluster = True
    replicated = True

    def __init__(self, seeds: list[Node], open_node: Callable[[Node], redis.Redis]) -> None:
        """Take the nodes to ask first, and how to make a client for a node. Contacts nothing yet."""
        self._seeds = seeds
        self._open_node = open_node
        self._clients: dict[Node, redis.Redis] = {}
        self._served_by: dict[int, Node] = {}
        self._suspect: Node | None = None

    def run(self, key: str, command: Command) -> Any:
        """Run a command on the node that serves a key, following redirections.

        A redirected command was not carried out, so nothing is carried out twice. A lost connection is not tried again;
        the next call searches the cluster anew.

        Raises:
            TryAgainError: the command has several keys, and the cluster is moving them one by one.
        """
        slot = key_slot(key.encode())
        node, asking = self._node(slot), False
        for attempt in range(1, _REDIRECTIONS + 1):
            try:
                client = self._client(node)
                return _ask(client, command) if asking else command(client)
            except MovedError as moved:
                node, asking = (moved.host or node[0], moved.port), False
                self._served_by[slot] = node
            except AskError as ask:
                node, asking = (ask.host or node[0], ask.port), True
            except TryAgainError:
                if attempt == _REDIRECTIONS:
                    raise
                time.sleep(0.02)
            except (redis.ConnectionError, redis.TimeoutError, ClusterDownError):
                self._suspect = node
                raise
        raise ClusterDownError("redirected too often")

    def servers(self) -> dict[str, redis.Redis]:
        """Return redis-py's client of each node that the cluster knows of now, primary or replica, by its address."""
        self._search()
        teller = next(iter(self._served_by.values()))
        ranges: Any = self._client(teller).execute_command("CLUSTER SLOTS")  # type: ignore[no-untyped-call]
        nodes = {_place(host, port, teller) for _, _, *served_by in ranges for host, port, *_ in served_by}
        return {f"{host}:{port}": self._client((host, port)) for host, port in sorted(nodes)}

    def close(self) -> None:  # noqa: D102 - see Client
        for client in self._clients.values():
            client.close()

    def _client(self, node: Node) -> redis.Redis:
        client = self._clients.get(node)
        # Two threads may open the same node at once. setdefault keeps the first client; the other was never used.
        return client or self._clients.setdefault(node, self._open_node(node))

    def _node(self, slot: int) -> Node:
        if self._suspect is not None or slot not in self._served_by:
            self._search()
        try:
            return self._served_by[slot]
        except KeyError:
            raise ClusterDownError("no node serves this slot") from None

    def _search(self) -> None:
        """Ask one node after another who serves which slots. The node that failed last is asked last."""
        suspect = self._suspect
        nodes = sorted({*self._seeds, *self._served_by.values()}, key=lambda node: node == suspect)
        deadline = time.monotonic() + _SEARCH_SECONDS
        failure: redis.RedisError = redis.ConnectionError("no node was asked")
        for node in nodes:
            if time.monotonic() > deadline:
                break
            try:
                ranges: Any = self._client(node).execute_command("CLUSTER SLOTS")  # type: ignore[no-untyped-call]
            except redis.RedisError as error:
                failure = error
                continue
            self._learn(ranges, node)
            return
        raise failure

    def _learn(self, ranges: Any, teller: Node) -> None:
        served_by = {}
        for first, last, (host, port, *_), *_ in ranges:
            served_by.update(dict.fromkeys(range(first, last + 1), _place(host, port, teller)))
        self._served_by, self._suspect = served_by, None


def _place(host: bytes | None, port: int, teller: Node) -> Node:
    """Return where a node is. A node that does not know its own address leaves it out: it is where it was asked."""
    return host.decode() if host else teller[0], port


def _ask(client: redis.Redis, command: Callable[[redis.Redis], Any]) -> Any:
    """Run a command on a node that is only just receiving the slot: ASKING must precede it on the same connection."""
    with client.pipeline(transaction=False) as pipeline:
        pipeline.execute_command("ASKING")  # type: ignore[no-untyped-call]
        command(pipeline)
        return pipeline.execute()[-1]
