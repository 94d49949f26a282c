import streamlit as st

basket = st.session_state.setdefault("basket", [])
gift = st.checkbox("As a gift")
if basket and st.button("Take out the last"):
    basket.pop()
st.page_link("main.py", label="Products")
st.write(f"{len(basket)} in the basket{', as a gift' if gift else ''}: {basket}")
