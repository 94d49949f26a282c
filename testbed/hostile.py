"""A catalogue whose every text tries to become something else: an element, a link, a picture, a request, a script.

Whatever of it would be anything but text has the word `evil` in it.
"""

from __future__ import annotations

import csv
from io import StringIO

NAMES = (
    "![evil](https://evil.example/1.png)[evil](https://evil.example/)",
    "<img src=//evil.example/2.png onerror=evil()><script>evil()</script>",
    "https://evil.example/ www.evil.example evil@evil.example",
    ":material/evil: :material_evil: :streamlit: :smile: :red[evil] $evil$ :evil:",
    '"><svg onload=evil()> &lt;evil&gt; -- -> <-> >= **evil** __evil__ ~~evil~~ `evil` \\evil',
    "1. evil # evil > evil | evil | --- | {{evil}} {0} %(evil)s",
    "[evil]: https://evil.example :help[evil] :color[evil]{foreground=red} [^evil] </span></p>",
    "javascript:evil() data:text/html,evil <evil@evil.example> <https://evil.example> &#58;evil",
)
CATEGORIES = tuple(name[:60].strip() for name in NAMES)
OPTIONS = tuple(name[:40].strip() for name in NAMES)
TEXTS = (*NAMES, *CATEGORIES, *OPTIONS)
"""All of them."""


def sku(place: int) -> str:
    """Return the SKU of the product with this name of NAMES."""
    return f"N-{place}"


def hostile(price: int = 100) -> str:
    """Return the catalogue: a product for each name and category, and one page with all options, SKUs `OPTION-…`."""
    shared = {"price": str(price), "picture": "laptop.svg"}
    rows = [
        {**shared, "sku": sku(place), "name": name, "category": CATEGORIES[place], "description": f"{name} {name}"}
        for place, name in enumerate(NAMES)
    ]
    page = {**shared, "name": NAMES[0], "category": CATEGORIES[0], "description": NAMES[1], "variant_of": "evil"}
    rows += [{**page, "sku": f"OPTION-{place}", "option": option} for place, option in enumerate(OPTIONS)]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, dict.fromkeys(column for row in rows for column in row))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
