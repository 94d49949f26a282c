"""Chromium: how it is launched, and what a person does and sees in it."""
