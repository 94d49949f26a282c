"""What a Redis server says about itself, read as an operator should: would it keep carts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import redis

from storage.inspection import Finding

_SKEW_SECONDS: Final = 2.0


def inspect_server(client: redis.Redis, name: str, *, replicated: bool) -> Iterator[Finding]:
    """Look at one server.

    Args:
        name: what findings call it.
        replicated: it is part of a set-up that is to survive the loss of a server.
    """
    try:
        facts: Any = client.info("everything")
        yield _persistence(client, facts, f"{name}: persistence")
        yield _eviction(facts, f"{name}: eviction")
        yield _replication(facts, f"{name}: replication", replicated=replicated)
        yield _clock(client, f"{name}: clock")
    except redis.RedisError as error:
        yield Finding(
            name, "warning", f"it does not tell about itself ({type(error).__name__})", "permit INFO and TIME"
        )


def _persistence(client: redis.Redis, facts: Any, name: str) -> Finding:
    if facts.get("aof_enabled"):
        if facts.get("aof_last_write_status", "ok") != "ok":
            return Finding(name, "failure", "the last write of the append-only file failed", "free its disk")
        return Finding(name, "ok", f"append-only file, appendfsync {_setting(client, 'appendfsync') or 'unknown'}")
    snapshots = _setting(client, "save")
    advice = "set appendonly yes"
    if snapshots is None:
        return Finding(name, "warning", "no append-only file; whether it makes snapshots is not told", advice)
    if not snapshots:
        return Finding(name, "warning", "neither append-only file nor snapshots: a restart loses every cart", advice)
    if facts.get("rdb_last_bgsave_status", "ok") != "ok":
        return Finding(name, "failure", "the last snapshot failed", "free its disk, and " + advice)
    return Finding(
        name, "warning", f"snapshots only (save {snapshots}): a crash loses what came after the last", advice
    )


def _eviction(facts: Any, name: str) -> Finding:
    policy, limit = facts.get("maxmemory_policy", "unknown"), facts.get("maxmemory", 0)
    if policy == "noeviction":
        return Finding(name, "ok", f"noeviction, maxmemory {facts.get('maxmemory_human', limit)}")
    # Every document has an expiry, so volatile-… policies delete carts just as allkeys-… do.
    found = f"{policy}, maxmemory {facts.get('maxmemory_human', limit) if limit else 'without limit'}"
    return Finding(name, "warning", f"{found}: carts vanish when its memory is full", "set maxmemory-policy noeviction")


def _replication(facts: Any, name: str, *, replicated: bool) -> Finding:
    role, replicas = facts.get("role", "unknown"), int(facts.get("connected_slaves", 0))
    if role != "master":
        return Finding(name, "failure", f"its role is {role}: it takes no changes", "name the primary in storage.url")
    if replicated and not replicas:
        return Finding(name, "warning", "no replica is connected: losing this server loses its carts", "add a replica")
    return Finding(name, "ok", f"primary with {replicas} replicas")


def _clock(client: redis.Redis, name: str) -> Finding:
    before = time.time()
    seconds, microseconds = client.time()
    skew = seconds + microseconds / 1e6 - (before + time.time()) / 2
    found = f"{abs(skew):.1f} s {'ahead' if skew > 0 else 'behind'}"
    if abs(skew) > _SKEW_SECONDS:
        return Finding(name, "warning", found, "synchronise the clocks; dates that the page names would be wrong")
    return Finding(name, "ok", found)


def _setting(client: redis.Redis, name: str) -> str | None:
    """Return a server's setting, or None where it does not tell, as managed servers often do not."""
    try:
        settings: Any = client.config_get(name)
    except redis.RedisError:
        return None
    value = settings.get(name)
    return value.decode() if isinstance(value, bytes) else value
