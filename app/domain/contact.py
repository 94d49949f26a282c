"""How a shop is reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """An e-mail address, a telephone number and where the shop is, each as text; empty if it is not said."""

    email: str = ""
    phone: str = ""
    address: str = ""

    @property
    def callable_phone(self) -> str:
        """The number as links and machines take it: digits, and a plus before them."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
