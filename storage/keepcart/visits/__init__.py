"""The Streamlit side: one visit a session, widgets that show and edit what is kept, clicks that all count."""

from keepcart.visits.address import choose
from keepcart.visits.begin import begin_visit
from keepcart.visits.click import click
from keepcart.visits.recognise import recognise, served_by_us
from keepcart.visits.visit import Visit

__all__ = ["Visit", "begin_visit", "choose", "click", "recognise", "served_by_us"]
