import streamlit as st

basket = st.session_state.setdefault("basket", [])
name = st.selectbox("Product", ["Lamp", "Desk"])
if st.button("Put in"):
    basket.append(name)
if st.button("Go to the basket"):
    st.switch_page("pages/basket.py")
st.write(f"Basket: {basket}")
