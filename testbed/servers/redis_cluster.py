"""Redis servers that share the keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from testbed.servers.process import START_SECONDS, free_port
from testbed.servers.redis_server import RedisServer, require_redis_server
from testbed.waiting import until


class RedisCluster:
    """Three primaries without replicas that share the slots.

    Attributes:
        nodes: the servers.
        url: for `open_storage`.
    """

    def __init__(self, nodes: list[RedisServer]) -> None:
        """Take three started, empty nodes; `form` makes them a cluster."""
        self.nodes = nodes
        self.url = "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in nodes)

    def form(self) -> None:
        """Share out the slots and return once every node says that the cluster is up."""
        bounds = [0, 5461, 10923, 16384]
        for index, node in enumerate(self.nodes):
            self.tell(node, "CLUSTER", "SET-CONFIG-EPOCH", index + 1)
            self.tell(node, "CLUSTER", "ADDSLOTSRANGE", bounds[index], bounds[index + 1] - 1)
            self.tell(node, "CLUSTER", "MEET", "127.0.0.1", self.nodes[0].port, self._bus_port(self.nodes[0]))
        until(lambda: all(self._is_up(node) for node in self.nodes), START_SECONDS)

    def tell(self, node: RedisServer, *command: str | int) -> Any:
        """Send a command to one node and return its reply."""
        return node.tell(*command)

    def owner_of(self, slot: int) -> RedisServer:
        """Return the node that serves a slot."""
        for first, last, (_, port, *_), *_ in self.tell(self.nodes[0], "CLUSTER", "SLOTS"):
            if first <= slot <= last:
                return next(node for node in self.nodes if node.port == port)
        raise LookupError(slot)

    def begin_move(self, slot: int) -> tuple[RedisServer, RedisServer]:
        """Start to move a slot; keys that the giver does not have are asked of the taker from now on."""
        giver = self.owner_of(slot)
        taker = next(node for node in self.nodes if node is not giver)
        self.tell(taker, "CLUSTER", "SETSLOT", slot, "IMPORTING", self._id(giver))
        self.tell(giver, "CLUSTER", "SETSLOT", slot, "MIGRATING", self._id(taker))
        return giver, taker

    def move_keys(self, slot: int, giver: RedisServer, taker: RedisServer) -> None:
        """Carry over the keys of a slot that is being moved."""
        for key in self.tell(giver, "CLUSTER", "GETKEYSINSLOT", slot, 1000):
            self.tell(giver, "MIGRATE", "127.0.0.1", taker.port, key, 0, 5000)

    def end_move(self, slot: int, taker: RedisServer) -> None:
        """Tell every node who serves the slot now, the taker first."""
        for node in [taker, *(node for node in self.nodes if node is not taker)]:
            self.tell(node, "CLUSTER", "SETSLOT", slot, "NODE", self._id(taker))

    def _id(self, node: RedisServer) -> str:
        return str(self.tell(node, "CLUSTER", "MYID"))

    def _is_up(self, node: RedisServer) -> bool:
        info = str(self.tell(node, "CLUSTER", "INFO"))
        return "cluster_state:ok" in info and "cluster_known_nodes:3" in info

    @staticmethod
    def _bus_port(node: RedisServer) -> int:
        return int(node.options[node.options.index("--cluster-port") + 1])


@contextmanager
def redis_cluster(folder: Path) -> Iterator[RedisCluster]:
    """Run a cluster of three nodes without replicas."""
    require_redis_server()
    with ExitStack() as ending:
        nodes = []
        for index in range(3):
            arguments = ["--cluster-enabled", "yes", "--cluster-port", str(free_port())]
            node = RedisServer(folder / f"node-{index}", free_port(), [*arguments, "--cluster-node-timeout", "3000"])
            ending.callback(node.kill)
            node.start()
            nodes.append(node)
        cluster = RedisCluster(nodes)
        cluster.form()
        yield cluster
