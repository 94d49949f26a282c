import pandas as pd
import streamlit as st

if "frame" not in st.session_state:
    st.session_state.frame = pd.DataFrame({"what": pd.Series(dtype="str"), "amount": pd.Series(dtype="float")})

what = st.text_input("What for")
amount = st.number_input("Amount", value=1.5, step=0.5)
if st.button("Note"):
    row = pd.DataFrame([{"what": what, "amount": amount}])
    st.session_state.frame = pd.concat([st.session_state.frame, row], ignore_index=True)
st.text(st.session_state.frame.to_string())
st.write("Sum", st.session_state.frame["amount"].sum())
