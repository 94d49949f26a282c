import streamlit as st

if "todos" not in st.session_state:
    st.session_state.todos = []

title = st.text_input("What", key="title")
if st.button("Add") and title:
    st.session_state.todos.append({"title": title, "done": False})

for i, todo in enumerate(st.session_state.todos):
    todo["done"] = st.checkbox(todo["title"], todo["done"], key=f"done-{i}")

left = [todo["title"] for todo in st.session_state.todos if not todo["done"]]
st.write(f"Left: {left}")
