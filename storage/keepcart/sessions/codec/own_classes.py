"""The classes of an app that stored values may name: those in the app's own modules, found again by name.

Nothing else is looked up by what is stored, and a module outside the app's folder is never imported for it, but for
the packages that the folder is a part of.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Final

_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})


class NotOwn(ValueError):
    """A class is none that a stored value may name. The message says why."""


class OwnClasses:
    """Names classes, and finds them by their name."""

    def __init__(self, folder: Path) -> None:
        """Take the app's folder. What is installed below it, such as in a virtual environment, is not the app's own."""
        self._folder = folder.resolve()

    def name_of(self, kind: type) -> str:
        """Return the name of a class, such as `shop.cart:Line`.

        Raises:
            NotOwn: it could not be found again by its name.
        """
        module = sys.modules.get(kind.__module__)
        if kind.__module__ == "__main__":
            raise NotOwn(f"{kind.__qualname__} is defined in the script itself, so every run makes another class of it")
        if module is None or not self._has(module):
            raise NotOwn(f"{kind.__module__}.{kind.__qualname__} is not one of the app's own classes")
        if not isinstance(_below(module, kind.__qualname__), type):
            raise NotOwn(f"{kind.__module__}.{kind.__qualname__} is not found by its name")
        return f"{kind.__module__}:{kind.__qualname__}"

    def named(self, name: str) -> type:
        """Return the class of a name.

        Raises:
            NotOwn: there is none.
        """
        module_name, _, qualified = name.partition(":")
        try:
            found = _below(self._module(module_name), qualified)
        except NotOwn:
            raise
        except Exception as problem:
            raise NotOwn(f"{module_name}: {problem}") from problem
        if not isinstance(found, type):
            raise NotOwn(f"there is no class {name}")
        return found

    def _module(self, name: str) -> ModuleType:
        module = sys.modules.get(name)
        if module is None:
            if not self._finds(name):
                raise NotOwn(f"{name} is not one of the app's own modules")
            if str(self._folder) not in sys.path:
                sys.path.insert(0, str(self._folder))  # Streamlit does so too, for each run
            module = importlib.import_module(name)
        if not self._has(module):
            raise NotOwn(f"{name} is not one of the app's own modules")
        return module

    def _finds(self, name: str) -> bool:
        """Tell whether a module is in one of the app's own files; nothing is imported for it.

        The app's folder may itself be a part of a package.
        """
        parts = name.split(".")
        places: Sequence[str] | None = [str(self._folder), *sys.path]
        origin = None
        for end in range(1, len(parts) + 1):
            spec = None if places is None else PathFinder.find_spec(".".join(parts[:end]), places)
            if spec is None:
                return False
            origin, places = spec.origin, spec.submodule_search_locations
        return origin is not None and self._is_own(Path(origin))

    def _has(self, module: ModuleType) -> bool:
        file = getattr(module, "__file__", None)
        return module.__name__ != "__main__" and file is not None and self._is_own(Path(file))

    def _is_own(self, place: Path) -> bool:
        place = place.resolve()
        if not place.is_relative_to(self._folder):
            return False
        return _INSTALLED.isdisjoint(place.relative_to(self._folder).parts)


def _below(module: ModuleType, qualified: str) -> object:
    found: object = module
    for part in qualified.split("."):
        found = getattr(found, part, None)  # `<locals>` is no attribute of anything
    return found
