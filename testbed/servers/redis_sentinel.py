"""A Redis with a replica that takes its place, and the sentinels that see to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from testbed.servers.process import START_SECONDS, free_port
from testbed.servers.redis_server import RedisServer, require_redis_server
from testbed.waiting import until


class Sentinel(RedisServer):
    """One redis-server process that watches others."""

    def __init__(self, folder: Path, settings: list[str], password: str | None = None) -> None:
        """Take the lines of its configuration, which it rewrites as it learns."""
        super().__init__(folder, free_port(), ["--sentinel"], password)
        self._configuration = folder / "sentinel.conf"
        self._configuration.write_text("\n".join(settings) + "\n")

    def command(self) -> Sequence[str]:
        program, *options = super().command()
        return [program, str(self._configuration), *options]


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
        until(lambda: all(self._knows_all(sentinel) for sentinel in self.sentinels), START_SECONDS)
        self.replicate()

    def replicate(self) -> None:
        """Return once the replica has all that the primary has."""
        until(self._replica_has_all, START_SECONDS)

    def wait_for_failover(self) -> None:
        """Return once the first sentinel names the replica for the primary."""
        query = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "shop")
        until(lambda: self.sentinels[0].tell(*query)[1] == str(self.replica.port), START_SECONDS)

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
        primary = RedisServer(folder / "primary", free_port(), arguments, password)
        begin(primary)
        arguments += ["--replicaof", f"127.0.0.1 {primary.port}"]
        replica = RedisServer(folder / "replica", free_port(), arguments, password)
        begin(replica)
        settings = [
            f"sentinel monitor shop 127.0.0.1 {primary.port} {sentinels // 2 + 1}",
            f"sentinel down-after-milliseconds shop {down_after_ms}",
            "sentinel failover-timeout shop 1000",
            *([f"sentinel auth-pass shop {password}"] if password else []),
        ]
        watching = [Sentinel(folder / f"sentinel-{index}", settings, sentinel_password) for index in range(sentinels)]
        for sentinel in watching:
            begin(sentinel)
        running = RedisSentinel(primary, replica, watching)
        running.settle()
        yield running
