import streamlit as st

ticks = st.session_state.setdefault("ticks", [])


@st.fragment(run_every=3600)
def clock() -> None:
    ticks.append(len(ticks))
    st.write(f"Ticks: {len(ticks)}")


clock()
if st.button("Reset"):
    ticks.clear()
    st.rerun()
