"""What the shop page says about what it shows: its heading, the number of products, and how they answer a question."""

from __future__ import annotations

from app.domain.finding import Found, Wish


def heading(wish: Wish, welcome: str) -> str:
    """Return the heading: the search and the category; for neither, the shop's welcome."""
    if not wish.text:
        return wish.category or welcome
    return f"Results for “{wish.text}”" + (f" in {wish.category}" if wish.category else "")


def counted(number: int) -> str:
    """Return a number of products in words."""
    return f"{number:,} product{'' if number == 1 else 's'}"


def remark(wish: Wish, found: Found) -> str:
    """Return what a shopper should know who does not get what was asked for; empty if there is nothing to say."""
    if not len(found):
        return ""
    said = [f"No product has “{word}”, so words spelt like it count." for word in found.misspelt]
    if not found.whole:
        place = " here" if wish.category or wish.band else ""
        said.append(f"No product{place} has all of these words. These come nearest.")
    elif found.whole < len(found):
        have = "1 product has" if found.whole == 1 else f"{found.whole} products have"
        said.append(f"{have} all of these words. The others come nearest.")
    return " ".join(said)
