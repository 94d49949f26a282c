"""The plain shop that Keepcart is measured against: one Streamlit script, a form and a list, nothing kept beyond the session.

Run it as its tutorials do, `streamlit run plain_shop.py`, with no configuration of its own.
"""

import streamlit as st

PRICES = {"Laptop": 25000, "Mouse": 349, "Keyboard": 499, "Monitor": 7999, "Headphones": 799}

basket = st.session_state.setdefault("basket", [])

st.title("Plain shop")

with st.form("pick"):
    st.subheader("Add Product to Cart")
    name = st.selectbox("Choose a product:", list(PRICES))
    count = st.number_input("Quantity:", min_value=1, max_value=10, value=1)
    if st.form_submit_button("Add to Cart"):
        basket.append((name, count))
        st.success(f"Added {count} x {name}")

st.subheader("Shopping Cart")
for place, (name, count) in enumerate(basket):
    left, price, pieces, act = st.columns([3, 1, 1, 1])
    left.write(name)
    price.write(f"₹{PRICES[name]}")
    pieces.write(f"Qty: {count}")
    if act.button("Remove", key=f"remove_{place}"):
        del basket[place]
        st.rerun()
if basket:
    st.subheader(f"Total: ₹{sum(PRICES[name] * count for name, count in basket)}")
    if st.button("Clear Cart"):
        basket.clear()
        st.rerun()
else:
    st.write("Your cart is empty")
