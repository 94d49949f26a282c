"""What is kept for a shopper, in plain words: names of products for SKUs, sentences for values; and as it is stored."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from app.domain.cart import Cart, Lines
from app.domain.checkout import LONGEST, Draft
from app.views.parts.document import box

TITLES = {
    "looked-at": "Looked at last",
    "setup-name": "Name of a new setup, not kept yet",
    "quick-add-product": "Chosen in the form on the cart page",
    "quick-add-quantity": "Quantity in the form on the cart page",
    "withdraw-number": "Withdrawal: order number",
    "withdraw-email": "Withdrawal: e-mail address",
    "withdraw-name": "Withdrawal: name",
    "withdraw-what": "Withdrawal: what is sent back",
    "example.count": "Example on “How your cart is kept”: count",
    "example.rolls": "Example on “How your cart is kept”: rolls",
    "example.name": "Example on “How your cart is kept”: name",
    "example.loaded": "Example on “How your cart is kept”: loaded",
}
"""What kept values are called. One that is not here is called by its own name."""

Names = Mapping[str, str]
"""Names of products by SKU."""


def cart_in_words(cart: Cart, names: Names, acts: Iterable[str]) -> Markup:
    """Return the lines of a cart, what lies beside it, and what can be undone there; nothing for an empty one.

    Args:
        acts: of the trail, in words, oldest first.
    """
    setups = [f"{setup.name}: {', '.join(_lines(setup.lines, names)) or 'nothing'}" for setup in cart.setups]
    return Markup("").join(
        (
            _listed("Your cart", _lines(cart.lines, names)),
            _listed("Saved for later", _lines(cart.later, names)),
            _listed("Your setups", setups),
            _listed("Your last steps, for Undo", list(acts)),
        )
    )


def checkout_in_words(draft: Draft) -> Markup:
    """Return what is filled in at the checkout; nothing where nothing is."""
    return _listed("Filled in at the checkout", [text for what in LONGEST if (text := getattr(draft, what))])


def _lines(lines: Lines, names: Names) -> list[str]:
    return [f"{line.quantity} × {names.get(line.sku, line.sku)}" for line in lines]


def values_in_words(values: Mapping[str, bytes], names: Names) -> Markup:
    """Return kept values by what they are called; nothing where there are none."""
    facts = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(_title(name), _words(json.loads(stored)[1], names))
        for name, stored in values.items()
    )
    return facts and Markup("<h3>Looked at, chosen and filled in</h3><dl>{}</dl>").format(facts)


def others_in_words(stored: Mapping[str, Any], known: Collection[str]) -> Markup:
    """Return which documents there are besides the known ones; nothing where there are none."""
    return _listed(
        "Set aside",
        [
            f"“{name.removesuffix('.corrupt')}”: a part of what was kept for you that could not be read"
            if name.endswith(".corrupt")
            else f"“{name}”: kept by another release of this shop"
            for name in stored
            if name not in known
        ],
    )


def as_stored(stored: Mapping[str, Any] | None) -> Markup:
    """Return every document as it is stored, to unfold; None where storage does not answer."""
    if stored is None:
        inner = Markup("<p>Storage does not answer at the moment.</p>")
    else:
        inner = Markup("").join(
            Markup("<h3>{}</h3>{}").format(f"The document “{name}”", box(f"{name} as it is stored", _pretty(content)))
            for name, content in stored.items()
        ) or Markup("<p>Storage has nothing of you.</p>")
    return Markup("<details><summary>Show everything as it is stored</summary>{}</details>").format(inner)


def _pretty(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, separators=(", ", ": "))


def _listed(title: str, lines: Collection[str]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return items and Markup("<h3>{}</h3><ul>{}</ul>").format(title, items)


def _title(name: str) -> str:
    value, aside, _ = name.partition("!")
    title = TITLES.get(value, f"“{value}”")
    return f"{title} (could not be read, set aside)" if aside else title


def _words(value: Any, names: Names) -> str:
    """Return a value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return ", ".join(_words(one, names) for one in value)
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
