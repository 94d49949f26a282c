"""What Redis servers say about themselves, and what it means for documents that are to be kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import redis

from keepcart.backends.inspection import Finding

_OLDEST: Final = (6, 2)
_SKEW_SECONDS: Final = 2.0
_SETTINGS: Final = ("save", "appendfsync", "min-replicas-to-write")
_LAST_WRITES: Final = ("aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status")


@dataclass(frozen=True, slots=True)
class _Server:
    """What one server says.

    Attributes:
        facts: its reply to INFO.
        settings: its settings, those of `_SETTINGS` that it lets us read.
        ahead: seconds that its clock is ahead of ours; None where it does not tell the time.
        in_cluster: it was reached as one of the servers of a cluster.
        replicated: it is part of a set-up that is to survive the loss of a server.
    """

    facts: Mapping[str, Any]
    settings: Mapping[str, str]
    ahead: float | None
    in_cluster: bool
    replicated: bool


def inspect_servers(servers: Mapping[str, redis.Redis], *, in_cluster: bool, replicated: bool) -> list[Finding]:
    """Look at each server, and say once what several have in common.

    Args:
        servers: redis-py's clients by the servers' addresses.
        in_cluster: they are the servers of a Redis Cluster.
        replicated: they are part of a set-up that is to survive the loss of a server.
    """
    who: dict[Finding, list[str]] = {}
    for server, client in servers.items():
        for finding in inspect_server(client, in_cluster=in_cluster, replicated=replicated):
            who.setdefault(finding, []).append(server)
    if len(servers) == 1:
        return list(who)
    names = list(dict.fromkeys(finding.name for finding in who))
    told = sorted(who, key=lambda finding: names.index(finding.name))
    return [replace(finding, found=f"{_listed(who[finding], len(servers))}: {finding.found}") for finding in told]


def _listed(servers: list[str], of: int) -> str:
    return f"all {of} servers" if len(servers) == of else ", ".join(servers)


def inspect_server(client: redis.Redis, *, in_cluster: bool, replicated: bool) -> list[Finding]:
    """Look at one server."""
    try:
        facts = client.info("everything")
    except redis.ResponseError:
        return [_untold("redis", "INFO is refused")]
    except redis.RedisError as error:
        return [Finding("redis", "failure", f"it does not answer ({type(error).__name__})", "see that it runs")]
    server = _Server(facts, _settings(client), _ahead(client), in_cluster, replicated)
    looks = (_version, _persistence, _disk, _eviction, _replication, _clock)
    return [look(server) for look in looks]


def _settings(client: redis.Redis) -> dict[str, str]:
    """Return the settings that a server lets us read. Managed servers often refuse."""
    told: dict[Any, Any] = {}
    with suppress(redis.RedisError):
        for name in _SETTINGS:  # one by one: Redis 6 takes no more
            told |= client.config_get(name)
    return told


def _ahead(client: redis.Redis) -> float | None:
    """Return how many seconds, at least, a clock is ahead of ours: it was read at some moment of the round trip."""
    before = time.time()
    try:
        seconds, microseconds = client.time()
    except redis.RedisError:
        return None
    there = seconds + microseconds / 1e6
    return float(there - min(max(there, before), time.time()))


def _untold(name: str, why: str) -> Finding:
    advice = "permit it, or look in the provider's console: an append-only file, no eviction, a replica"
    return Finding(name, "warning", f"could not be read: {why}", advice)


def _version(server: _Server) -> Finding:
    name, version = "redis: version", str(server.facts.get("redis_version", ""))
    valkey = server.facts.get("valkey_version")
    found = f"Valkey {valkey}" if valkey else f"Redis {version}"
    try:
        is_recent = tuple(int(part) for part in version.split(".")[:2]) >= _OLDEST
    except ValueError:
        return _untold(name, "INFO has no version")
    if not is_recent:
        return Finding(name, "failure", found, "use Redis 6.2 or newer, or Valkey")
    return Finding(name, "ok", found)


def _persistence(server: _Server) -> Finding:
    """Say what a crash of the server and a power cut would lose."""
    name, advice = "redis: persistence", "set appendonly yes"
    if "aof_enabled" not in server.facts:
        return _untold(name, "INFO has nothing about it")
    if server.facts["aof_enabled"]:
        return _append_only_file(name, server.settings.get("appendfsync"))
    snapshots = server.settings.get("save")
    if snapshots is None:
        return _untold(name, "no append-only file; CONFIG is not permitted, so snapshots are unknown")
    if not snapshots:
        return Finding(
            name, "warning", "neither append-only file nor snapshots: a restart loses every document", advice
        )
    minutes = max(int(seconds) for seconds in snapshots.split()[::2]) / 60
    found = f"snapshots only (save {snapshots}): a crash loses what came after the last, up to {minutes:.0f} minutes"
    return Finding(name, "warning", found, advice)


def _append_only_file(name: str, fsync: str | None) -> Finding:
    if fsync is None:
        return _untold(name, "append-only file; CONFIG is not permitted, so its appendfsync is unknown")
    found = f"append-only file, appendfsync {fsync}"
    if fsync == "no":
        return Finding(name, "warning", f"{found}: a power cut may lose half a minute", "set appendfsync everysec")
    return Finding(name, "ok", found)


def _disk(server: _Server) -> Finding:
    failed = [write for write in _LAST_WRITES if server.facts.get(write, "ok") != "ok"]
    if failed:
        advice = "see its log; its disk may be full, or its folder read-only"
        return Finding("redis: disk", "failure", f"the last write failed: {', '.join(failed)}", advice)
    return Finding("redis: disk", "ok", "no write has failed")


def _eviction(server: _Server) -> Finding:
    name, advice = "redis: eviction", "set maxmemory-policy noeviction"
    facts = server.facts
    policy, limit = facts.get("maxmemory_policy"), facts.get("maxmemory", 0)
    if policy is None:
        return _untold(name, "INFO has nothing about it")
    found = f"{policy}, maxmemory {facts.get('maxmemory_human', limit) if limit else 'without limit'}"
    if policy == "noeviction":
        return Finding(name, "ok", found)
    if limit and (gone := facts.get("evicted_keys", 0)):
        return Finding(
            name, "failure", f"{found}: it has deleted {gone} keys to make room, so documents are gone", advice
        )
    # Every document has an expiry, so volatile-… policies delete documents just as allkeys-… do.
    return Finding(name, "warning", f"{found}: documents vanish when its memory is full", advice)


def _replication(server: _Server) -> Finding:
    name, role = "redis: replication", server.facts.get("role")
    if server.facts.get("cluster_enabled") and not server.in_cluster:
        advice = "name the cluster: redis+cluster://host:port,host:port"
        return Finding(name, "warning", "the storage URL names one server of a cluster", advice)
    if role == "master":
        return _primary(name, server)
    if role is None:
        return _untold(name, "INFO has nothing about it")
    if not server.in_cluster:
        advice = "name the primary in the storage URL"
        return Finding(name, "failure", f"its role is {role}: it takes no changes, or loses them", advice)
    if server.facts.get("master_link_status") != "up":
        return Finding(name, "warning", "a replica without connection to its primary", "see its log")
    return Finding(name, "ok", "a replica that follows its primary")


def _primary(name: str, server: _Server) -> Finding:
    told = [value for key, value in server.facts.items() if key.startswith("slave") and isinstance(value, dict)]
    replicas = sum(replica.get("state") == "online" for replica in told)
    needed = int(server.settings.get("min-replicas-to-write", 0))
    if replicas < needed:
        found = f"{replicas} replicas are online: it refuses changes with fewer than {needed} (min-replicas-to-write)"
        return Finding(name, "failure", found, "start the replicas, or lower min-replicas-to-write")
    if replicas < len(told):
        return Finding(name, "warning", f"{replicas} of {len(told)} replicas are online", "see the logs of the others")
    if server.replicated and not replicas:
        return Finding(
            name, "warning", "no replica is connected: losing this server loses its documents", "add a replica"
        )
    return Finding(name, "ok", f"primary with {replicas} replicas")


def _clock(server: _Server) -> Finding:
    name = "redis: clock"
    if server.ahead is None:
        return _untold(name, "TIME is refused")
    if abs(server.ahead) > _SKEW_SECONDS:
        found = f"{abs(server.ahead):.1f} s {'ahead' if server.ahead > 0 else 'behind'}"
        return Finding(name, "warning", found, "synchronise the clocks: expiry dates that an app shows would be wrong")
    return Finding(name, "ok", f"less than {_SKEW_SECONDS:.0f} s from ours")
