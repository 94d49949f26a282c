import time

import streamlit as st

st.session_state.setdefault("count", 0)


def more() -> None:
    st.session_state.count += 1


st.button("More", on_click=more)
place = st.empty()
for tenth in range(70):
    place.write(f"Working: {tenth}")
    time.sleep(0.1)
place.write(f"Counted to {st.session_state.count}")
