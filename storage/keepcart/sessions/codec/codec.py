"""Values of `st.session_state` as bytes, and back: equal in value, type and repr, or refused.

The bytes are msgpack. What msgpack would flatten, such as a tuple or an enum, is one of its extension types (`Form`).
Nothing is ever pickled: whoever can write into storage can make values of the app's own classes, and run nothing.

Two names for one list come back as two lists.
"""

from __future__ import annotations

import marshal
from hashlib import blake2b
from typing import Any, Final

import msgspec
from msgspec.msgpack import Ext

from keepcart.sessions.codec.form import Form, Unkeepable, Unreadable
from keepcart.sessions.codec.own_classes import OwnClasses
from keepcart.sessions.codec.own_forms import OwnForms
from keepcart.sessions.codec.standard_forms import STANDARD_FORMS

DEEPEST: Final = 64
"""Levels that a value may have. One that holds itself has no end of them."""

_SHORT: Final = 64
"""Bytes. A longer fingerprint is a digest."""

_NATIVE: Final = frozenset({type(None), bool, float, str, bytes})
_SMALL: Final = range(-(2**63), 2**64)
_TABLES: Final = frozenset({"numpy", "pandas"})
_BY_KIND: Final = {kind: form for form in STANDARD_FORMS for kind in form.kinds}


class Codec:
    """Encodes and decodes the values of one app."""

    def __init__(self, classes: OwnClasses) -> None:
        """Take the classes that stored values may name."""
        self._own = OwnForms(classes)
        self._forms = {form.code: form for form in (*STANDARD_FORMS, *self._own.forms)}
        self._decoder = msgspec.msgpack.Decoder(ext_hook=self._value)

    def encode(self, value: object) -> bytes:
        """Return the stored form of a value.

        Raises:
            Unkeepable: it has none.
        """
        try:
            return msgspec.msgpack.encode(self._plain(value, 0))
        except UnicodeEncodeError:
            raise Unkeepable("a text with half a character") from None

    def decode(self, stored: bytes) -> Any:
        """Return the value of a stored form.

        Raises:
            Unreadable: it is none, or of a class that this app does not have (any more).
        """
        try:
            return self._decoder.decode(stored)
        except (msgspec.DecodeError, TypeError, ValueError, LookupError, ArithmeticError) as problem:
            raise Unreadable(str(problem)) from problem

    def _plain(self, value: Any, level: int) -> Any:
        """Return a value as msgpack can write it."""
        kind = type(value)
        if kind in _NATIVE or (kind is int and value in _SMALL):
            return value
        if level > DEEPEST:
            raise Unkeepable("a value that holds itself, or is nested too deeply")
        if kind is list:
            return [self._plain(item, level + 1) for item in value]
        if kind is dict and all(type(key) is str for key in value):
            return {key: self._plain(item, level + 1) for key, item in value.items()}
        form = _BY_KIND.get(kind) or self._form_of(value)
        return Ext(form.code, msgspec.msgpack.encode(self._plain(form.parts(value), level + 1)))

    def _form_of(self, value: object) -> Form:
        if type(value).__module__.partition(".")[0] in _TABLES:
            from keepcart.sessions.codec.table_forms import form_of  # noqa: PLC0415 - pandas takes half a second

            return form_of(value)
        return self._own.form_of(value)

    def _value(self, code: int, stored: memoryview) -> Any:
        """Return the value of an extension type."""
        form = self._forms.get(code)
        if form is None:
            from keepcart.sessions.codec.table_forms import TABLE_FORMS  # noqa: PLC0415 - as above

            form = TABLE_FORMS.get(code)
        if form is None:
            raise Unreadable(f"extension type {code} is of a newer release")
        return form.made(self._decoder.decode(stored))


def fingerprint(value: object) -> bytes | None:
    """Return bytes that differ whenever a value does, also one that was changed in place; None where there are none.

    For a value of Python's own types this takes a tenth of the time of encoding it. The bytes are few, and for
    comparing in one process: their format is the interpreter's. Version 2 of it does not depend on who else holds a
    part of the value.
    """
    try:
        printed = marshal.dumps(value, 2)  # type: ignore[arg-type]  # refused where it is not
    except ValueError:  # a type that it does not know, or levels without end
        return None
    return printed if len(printed) <= _SHORT else blake2b(printed, digest_size=16).digest()
