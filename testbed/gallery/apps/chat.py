import streamlit as st

if "messages" not in st.session_state:
    st.session_state.messages = [{"role": "assistant", "content": "Hello"}]

for message in st.session_state.messages:
    with st.chat_message(message["role"]):
        st.markdown(message["content"])

if prompt := st.chat_input("Say something"):
    st.session_state.messages.append({"role": "user", "content": prompt})
    with st.chat_message("user"):
        st.markdown(prompt)
    with st.chat_message("assistant"):
        answer = st.write_stream(word for word in ("You ", "said ", prompt))
    st.session_state.messages.append({"role": "assistant", "content": answer})
