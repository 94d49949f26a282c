"""What the errors of a Redis client mean for a storage."""

from __future__ import annotations

from typing import Final

import redis
from redis.exceptions import ClusterDownError, NoPermissionError, OutOfMemoryError, TryAgainError

from keepcart.backends.errors import NO_SUCH_DATABASE, REFUSED_LOGIN, Corrupt, StorageError, Unavailable
from keepcart.backends.redis_sentinel import NoPrimary

_REASONS: Final = {
    redis.AuthenticationError: REFUSED_LOGIN,
    redis.BusyLoadingError: "it is still loading its data",
    redis.TimeoutError: "it did not answer in time",
    OutOfMemoryError: "its memory is full",
    redis.ReadOnlyError: "it is read-only",
    NoPermissionError: "it does not permit this command",
    ClusterDownError: "the cluster is down",
    TryAgainError: "the cluster is moving this owner's documents",
    redis.ConnectionError: "no connection",
}


def translated(error: redis.RedisError, address: str) -> StorageError:
    """Return the error of the contract that stands for one of redis-py."""
    if "WRONGTYPE" in str(error):
        return Corrupt(None)
    return Unavailable(address, _reason(error), answered=isinstance(error, redis.ResponseError))


def _reason(error: redis.RedisError) -> str:
    """Return why, without the words of the server or the client: they may name keys and users."""
    if isinstance(error, NoPrimary):
        return str(error)
    if "DB index is out of range" in str(error):
        return NO_SUCH_DATABASE
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    code = str(error).partition(" ")[0]
    return f"it replied {code}" if code.isalpha() and code.isupper() else type(error).__name__
