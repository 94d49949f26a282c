"""All values as one JSON in Redis, read when a run begins and written when it ends; the id is in the page's address."""

import json
import os
import uuid
from typing import Any

import redis
import streamlit as st


@st.cache_resource
def client() -> redis.Redis:
    """Return the process's client."""
    return redis.Redis.from_url(os.environ["WAYS_REDIS"])


if "id" not in st.query_params:
    st.query_params["id"] = uuid.uuid4().hex
key = f"session:{st.query_params['id']}"
stored = client().get(key)
state: dict[str, Any] = json.loads(stored) if isinstance(stored, bytes) else {"count": 0, "note": ""}

if st.button("One more", key="more"):
    state["count"] += 1
state["note"] = st.text_input("Note", state["note"])
st.write(f"Counted to {state['count']}")

client().set(key, json.dumps(state), ex=30 * 86_400)
