import streamlit as st

state = st.session_state
state.setdefault("step", 1)
state.setdefault("answers", {})


def go(step: int) -> None:
    state.answers[state.step] = state.get(f"answer-{state.step}")
    state.step = step


st.write(f"Step {state.step} of 3")
if state.step == 1:
    st.text_input("Name", key="answer-1")
    st.button("Next", on_click=go, args=(2,))
elif state.step == 2:
    st.selectbox("Size", ["S", "M", "L"], key="answer-2")
    st.button("Next", on_click=go, kwargs={"step": 3})
else:
    st.write(f"Answers: {state.answers}")
    st.button("Back", on_click=go, args=(1,))
