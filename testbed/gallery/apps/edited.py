import pandas as pd
import streamlit as st

frame = pd.DataFrame({"what": ["Desk", "Lamp"], "pieces": [1, 2]})
edited = st.data_editor(frame, key="edits")
chosen = st.dataframe(frame, on_select="rerun", key="chosen").selection.rows
name = st.text_input("Name")
st.write(f"{name}: {edited.pieces.sum()} pieces, chosen {chosen}")
