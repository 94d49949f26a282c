import datetime
from decimal import Decimal

import streamlit as st

if "values" not in st.session_state:
    st.session_state.values_ = {}
    st.session_state["values"] = {
        1: {"a", "b"},
        (2, 3): datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
        "price": Decimal("1.50"),
        "nothing": None,
        "bytes": b"\0\1",
    }
if st.button("Grow"):
    st.session_state["values"][len(st.session_state["values"])] = frozenset({Decimal(2)})
st.write(
    repr({key: sorted(value) if isinstance(value, set) else value for key, value in st.session_state["values"].items()})
)
