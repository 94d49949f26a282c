"""The pages as the server paints them, before Streamlit draws the same (`keepcart.FirstPaint`)."""
