"""How values of an app's own classes are stored: by the class's name, and what the value has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum, Flag
from typing import Any, Final

from keepcart.sessions.codec.form import Form, Unkeepable, Unreadable
from keepcart.sessions.codec.own_classes import NotOwn, OwnClasses

_EMPTY_BASES: Final = frozenset({"abc", "typing", "typing_extensions", "collections.abc", "pydantic.main"})
"""Modules of base classes that keep nothing of a value but in its `__dict__` and its slots."""


class OwnForms:
    """The forms of enums, named tuples and objects. Objects are made without their `__init__`."""

    def __init__(self, classes: OwnClasses) -> None:
        """Take the classes that stored values may name."""
        self._classes = classes
        self._enum = Form(30, self._member_parts, self._member)
        self._named_tuple = Form(31, lambda value: [self._name(value), *value], self._tuple)
        self._object = Form(32, lambda value: [self._name(value), _state(value)], self._made)
        self.forms = (self._enum, self._named_tuple, self._object)

    def form_of(self, value: object) -> Form:
        """Return the form of a value.

        Raises:
            Unkeepable: its class is not one of the app's own, or keeps what cannot be seen.
        """
        kind = type(value)
        self._name(value)
        if isinstance(value, Enum):
            return self._enum
        if isinstance(value, tuple) and kind.__bases__ == (tuple,) and hasattr(kind, "_fields"):
            return self._named_tuple
        for base in kind.__mro__[1:-1]:
            if base.__module__ not in _EMPTY_BASES:
                self._name_of(base)
        return self._object

    def _name(self, value: object) -> str:
        return self._name_of(type(value))

    def _name_of(self, kind: type) -> str:
        try:
            return self._classes.name_of(kind)
        except NotOwn as problem:
            raise Unkeepable(str(problem)) from None

    def _named(self, name: str, base: type) -> Any:
        try:
            kind = self._classes.named(name)
        except NotOwn as problem:
            raise Unreadable(str(problem)) from None
        if not issubclass(kind, base):
            raise Unreadable(f"{name} is no {base.__name__} any more")
        return kind

    def _member_parts(self, value: Enum) -> list[Any]:
        return [self._name(value), value.value if isinstance(value, Flag) else value.name]

    def _member(self, parts: list[Any]) -> Enum:
        name, member = parts
        kind = self._named(name, Enum)
        try:
            found: Enum = kind(member) if issubclass(kind, Flag) else kind[member]
        except (KeyError, ValueError):
            raise Unreadable(f"{name} has no member {member!r} any more") from None
        return found

    def _tuple(self, parts: list[Any]) -> tuple[Any, ...]:
        name, *items = parts
        kind = self._named(name, tuple)
        if len(items) != len(kind._fields):
            raise Unreadable(f"{name} has other fields now")
        made: tuple[Any, ...] = tuple.__new__(kind, items)
        return made

    def _made(self, parts: list[Any]) -> object:
        name, state = parts
        kind = self._named(name, object)
        try:
            made = object.__new__(kind)
            for attribute, value in state.items():
                object.__setattr__(made, attribute, value)
        except (TypeError, AttributeError) as problem:
            raise Unreadable(f"{name}: {problem}") from None
        if is_dataclass(kind):
            _complete(made, name, state)
        return made


def _state(value: object) -> dict[str, Any]:
    """Return the attributes of a value, those in slots too."""
    slots = [
        slot
        for base in type(value).__mro__
        for slot in _slots(base)
        if slot not in ("__dict__", "__weakref__") and hasattr(value, slot)
    ]
    return {**{slot: getattr(value, slot) for slot in slots}, **getattr(value, "__dict__", {})}


def _slots(kind: type) -> tuple[str, ...]:
    slots: str | tuple[str, ...] = kind.__dict__.get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple(_mangled(kind, name) for name in names)


def _mangled(kind: type, name: str) -> str:
    is_private = name.startswith("__") and not name.endswith("__")
    return f"_{kind.__name__.lstrip('_')}{name}" if is_private else name


def _complete(made: object, name: str, state: dict[str, Any]) -> None:
    """Give a value of a dataclass the defaults of fields that have come since it was stored."""
    for one in fields(made):  # type: ignore[arg-type]  # of a dataclass
        if one.name in state:
            continue
        factory: Callable[[], Any] | None = None if one.default_factory is MISSING else one.default_factory
        if factory is None and one.default is MISSING:
            raise Unreadable(f"{name} has a field {one.name!r} now")
        object.__setattr__(made, one.name, one.default if factory is None else factory())
