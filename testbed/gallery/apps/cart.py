import streamlit as st

PRICES = {"Lamp": 20, "Desk": 150}
cart = st.session_state.setdefault("cart", {})

name = st.selectbox("Product", PRICES)
pieces = st.number_input("Pieces", 1, 10)
if st.button("Put in"):
    cart[name] = cart.get(name, 0) + pieces
for name, pieces in list(cart.items()):
    st.write(f"{pieces} x {name}")
    if st.button(f"Take out {name}"):
        del cart[name]
        st.rerun()
st.write("Total", sum(PRICES[name] * pieces for name, pieces in cart.items()))
