"""What all documents have in common: changes that can be refused, and schema numbers.

A stored document is a JSON array whose first element is the number of its schema, counted from 1, so that documents
outlive the release that wrote them: a release has a reader for each schema ever released, and writes the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
C = TypeVar("C")


class Refused(Exception):
    """A change was not made. The message says why, to the visitor."""


class Locked(Exception):
    """The document is not this process's to change: a newer release wrote it, or it is sealed by an unknown key."""


class Unreadable(ValueError):
    """The stored bytes are not a document of any schema that was ever released."""


class FromNewerRelease(ValueError):
    """A process that knows more wrote the document: a newer release, or one with the key of its seal.

    It must be neither moved nor overwritten.
    """


def _length(change: object) -> int:
    return len(repr(change))


@dataclass(frozen=True, slots=True)
class Document(Generic[T, C]):
    """A kind of document with values of type T and changes of type C.

        COUNT = Document(
            "count",
            empty=0,
            encode=lambda count: msgspec.json.encode((1, count)),
            decode=lambda body: read(body, {1: lambda body: msgspec.json.decode(body, type=tuple[int, int])[1]}),
            apply=lambda count, step: count + step,
        )

    Attributes:
        name: its name in storage.
        empty: its value where nothing is stored.
        encode: from value to stored bytes.
        decode: back; raises Unreadable or FromNewerRelease.
        apply: from a value and a change to the new value; pure; raises Refused.
        join: from two changes, the earlier first, to one that does what both do, or to None where there is none.
            Changes that wait for storage are joined, so that their number does not grow. Without it none are.
        report: called once for each saved change, with the value before and after it, to log what must be known.
            `apply` cannot log it: it is called again for each version that a change meets.
        size: about how many bytes of memory a change takes while it waits for storage. Without it the length of its
            `repr` counts.
        sealed: it holds what people typed, so it is sealed at rest (`keepcart.documents.seal`): where the extra
            `sealed` is installed, and its owner has a secret. A function tells which values do.
    """

    name: str
    empty: T
    encode: Callable[[T], bytes]
    decode: Callable[[bytes], T]
    apply: Callable[[T, C], T]
    join: Callable[[C, C], C | None] | None = None
    report: Callable[[T, T], None] | None = None
    size: Callable[[C], int] = _length
    sealed: bool | Callable[[T], bool] = False


def read(body: bytes, readers: Mapping[int, Callable[[bytes], T]]) -> T:
    """Read a document with the reader of its schema.

    Args:
        readers: by schema number; a reader gets the whole body and may raise msgspec's errors.

    Raises:
        FromNewerRelease: its schema is newer than every reader.
        Unreadable: anything else is wrong with it.
    """
    try:
        schema = _number(body)
        if schema in readers:
            return readers[schema](body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    if schema > max(readers):
        raise FromNewerRelease(f"schema {schema}; this release reads up to {max(readers)}")
    raise Unreadable(f"schema {schema} was never released")


_array = msgspec.json.Decoder(list[msgspec.Raw])


def _number(body: bytes) -> int:
    parts = _array.decode(body)
    return msgspec.json.decode(parts[0], type=int) if parts else 0
