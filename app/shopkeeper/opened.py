"""The orders' database, opened for a command; and what goes wrong with it, in one line."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Final

from app.orders.database import Database
from app.orders.errors import NotAllowed, OrdersAway
from app.settings import Settings, SettingsError, load
from app.terminal import fail

Act = Callable[[argparse.Namespace, Settings, Database], None]
"""What a command does with its arguments."""

REFUSED: Final = 1
"""The exit status where there is no such order, or it does not allow what was asked for."""

UNUSABLE: Final = 2
"""The exit status where the command, the settings or the database cannot be used."""

INTERRUPTED: Final = 130
"""The exit status after Control-C, as shells have it."""

_QUIET: Final = logging.NullHandler()
"""What the database would log is said by the command."""


class Unusable(Exception):
    """A command cannot be carried out as it was given. The message is one line that says why."""


def carry_out(act: Act, chosen: argparse.Namespace) -> int:
    """Carry out a command on the orders' database; return the exit status. What goes wrong is one line."""
    logging.getLogger("app.orders").addHandler(_QUIET)
    try:
        _carry_out(act, chosen)
    except NotAllowed as problem:
        fail(str(problem))
        return REFUSED
    except (Unusable, SettingsError) as problem:
        fail(str(problem))
    except OrdersAway as problem:
        fail(in_words(problem))
    except OSError as problem:
        _give_up_output(problem)
    except KeyboardInterrupt:
        return INTERRUPTED
    else:
        return 0
    return UNUSABLE


def in_words(problem: OrdersAway) -> str:
    """Return what is wrong with the database, with what its driver says: `… does not answer: unable to open …`."""
    cause = getattr(problem.__cause__, "orig", None) or problem.__cause__
    lines = str(cause or "").strip().splitlines()
    return f"{problem}: {lines[0]}" if lines else str(problem)


def _give_up_output(problem: OSError) -> None:
    """Write nothing more, also at the end of the process. Nobody is told where the reader has gone, as `head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(problem, BrokenPipeError):
        fail(f"the output cannot be written: {problem.strerror}")


def _carry_out(act: Act, chosen: argparse.Namespace) -> None:
    settings = load()
    if not settings.orders.enabled:
        raise Unusable("this shop takes no orders: the setting orders.enabled is false")
    try:
        database = Database(settings.orders.url, settings.folder)
    except ValueError as problem:
        raise Unusable(f"orders.url: {problem}") from None
    with closing(database):
        act(chosen, settings, database)
    sys.stdout.flush()
