import streamlit as st

from testbed.gallery.shapes import Priority, Task

tasks = st.session_state.setdefault("tasks", [])
title = st.text_input("Title")
priority = st.radio("Priority", list(Priority), format_func=lambda p: p.name)
tags = st.multiselect("Tags", ["home", "office", "soon"])
if st.button("Add task"):
    tasks.append(Task(title, priority, set(tags)))
for task in tasks:
    st.write(f"{task.title}: {task.priority.name}, {sorted(task.tags)}")
