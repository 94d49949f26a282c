"""Who owns what is kept: the browser, by its secret id, or a person whom the app names."""

from __future__ import annotations

from collections.abc import Sequence

from keepcart.documents import Owner
from keepcart.middleware import person_key, person_secret, visitor_key

SHORTEST_SEAL_KEY = 32
"""Characters: 16 random bytes as hexadecimal digits."""


def owner_of_browser(visitor_id: str) -> Owner:
    """Return the owner that a browser is. Its documents are sealed by its id, which storage never sees."""
    return Owner(visitor_key(visitor_id), visitor_id.encode("ascii"))


def owner_of_person(name: str, seal_keys: Sequence[str] = ()) -> Owner:
    """Return the owner that a person is.

    A name is no secret, so a person's documents are sealed only where the app has one. What was kept under an older
    secret, or without one, is found all the same.

    Args:
        name: as the app names the person.
        seal_keys: the app's secrets, the newest first.

    Raises:
        ValueError: the name is empty, or a secret is too short.
    """
    if not name:
        raise ValueError("the owner of a visit is a name; None means that nobody has logged in")
    if any(len(key) < SHORTEST_SEAL_KEY for key in seal_keys):
        raise ValueError(f"a seal_key is a random text of at least {SHORTEST_SEAL_KEY} characters")
    keys = [*(Owner(person_key(name, key), person_secret(name, key)) for key in seal_keys), Owner(person_key(name))]
    return Owner(keys[0].key, keys[0].secret, former=tuple(keys[1:]))
