import streamlit as st

looked = st.session_state.setdefault("looked", [])
chosen = st.selectbox("Room", ["all", "office", "home"], key="room")
st.query_params["room"] = chosen
if st.button("Look"):
    looked.append(st.query_params["room"])
st.write(f"In {st.query_params['room']}, looked at {looked}")
