"""Values of `st.session_state` come back as they were, or are refused; nothing else is ever made of stored bytes."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.msgpack import Ext

from keepcart.sessions.codec import Codec, OwnClasses, Unkeepable, Unreadable, fingerprint

pytestmark = pytest.mark.filterwarnings("ignore:.*drops timezone:DeprecationWarning")  # older pyarrow, newer pandas

OWN = """
from collections import namedtuple
from dataclasses import dataclass, field
from enum import Enum, Flag, IntEnum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

class Size(Enum):
    SMALL = "s"
    LARGE = "l"

class Level(IntEnum):
    LOW = 1

class Marks(Flag):
    NEW = 1
    SALE = 2

class Point(NamedTuple):
    x: int
    y: int = 0

@dataclass
class Line:
    sku: str
    quantity: int = 1
    tags: list = field(default_factory=list)

@dataclass(frozen=True, slots=True)
class Frozen:
    line: Line
    size: Size = Size.SMALL

class Plain:
    def __init__(self, wallet):
        raise AssertionError("__init__ is not called")

class Private:
    __slots__ = ("__hidden", "seen")
    def __init__(self):
        self.__hidden = 1
        self.seen = 2
    def __repr__(self):
        return f"Private({self.__hidden}, {self.seen})"

class Box(Generic[T]):
    def __init__(self, content):
        self.content = content
    def __repr__(self):
        return f"Box({self.content!r})"
    class Lid:
        def __repr__(self):
            return "Lid()"

class Grown(dict):
    pass

def local():
    class Inside:
        pass
    return Inside()
"""

STANDARD: list[Any] = [
    None,
    True,
    0,
    -(2**63) - 1,
    2**64,
    0.1,
    float("nan"),
    -0.0,
    "तीन",
    b"\0",
    bytearray(b"x"),
    (1, (2,), []),
    {1, 2},
    frozenset({"a"}),
    {"a": {"b": ()}},
    {1: 2, (1, 2): 3, None: 4},
    datetime(2026, 1, 2, 3, 4, 5, 6),  # noqa: DTZ001 - naive on purpose
    datetime(2026, 1, 2, tzinfo=UTC),
    datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=1), "Berlin")),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    date(2026, 2, 28),
    time(1, 2, 3, 4, tzinfo=UTC),
    timedelta(days=-1, microseconds=5),
    Decimal("1.50"),
    Decimal("-NaN"),
    UUID(int=7),
    1 - 2j,
    range(10, 0, -3),
    slice(1, None),
    Fraction(-1, 3),
    Path("data") / "x.csv",
    deque([1, 2], maxlen=2),
    OrderedDict(b=1, a=2),
    Counter("abracadabra"),
    defaultdict(list, a=[1]),
    defaultdict(None, a=1),
]

TABLES: list[Any] = [
    np.arange(6).reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(["a", (1, 2)], dtype=object),
    np.array([(1, 2.5)], dtype=[("a", "i4"), ("b", "f8")]),
    np.array("2026-01-01", dtype="datetime64[D]"),
    np.float32(1.5),
    np.bool_(True),
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
    pd.DataFrame({0: [1], (1, "x"): [2.5]}),
    pd.DataFrame({("a", "x"): [1], ("a", "y"): [2]}),
    pd.DataFrame([[1, 2], [3, 4]], columns=["same", "same"]),
    pd.DataFrame({"v": [1, 2, 3]}, index=pd.date_range("2026-01-01", periods=3, tz="Asia/Kolkata")),
    pd.DataFrame({"v": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", None])),
    pd.DataFrame({"mixed": [1, "x"], "pairs": [(1, 2), None], "lists": [[1], []]}),
    pd.DataFrame(columns=["a", "b"]),
    pd.DataFrame(),
    pd.DataFrame({"a": [1, 2, 3]})[::2],
    pd.Series([1, None], dtype="Int64", name="count"),
    pd.Series(["a", "b"], index=["x", "y"], name=("t", 1)),
    pd.Series([date(2026, 1, 1), Decimal("1.5"), {"a": 1}]),
    pd.Series(pd.Categorical(["a", "b"], ordered=True)),
    pd.Index([1, 2], name="i"),
    pd.RangeIndex(1, 7, 2, name="r"),
    pd.date_range("2026", periods=4, freq="2D"),
    pd.Timestamp("2026-01-01", tz="UTC"),
    pd.Timedelta("1D"),
    pd.Period("2026-01", freq="M"),
    pd.Interval(1, 2),
    pd.NaT,
    pd.NA,
    pd.Categorical(["a", "b", "a"]),
]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Give a module of an app, in its folder."""
    (tmp_path / "own_shapes.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        yield importlib.import_module("own_shapes")
    finally:
        sys.modules.pop("own_shapes", None)


@pytest.fixture
def codec(tmp_path: Path) -> Codec:
    return Codec(OwnClasses(tmp_path))


def in_words(value: object) -> str:
    """Return a short name of a value that is the same in each process."""
    return f"{type(value).__name__} {re.sub(' at 0x[0-9a-f]+', '', repr(value))[:30]}"


@pytest.mark.parametrize("value", [*STANDARD, *TABLES], ids=in_words)
def test_a_value_comes_back_with_its_type_and_as_it_reads(codec: Codec, value: Any) -> None:
    for held in (value, [value], {"key": (value,)}):
        back = codec.decode(codec.encode(held))
        assert type(back) is type(held)
        assert repr(back) == repr(held)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.decimals()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.uuids()
    | st.complex_numbers(),
    lambda parts: (
        st.lists(parts)
        | st.lists(parts).map(tuple)
        | st.dictionaries(st.text(), parts)
        | st.dictionaries(st.integers() | st.tuples(st.text()), parts)
        | st.lists(st.integers() | st.text()).map(set)
    ),
    max_leaves=20,
)


@given(values)
def test_any_value_of_pythons_own_types_comes_back(value: Any) -> None:
    codec = Codec(OwnClasses(Path("/nowhere")))
    back = codec.decode(codec.encode(value))
    assert fingerprint(back) == fingerprint(value) or repr(back) == repr(value)


def test_a_frame_keeps_what_repr_does_not_show(codec: Codec) -> None:
    frame = pd.DataFrame({"a": [0.1, 1 / 3]}, index=pd.date_range("2026", periods=2, freq="D"))
    frame.attrs["source"] = ("a file", 3)
    back = codec.decode(codec.encode(frame))
    pd.testing.assert_frame_equal(back, frame, check_exact=True, check_freq=True)
    assert back.attrs == frame.attrs


def test_values_of_the_apps_own_classes_come_back_without_their_init(codec: Codec, own: ModuleType) -> None:
    plain = object.__new__(own.Plain)
    plain.wallet = [1]
    line = own.Line("LAMP", 2, ["new"])
    for value in (
        own.Size.LARGE,
        own.Level.LOW,
        own.Marks.NEW | own.Marks.SALE,
        own.Point(1, 2),
        line,
        own.Frozen(line, own.Size.LARGE),
        own.Private(),
        own.Box(own.Box((1,))),
        own.Box.Lid(),
        {own.Point(0, 0): own.Size.SMALL},
    ):
        back = codec.decode(codec.encode(value))
        assert type(back) is type(value)
        assert repr(back) == repr(value)
    assert codec.decode(codec.encode(plain)).wallet == [1]
    assert codec.decode(codec.encode(own.Size.LARGE)) is own.Size.LARGE


def test_a_class_is_found_by_a_process_that_has_not_imported_its_module(codec: Codec, own: ModuleType) -> None:
    stored = codec.encode(own.Line("LAMP"))
    del sys.modules["own_shapes"]
    assert repr(codec.decode(stored)) == "Line(sku='LAMP', quantity=1, tags=[])"


def test_a_class_is_found_where_the_apps_folder_is_a_part_of_a_package_or_not_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "own_house" / "rooms"
    app.mkdir(parents=True)
    files = {"../__init__.py": "", "__init__.py": "", "inner.py": OWN, "own_beside.py": OWN, "own_broken.py": "1 / 0"}
    for file, text in files.items():
        (app / file).write_text(text)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    codec = Codec(OwnClasses(app))
    for module in ("own_house.rooms.inner", "own_beside"):
        stored = msgspec.msgpack.encode(Ext(31, msgspec.msgpack.encode([f"{module}:Point", 1, 2])))
        assert repr(codec.decode(stored)) == "Point(x=1, y=2)"
        del sys.modules[module]
    with pytest.raises(Unreadable, match="division"):
        codec.decode(msgspec.msgpack.encode(Ext(31, msgspec.msgpack.encode(["own_broken:Point", 1, 2]))))


def test_a_field_that_has_come_since_gets_its_default_and_one_without_a_default_is_unreadable(
    codec: Codec, own: ModuleType, tmp_path: Path
) -> None:
    stored = codec.encode(own.Line("LAMP"))
    for field, outcome in (("note: str = 'none'", "note='none'"), ("note: str", None)):
        text = OWN.replace("    quantity: int = 1\n", "") if outcome is None else OWN
        before = "    sku: str\n"
        (tmp_path / "own_shapes.py").write_text(text.replace(before, before + f"    {field}\n", 1))
        sys.modules.pop("own_shapes")
        importlib.invalidate_caches()
        shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
        if outcome is None:
            with pytest.raises(Unreadable, match="note"):
                codec.decode(stored)
        else:
            assert outcome in repr(codec.decode(stored))


class InATest:
    pass


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (object(), "builtins.object"),
        (InATest(), "not one of the app's own"),
        (lambda: 1, "function"),
        (sys, "module"),
        (int, "type"),
        (open, "builtin_function"),
        (iter([]), "iterator"),
        (memoryview(b""), "memoryview"),
        ("\ud800", "half a character"),
        (defaultdict(lambda: 1), "defaultdict"),
        (np.array([(1, None)], dtype=[("a", "i4"), ("b", "O")]), "objects"),
    ],
    ids=in_words,
)
def test_what_cannot_come_back_is_refused_and_said_wherever_it_is(codec: Codec, value: object, why: str) -> None:
    for held in (value, [value], {"key": {1: value}}, (value,)):
        with pytest.raises(Unkeepable, match=why):
            codec.encode(held)


def test_what_holds_itself_is_refused(codec: Codec) -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(Unkeepable, match="itself"):
        codec.encode(endless)


def test_classes_that_could_not_be_found_again_are_refused(codec: Codec, own: ModuleType) -> None:
    for value in (own.local(), own.Grown(a=1)):
        with pytest.raises(Unkeepable):
            codec.encode(value)
    script = type("Line", (), {"__module__": "__main__"})
    with pytest.raises(Unkeepable, match="script itself"):
        codec.encode(script())


@pytest.mark.parametrize("module", ["subprocess", "os", "streamlit", "own_installed", "nowhere"])
def test_no_module_but_the_apps_own_is_ever_imported_for_stored_bytes(
    codec: Codec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    installed = tmp_path / "venv" / "lib" / "site-packages"
    installed.mkdir(parents=True)
    (installed / "own_installed.py").write_text("raise AssertionError('imported')")
    monkeypatch.syspath_prepend(installed)
    forged = msgspec.msgpack.encode(Ext(32, msgspec.msgpack.encode([f"{module}:Popen", {}])))
    with pytest.raises(Unreadable):
        codec.decode(forged)


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode(Ext(99, b"\x01")),
        msgspec.msgpack.encode(Ext(8, msgspec.msgpack.encode("no day"))),
        msgspec.msgpack.encode(Ext(31, msgspec.msgpack.encode(["own_shapes:Point", 1]))),
        msgspec.msgpack.encode(Ext(30, msgspec.msgpack.encode(["own_shapes:Size", "GONE"]))),
        msgspec.msgpack.encode(Ext(32, msgspec.msgpack.encode(["own_shapes:Gone", {}]))),
        msgspec.msgpack.encode(Ext(50, msgspec.msgpack.encode(b"\x80\x04N."))),
    ],
)
@pytest.mark.usefixtures("own")
def test_bytes_that_are_no_value_are_unreadable_and_nothing_worse(codec: Codec, stored: bytes) -> None:
    with pytest.raises(Unreadable):
        codec.decode(stored)


def test_a_fingerprint_differs_whenever_a_value_does_also_by_type_and_in_place() -> None:
    def seen(value: object) -> bytes:
        found = fingerprint(value)
        assert found is not None
        return found

    rows: list[Any] = [{"a": (1,)}]
    before = seen(rows)
    assert seen([{"a": (1,)}]) == before
    also_held = rows[0]
    assert seen(rows) == before, "it does not depend on who else holds a part"
    also_held["a"] = [1]
    assert seen(rows) != before
    assert len({seen(value) for value in (1, True, 1.0, "1", b"1", (1,), [1], {1}, frozenset({1}), {1: 1})}) == 10
    assert fingerprint(object()) is None
