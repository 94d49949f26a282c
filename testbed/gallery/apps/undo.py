import streamlit as st

from testbed.gallery.shapes import Move

moves = st.session_state.setdefault("moves", ())
place = st.number_input("Place", 1, 9, key="place")
if st.button("Move"):
    st.session_state.moves = moves = (*moves, Move("XO"[len(moves) % 2], place))
if st.button("Undo", disabled=not moves):
    st.session_state.moves = moves = moves[:-1]
st.write(f"Moves: {[tuple(move) for move in moves]}")
