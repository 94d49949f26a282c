import streamlit as st

value = st.number_input("Value", value=1.0)
unit = st.selectbox("Unit", ["cm", "inch"])
places = st.slider("Places", 0, 4, 2)
upper = st.toggle("Upper case")
text = f"{value * (2.54 if unit == 'inch' else 1 / 2.54):.{places}f} {'cm' if unit == 'inch' else 'inch'}"
st.write(text.upper() if upper else text)
