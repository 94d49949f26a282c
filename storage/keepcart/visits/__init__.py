"""The Streamlit side: one visit a session, widgets that show and edit what is kept, clicks that all count."""

from keepcart.visits.address import choose
from keepcart.visits.begin import begin_visit, current_visit, keeper_of
from keepcart.visits.click import click
from keepcart.visits.owners import owner_of_browser, owner_of_person
from keepcart.visits.recognise import become_stranger, is_being_forgotten, recognise, served_by_us
from keepcart.visits.visit import Visit

__all__ = [
    "Visit",
    "become_stranger",
    "begin_visit",
    "choose",
    "click",
    "current_visit",
    "is_being_forgotten",
    "keeper_of",
    "owner_of_browser",
    "owner_of_person",
    "recognise",
    "served_by_us",
]
