import numpy as np
import streamlit as st

if "board" not in st.session_state:
    st.session_state.board = np.full((3, 3), ".", dtype=object)
    st.session_state.player = "X"


def play(row: int, column: int) -> None:
    if st.session_state.board[row, column] == ".":
        st.session_state.board[row, column] = st.session_state.player
        st.session_state.player = "O" if st.session_state.player == "X" else "X"


for row in range(3):
    for column, place in enumerate(st.columns(3)):
        mark = st.session_state.board[row, column]
        place.button(f"{row}{column}", key=f"{row}-{column}", on_click=play, args=(row, column))
st.write(" / ".join("".join(line) for line in st.session_state.board) + f" next {st.session_state.player}")
