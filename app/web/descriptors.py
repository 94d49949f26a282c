"""File descriptors: how many this process can have, and how many pages and connections fit into them.

Where they run out, connections are broken off without a word, probes too. So everything that takes some has a bound.
"""

from __future__ import annotations

import resource  # POSIX only: the shop runs on Linux and macOS
from typing import Final

WANTED: Final = 65_536
"""For the process. The usual 1,024 would stop it at some eighty shoppers."""

SET_ASIDE: Final = 448
"""For what has a bound elsewhere: the 128 sessions that Streamlit keeps for two minutes after their page has gone, of
which each holds 3 (measured with 1.67), and 64 for storage, files and the process itself."""

PER_PAGE: Final = 5
"""An open page takes 4, three of them for the event loop of its session's thread; the tenth of all places that is kept
in reserve takes the rest."""

PER_CONNECTION: Final = 2
"""The connection and the file that it is sent."""

MOST_PAGES: Final = 2_000
"""Each takes 160 KiB, which makes 320 MiB. So many shoppers, a click each in 15 seconds, keep a processor core busy."""

MOST_CONNECTIONS: Final = 1_024
"""That the server waits for at a time."""


def available() -> int:
    """Return how many descriptors this process can have: as many as wanted, or as the hard limit allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)


def raise_limit() -> None:
    """Raise this process's limit to what it can have; a higher one stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, available()), hard))


def pages_that_fit(descriptors: int, at_most: int = 0) -> int:
    """Return how many pages may be open: two thirds of the descriptors are for them.

    Args:
        descriptors: of the process.
        at_most: what the operator has set; 0 for the default.
    """
    return max(1, min(at_most or MOST_PAGES, _free(descriptors) * 2 // 3 // PER_PAGE))


def connections_that_fit(descriptors: int) -> int:
    """Return how many connections the server may wait for at a time: a third of the descriptors is for them."""
    return max(1, min(MOST_CONNECTIONS, _free(descriptors) // 3 // PER_CONNECTION))


def _free(descriptors: int) -> int:
    return max(0, descriptors - SET_ASIDE)
