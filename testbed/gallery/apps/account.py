import streamlit as st

from testbed.gallery.shapes import Account

if "account" not in st.session_state:
    st.session_state["account"] = Account()
account = st.session_state["account"]

with st.form("entry", clear_on_submit=True):
    what = st.text_input("What")
    amount = st.number_input("How much", value=10)
    if st.form_submit_button("Book"):
        account.add(what, amount)
st.write(f"Balance {account.balance}: {account.entries}")
