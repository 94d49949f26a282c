"""Whole sessions of Streamlit, kept."""
