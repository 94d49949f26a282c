import datetime

import streamlit as st

chosen = (
    st.multiselect("Kinds", ["lamp", "desk", "chair"]),
    st.slider("Price", 0, 100, (10, 90)),
    st.select_slider("Size", ["S", "M", "L"], value="M"),
    st.date_input("From to", (datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))),
    st.time_input("At", datetime.time(9, 30)),
    st.pills("Room", ["office", "home"], selection_mode="multi"),
    st.segmented_control("View", ["list", "grid"], default="list"),
    st.color_picker("Colour", "#ff0000"),
    st.feedback("stars", key="stars"),
    st.text_area("Notes", "none"),
    st.checkbox("In stock", True),
)
st.write(repr(chosen))
