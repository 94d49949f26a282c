"""How arrays and tables are stored: numpy's in its own file format, without pickle, those of pandas as Arrow."""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # it has no types

from keepcart.sessions.codec.form import Form, Unkeepable, Unreadable

_SINGLE: Final = {"NaT": pd.NaT, "NA": pd.NA}


def form_of(value: object) -> Form:
    """Return the form of a value of numpy or pandas.

    Raises:
        Unkeepable: it has none.
    """
    if type(value) in _BY_KIND:
        return _BY_KIND[type(value)]
    if isinstance(value, np.generic):
        return _SCALAR
    if isinstance(value, pd.Index):
        return _INDEX
    raise Unkeepable(f"a {type(value).__module__}.{type(value).__qualname__}")


def _array_parts(array: np.ndarray[Any, Any]) -> Any:
    if array.dtype.hasobject:
        if array.dtype != object:
            raise Unkeepable("an array whose fields are objects")
        return [list(array.shape), array.ravel().tolist()]
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def _array(parts: Any) -> np.ndarray[Any, Any]:
    if isinstance(parts, bytes):
        loaded: np.ndarray[Any, Any] = np.load(io.BytesIO(parts), allow_pickle=False)
        return loaded
    shape, items = parts
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = item
    return array.reshape(shape)


def _frame_parts(frame: pd.DataFrame) -> list[Any]:
    """Return its parts: labels, and cells that are objects, are stored as they are. Arrow knows fewer kinds."""
    numbered = frame.reset_index(drop=True)
    numbered.columns = pd.Index([str(place) for place in range(frame.shape[1])], dtype="str")
    objects = [name for name in numbered if numbered[name].dtype == object]
    cells = {name: numbered[name].tolist() for name in objects}
    parts = [_arrow(numbered.drop(columns=objects)), cells, frame.columns, frame.index, dict(frame.attrs)]
    _assert_same(frame, _frame(parts))
    return parts


def _arrow(frame: pd.DataFrame) -> bytes:
    try:
        table = pa.Table.from_pandas(frame)
    except (pa.ArrowException, TypeError, ValueError) as problem:
        raise Unkeepable(f"a table that Arrow cannot hold: {problem}") from None
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _assert_same(before: pd.DataFrame, after: pd.DataFrame) -> None:
    try:
        pd.testing.assert_frame_equal(before, after, check_exact=True, check_column_type=True)
    except AssertionError as difference:
        raise Unkeepable(f"a table that Arrow would change: {str(difference).splitlines()[0]}") from None


def _frame(parts: list[Any]) -> pd.DataFrame:
    written, cells, columns, index, attrs = parts
    frame = _read(written)
    for name, column in cells.items():
        frame.insert(int(name), name, pd.Series(column, index=frame.index, dtype=object))
    frame.columns, frame.index = columns, index
    frame.attrs = attrs
    return frame


def _read(written: bytes) -> pd.DataFrame:
    frame: pd.DataFrame = pa.ipc.open_stream(written).read_all().to_pandas()
    return frame


def _index_parts(index: pd.Index[Any]) -> list[Any]:
    names = list(index.names)
    if isinstance(index, pd.RangeIndex):
        return ["range", [index.start, index.stop, index.step], names]
    if index.dtype == object and type(index) is pd.Index:
        return ["objects", index.tolist(), names]
    unnamed = index.set_names([f"level {place}" for place in range(index.nlevels)])
    content = [_arrow(pd.DataFrame(index=unnamed)), getattr(index, "freqstr", None)]
    made = _index(["arrow", content, unnamed.names])
    if type(made) is not type(index) or not made.equals(unnamed):
        raise Unkeepable("an index that Arrow would change")
    return ["arrow", content, names]


def _index(parts: list[Any]) -> pd.Index[Any]:
    kind, content, names = parts
    index: pd.Index[Any]
    if kind == "range":
        index = pd.RangeIndex(*content)
    elif kind == "objects":
        index = pd.Index(content, dtype=object, tupleize_cols=False)
    else:
        written, frequency = content
        index = _read(written).index
        if frequency is not None and not isinstance(index, pd.PeriodIndex):
            index.freq = frequency
    return index.set_names(names)


def _series_parts(series: pd.Series[Any]) -> list[Any]:
    return [series.to_frame(name="value"), series.name, dict(series.attrs)]


def _series(parts: list[Any]) -> pd.Series[Any]:
    frame, name, attrs = parts
    series = frame["value"].rename(name)
    series.attrs = attrs
    return series


def _name_of_single(value: object) -> str:
    return next(name for name, single in _SINGLE.items() if single is value)


def _only(series: pd.Series[Any]) -> Any:
    if len(series) != 1:
        raise Unreadable("one value of pandas is stored as a column of one row")
    return series.iloc[0]


_SCALAR: Final = Form(51, lambda value: _array_parts(np.asarray(value)), lambda parts: _array(parts)[()])
_INDEX: Final = Form(54, _index_parts, _index)
_FORMS: Final = (
    Form(50, _array_parts, _array, (np.ndarray,)),
    _SCALAR,
    Form(52, _frame_parts, _frame, (pd.DataFrame,)),
    Form(53, _series_parts, _series, (pd.Series,)),
    _INDEX,
    Form(55, lambda value: pd.Series([value]), _only, (pd.Timestamp, pd.Timedelta, pd.Period, pd.Interval)),
    Form(56, _name_of_single, _SINGLE.__getitem__, (type(pd.NaT), type(pd.NA))),
    Form(57, pd.Series, lambda series: series.array, (pd.Categorical,)),
)
_BY_KIND: Final = {kind: form for form in _FORMS for kind in form.kinds}
TABLE_FORMS: Final = {form.code: form for form in _FORMS}
