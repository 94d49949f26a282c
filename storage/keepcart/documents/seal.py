"""Documents sealed at rest: storage keeps what nobody can read without the owner's secret.

The secret of a browser's documents is the visitor id, which only its cookie has; the secret of a person's is made from
one of the app's own. The key comes from it by HKDF-SHA256 (RFC 5869). The document is sealed by AES-256-GCM (NIST SP
800-38D) with a random nonce of 96 bits, and with the owner's key in storage and the document's name as associated data:
a sealed document that somebody moves to another place does not open there.

The stored form is `[1000000,"<which key>","<nonce and sealed document>"]`. To a release that knows no seals, or a
process without the extra `sealed` or the secret, this is a document of a newer release: locked, neither moved nor
overwritten.
"""

from __future__ import annotations

import logging
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property, partial
from typing import Final, NamedTuple, Protocol, TypeVar

import msgspec

from keepcart.documents.document import Document, FromNewerRelease, Unreadable
from keepcart.documents.owner import Owner

log = logging.getLogger(__name__)

T = TypeVar("T")
C = TypeVar("C")

SCHEMA: Final = 1_000_000
"""Of sealed documents; no document will ever count so far."""

_SEALED: Final = b"[%d," % SCHEMA
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16

_stored = msgspec.json.Decoder(tuple[int, str, str])


class _Cipher(Protocol):
    """AES-GCM, as of `cryptography`."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the data sealed."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the sealed data as it was; raise InvalidTag where anything differs."""


class _Key(NamedTuple):
    """The key of one owner's one document.

    Attributes:
        id: 8 characters that tell it from other keys and say nothing about it.
        secret: the key itself.
        place: the owner's key in storage and the document's name.
    """

    id: str
    secret: bytes
    place: bytes

    @property
    def cipher(self) -> _Cipher:
        """What seals and opens with it. One takes 2.5 kB, and 5 µs to make: it is made anew for each use."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - an extra

        return AESGCM(self.secret)


class Seal:
    """Seals and opens one owner's one document. Its keys are made when they are first needed: many stay empty."""

    def __init__(self, owner: Owner, name: str) -> None:
        """Name the document. Nothing is sealed where `owner` has no secret."""
        self._owner, self._name = owner, name

    @cached_property
    def _keys(self) -> Mapping[str, _Key]:
        """The keys by their ids, the newest first, also those of former owners."""
        places = [(of.key, of.secret) for of in (self._owner, *self._owner.former) if of.secret is not None]
        keys = [_key(key, secret, self._name) for key, secret in places] if places and _can_seal() else []
        return {key.id: key for key in keys}

    @property
    def _newest(self) -> _Key | None:
        """The key that seals."""
        return next(iter(self._keys.values()), None) if self._owner.secret is not None else None

    def close(self, body: bytes) -> bytes:
        """Return what is stored of a document."""
        newest = self._newest
        if newest is None:
            return body
        nonce = secrets.token_bytes(_NONCE_BYTES)
        closed = nonce + newest.cipher.encrypt(nonce, body, newest.place)
        return _form(newest.id.encode("ascii"), b64encode(closed))

    def around(self, kind: Document[T, C]) -> Document[T, C]:
        """Return a kind of document as it is stored: sealed, where it is to be and can be.

        What is stored unsealed is read, and sealed with its next save.
        """
        if not kind.sealed:
            return kind
        holds_words = kind.sealed if callable(kind.sealed) else lambda _: True

        def encode(value: T) -> bytes:
            body = kind.encode(value)
            return self.close(body) if holds_words(value) else body

        return replace(kind, encode=encode, decode=lambda stored: kind.decode(self.open(stored)))

    def open(self, stored: bytes) -> bytes:
        """Return the document; one that is not sealed as it is.

        Raises:
            FromNewerRelease: it is sealed by a key that is not here.
            Unreadable: it was altered.
        """
        if not is_sealed(stored):
            return stored
        try:
            _, by, closed = _stored.decode(stored)
            content = b64decode(closed, validate=True)
        except (msgspec.MsgspecError, ValueError) as problem:
            raise Unreadable("not the form of a sealed document") from problem
        if by not in self._keys:
            raise FromNewerRelease("sealed by a key that this process does not have")
        return _decrypted(self._keys[by], content)


def sealed_size(size: int) -> int:
    """Return how many bytes a document of so many bytes takes once it is sealed: a third more, and some 60."""
    return len(_form(b"x" * 8, b"")) + -(-(size + _NONCE_BYTES + _TAG_BYTES) // 3) * 4


def _form(key_id: bytes, content: bytes) -> bytes:
    """Return the stored form. Nothing in it needs escaping.

    What msgspec encodes takes half as much memory again, for as long as it lives.
    """
    return b'%b"%b","%b"]' % (_SEALED, key_id, content)


def is_sealed(stored: bytes) -> bool:
    """Tell whether a stored document is sealed."""
    return stored.startswith(_SEALED)


def _key(owner: str, secret: bytes, name: str) -> _Key:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - an extra, needed from here on
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    derive = partial(HKDF, algorithm=SHA256(), salt=None)
    key = derive(length=32, info=b"keepcart seal").derive(secret)
    shown = derive(length=6, info=b"keepcart seal, which").derive(secret)
    return _Key(b64encode(shown).decode("ascii"), key, f"{owner}:{name}".encode())


def _decrypted(key: _Key, content: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415

    try:
        return key.cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], key.place)
    except (InvalidTag, ValueError) as problem:
        raise Unreadable("a sealed document that was altered") from problem


@cache
def _can_seal() -> bool:
    """Tell whether the extra `sealed` is installed; once a process say that it is not."""
    try:
        import cryptography  # noqa: F401, PLC0415
    except ModuleNotFoundError:
        log.warning('nothing is sealed at rest: install "keepcart[sealed]"')
        return False
    return True
