"""Real Redis servers (alone, clustered, watched) and a bad network for tests and benchmarks, on free loopback ports."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import pytest
import redis

START_SECONDS = 15
_forbidden_to: list[str] = []


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class RedisServer:
    """One redis-server process; it can be ended, suspended and started again on the same port and folder."""

    def __init__(self, folder: Path, port: int, arguments: list[str], password: str | None = None) -> None:
        """Take what the process is started with; `start` starts it."""
        login = f":{password}@" if password else ""
        self.port = port
        self.url = f"redis://{login}127.0.0.1:{port}/0"
        self._password = password
        self._folder = folder
        self._command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        self._command += ["--requirepass", password] if password else []
        self._command += arguments
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self) -> None:
        """Start the process and return once it answers, its data loaded."""
        assert_allowed()
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError((self._folder / "redis.log").read_text()[-2000:])
            time.sleep(0.02)

    def stop(self) -> None:
        """End the process as an operator does. Ending it twice is a no-op."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the process with no chance to write anything."""
        self._end(signal.SIGKILL)

    def suspend(self) -> None:
        """Let it hang: connections are accepted by the kernel, nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """End a suspension."""
        os.kill(self.pid, signal.SIGCONT)

    def tell(self, *command: str | int) -> Any:
        """Send a command and return its reply."""
        with redis.Redis(port=self.port, password=self._password, decode_responses=True, protocol=2) as client:
            return client.execute_command(*command)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self.resume()
            self._process.send_signal(how)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        return False


@contextmanager
def redis_server(
    folder: Path,
    *,
    appendonly: bool = False,
    fsync: Literal["always", "everysec"] = "always",
    password: str | None = None,
    port: int | None = None,
) -> Iterator[RedisServer]:
    """Run a Redis server; with `appendonly` what it acknowledged survives even `kill`."""
    require_redis_server()
    arguments = ["--appendonly", "yes", "--appendfsync", fsync] if appendonly else []
    server = RedisServer(folder, port or free_port(), arguments, password)
    try:
        server.start()
        yield server
    finally:
        server.kill()


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
        _wait_until(lambda: all(self._is_up(node) for node in self.nodes))

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
        return int(node._command[node._command.index("--cluster-port") + 1])


@contextmanager
def redis_cluster(folder: Path) -> Iterator[RedisCluster]:
    """Run a cluster of three nodes without replicas."""
    require_redis_server()
    with ExitStack() as ending:
        nodes = []
        for index in range(3):
            arguments = ["--cluster-enabled", "yes", "--cluster-port", str(free_port())]
            node = RedisServer(
                _place(folder, f"node-{index}"), free_port(), [*arguments, "--cluster-node-timeout", "3000"]
            )
            ending.callback(node.kill)
            node.start()
            nodes.append(node)
        cluster = RedisCluster(nodes)
        cluster.form()
        yield cluster


class Sentinel(RedisServer):
    """One redis-server process that watches others."""

    def __init__(self, folder: Path, settings: list[str], password: str | None = None) -> None:
        """Take the lines of its configuration, which it rewrites as it learns."""
        super().__init__(folder, free_port(), ["--sentinel"], password)
        configuration = folder / "sentinel.conf"
        configuration.write_text("\n".join(settings) + "\n")
        self._command.insert(1, str(configuration))


class RedisSentinel:
    """A primary and its replica, watched under the name `shop` by sentinels.

    Attributes:
        primary: the server that began as the primary.
        replica: the one that began as its replica.
        sentinels: who watch them.
        url: for `open_storage`.
    """

    def __init__(self, primary: RedisServer, replica: RedisServer, sentinels: list[Sentinel]) -> None:
        """Take started servers; `settle` waits until they know each other."""
        self.primary, self.replica, self.sentinels = primary, replica, sentinels
        self.url = self.url_with()

    def url_with(self, *, login: str = "", name: str = "shop", query: str = "") -> str:
        """Return a URL of the same sentinels that asks otherwise."""
        places = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis+sentinel://{login}{places}/{name}{query}"

    def settle(self) -> None:
        """Return once the replica follows, and every sentinel knows it and the other sentinels."""
        _wait_until(lambda: all(self._knows_all(sentinel) for sentinel in self.sentinels))
        self.replicate()

    def replicate(self) -> None:
        """Return once the replica has all that the primary has."""
        _wait_until(self._replica_has_all)

    def wait_for_failover(self) -> None:
        """Return once the first sentinel names the replica for the primary."""
        query = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "shop")
        _wait_until(lambda: self.sentinels[0].tell(*query)[1] == str(self.replica.port))

    def point(self, sentinel: Sentinel, port: int) -> None:
        """Let a sentinel that is the only one left name another server for the primary."""
        sentinel.tell("SENTINEL", "REMOVE", "shop")
        sentinel.tell("SENTINEL", "MONITOR", "shop", "127.0.0.1", port, 1)

    def _replica_has_all(self) -> bool:
        sent = self.primary.tell("INFO", "replication")
        received = self.replica.tell("INFO", "replication")
        is_online = sent.get("slave0", {}).get("state") == "online"
        return is_online and bool(sent["master_repl_offset"] == received["slave_repl_offset"])

    def _knows_all(self, sentinel: Sentinel) -> bool:
        others = self._facts(sentinel.tell("SENTINEL", "MASTER", "shop"))["num-other-sentinels"]
        replicas = [self._facts(flat) for flat in sentinel.tell("SENTINEL", "REPLICAS", "shop")]
        links = [replica["master-link-status"] for replica in replicas]
        return others == str(len(self.sentinels) - 1) and links == ["ok"]

    @staticmethod
    def _facts(flat: list[str]) -> dict[str, str]:
        return dict(zip(flat[::2], flat[1::2], strict=True))


@contextmanager
def redis_sentinel(
    folder: Path,
    *,
    sentinels: int = 1,
    down_after_ms: int = 300,
    password: str | None = None,
    sentinel_password: str | None = None,
) -> Iterator[RedisSentinel]:
    """Run a primary, its replica and sentinels; `password` guards the first two, `sentinel_password` the last."""
    require_redis_server()
    with ExitStack() as ending:

        def begin(server: RedisServer) -> None:
            ending.callback(server.kill)
            server.start()

        arguments = ["--repl-diskless-sync-delay", "0", *(["--masterauth", password] if password else [])]
        primary = RedisServer(_place(folder, "primary"), free_port(), arguments, password)
        begin(primary)
        arguments += ["--replicaof", f"127.0.0.1 {primary.port}"]
        replica = RedisServer(_place(folder, "replica"), free_port(), arguments, password)
        begin(replica)
        settings = [
            f"sentinel monitor shop 127.0.0.1 {primary.port} {sentinels // 2 + 1}",
            f"sentinel down-after-milliseconds shop {down_after_ms}",
            "sentinel failover-timeout shop 1000",
            *([f"sentinel auth-pass shop {password}"] if password else []),
        ]
        watching = [
            Sentinel(_place(folder, f"sentinel-{index}"), settings, sentinel_password) for index in range(sentinels)
        ]
        for sentinel in watching:
            begin(sentinel)
        running = RedisSentinel(primary, replica, watching)
        running.settle()
        yield running


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("the servers did not find each other")
        time.sleep(0.05)


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir(parents=True)
    return place


def forbid_servers(test: str | None) -> None:
    """Let no server start for a test that does not say that it needs one; None: let them start again."""
    _forbidden_to[:] = [test] if test else []


def assert_allowed() -> None:
    """Fail where servers are forbidden."""
    assert not _forbidden_to, f"{_forbidden_to[0]} starts a server, so it needs @pytest.mark.server"


def require_redis_server() -> None:
    assert_allowed()
    if shutil.which("redis-server"):
        return
    if os.environ.get("KEEPCART_REQUIRE_SERVERS") == "1":
        pytest.fail("KEEPCART_REQUIRE_SERVERS=1, but there is no redis-server on the PATH")
    pytest.skip("NOT TESTED: there is no redis-server on the PATH")


class Proxy:
    """A TCP proxy to a loopback port that can be a bad network. Its settings may be changed at any time.

    Attributes:
        port: where it listens.
        mode: `pass`; `swallow` takes everything and answers nothing; `refuse` also ends what is connected.
        delay: seconds that each reply is held back.
        spoils: what becomes of a reply that is lost: `drop` passes nothing of it and closes the connection, `truncate`
            passes half of it before, `reset` too and then breaks the connection off.
        requests: how many requests have passed; a client that waits for each reply makes one a round trip.
        dropped: how many replies were lost.
    """

    def __init__(self, target: int, *, seed: int = 1) -> None:
        """Listen on a free port; `seed` decides which replies are lost."""
        self.mode: Literal["pass", "swallow", "refuse"] = "pass"
        self.delay = 0.0
        self.spoils: Literal["drop", "truncate", "reset"] = "drop"
        self.requests = 0
        self.dropped = 0
        self._target = target
        self._random = random.Random(seed)
        self._drop: tuple[bytes, float] = (b"", 0.0)
        self._lock = threading.Lock()
        self._closing = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def drop_replies(self, probability: float, *, to: bytes = b"") -> None:
        """From now on cut connections after a request that holds `to` has been answered, before its reply passes."""
        self._drop = (to, probability)

    def close(self) -> None:
        """End everything and wait for it."""
        self._closing = True
        for thread in list(self._threads):
            thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def _accept(self) -> None:
        while not self._closing:
            with suppress(TimeoutError):
                client, _ = self._listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.mode == "refuse":
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.settimeout(0.05)
                server.settimeout(0.05)
                while self._exchange(client, server):
                    pass

    def _exchange(self, client: socket.socket, server: socket.socket) -> bool:
        """Pass one request and its reply; say whether the connection goes on."""
        request = self._receive(client, server)
        if not request:
            return False
        self.requests += 1
        server.sendall(request)
        reply = self._receive(server, None)
        time.sleep(self.delay)
        with self._lock:
            drops = self._drop[0] in request and self._random.random() < self._drop[1]
            self.dropped += drops
        if drops:
            self._spoil(client, reply)
        elif reply:
            client.sendall(reply)
        return bool(reply) and not drops

    def _spoil(self, client: socket.socket, reply: bytes) -> None:
        """Do to a reply what `spoils` says; the caller closes the connection."""
        if self.spoils != "drop":
            client.sendall(reply[: len(reply) // 2])
        if self.spoils == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _receive(self, source: socket.socket, other: socket.socket | None) -> bytes:
        """Wait for bytes; nothing where the other side is gone or must seem to be."""
        while not self._closing and self.mode != "refuse":
            if self.mode == "swallow":
                time.sleep(0.02)
                continue
            if other is not None and _is_gone(other):
                return b""
            with suppress(TimeoutError):
                return source.recv(1 << 20)
        return b""


def _is_gone(peer: socket.socket) -> bool:
    peer.setblocking(False)
    try:
        return peer.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        peer.settimeout(0.05)
