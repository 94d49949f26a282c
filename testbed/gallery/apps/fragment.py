import streamlit as st

st.session_state.setdefault("inside", 0)
st.session_state.setdefault("outside", 0)


@st.fragment
def part() -> None:
    if st.button("Inside"):
        st.session_state.inside += 1
    st.write(f"Inside {st.session_state.inside}")


part()
if st.button("Outside"):
    st.session_state.outside += 1
st.write(f"Outside {st.session_state.outside}")
