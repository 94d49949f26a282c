import streamlit as st

seen = st.session_state.setdefault("seen", [])
item = st.query_params.get("item", "nothing")
colour = st.selectbox("Colour", ["red", "blue"], key="colour", bind="query-params")
if st.button("Look at it"):
    seen.append(item)
    st.query_params["item"] = f"{item}{len(seen)}"
st.write(f"{item} in {colour}, seen {seen}")
