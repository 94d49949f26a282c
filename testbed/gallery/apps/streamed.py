import time

import streamlit as st

messages = st.session_state.setdefault("messages", [])
for message in messages:
    st.write(message)


def words(prompt: str):
    for number in range(50):
        time.sleep(0.1)
        yield f"{prompt}{number} "


if prompt := st.chat_input("Ask"):
    messages.append(f"You: {prompt}")
    st.write(messages[-1])
    messages.append(st.write_stream(words(prompt)))
