"""The rooms of the house and who may enter which: design rules that would otherwise be only a paragraph."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from testbed import ROOT

MAY_IMPORT = {
    "app.domain": {"app.domain", "keepcart.documents"},
    "app.settings": {"app.domain"},
    "app.logs": set(),
    "app.terminal": set(),
    "app.catalogue": {"app.catalogue", "app.domain", "app.settings", "app.terminal"},
    "app.orders": {"app.orders", "app.domain"},
    "app.mail": {"app.mail", "app.orders", "app.domain", "app.settings"},
    "app.shopkeeper": {
        "app.shopkeeper",
        "app.mail",
        "app.orders",
        "app.catalogue",
        "app.domain",
        "app.settings",
        "app.terminal",
    },
    "app.keeper": {
        "app.keeper",
        "app.orders",
        "app.catalogue",
        "app.domain",
        "app.settings",
        "app.logs",
        "app.terminal",
        "app.views",
        "app.web",
        "keepcart",
    },
    "app.shopper": {"app.shopper", "app.orders", "app.domain", "keepcart"},
    "app.views": {"app.views", "app.shopper", "app.domain", "keepcart"},
    "app.web": {"app.web", "keepcart"},
    "app.process": {"app.settings", "app.catalogue", "app.domain", "app.mail", "app.orders", "app.shopper", "keepcart"},
    "app.main": {"app", "keepcart"},
    "app.store": {"app", "keepcart"},
    "app.serve": {"app.logs", "app.web"},
    "app.static_command": {"app.web", "app.terminal"},
    "app.check": {
        "app.mail",
        "app.orders",
        "app.process",
        "app.settings",
        "app.catalogue",
        "app.main",
        "app.terminal",
        "app.web",
        "keepcart",
    },
    "app.__main__": {
        "app.check",
        "app.catalogue",
        "app.keeper",
        "app.serve",
        "app.shopkeeper",
        "app.static_command",
        "app.terminal",
        "keepcart",
    },
    "keepcart": {"keepcart.documents", "keepcart.middleware", "keepcart.sessions", "keepcart.visits"},
    "keepcart.backends": {"keepcart.backends"},
    "keepcart.documents": {"keepcart.documents", "keepcart.backends"},
    "keepcart.middleware": {"keepcart.middleware"},
    "keepcart.sessions": {"keepcart.sessions", "keepcart.documents", "keepcart.middleware", "keepcart.visits"},
    "keepcart.visits": {"keepcart.visits", "keepcart.documents", "keepcart.middleware", "keepcart.backends"},
}
"""docs/architecture.md shows the same as a table."""

FACES = {
    "keepcart",
    "keepcart.backends",
    "keepcart.documents",
    "keepcart.middleware",
    "keepcart.sessions",
    "keepcart.visits",
}
"""The packages of the library that others may import from; what stands in their `__all__` is public."""

ONLY_IN = {
    "redis": {
        "keepcart.backends.redis_inspection",
        "keepcart.backends.redis_storage",
        "keepcart.backends.redis_errors",
        "keepcart.backends.redis_script",
        "keepcart.backends.redis_server",
        "keepcart.backends.redis_client",
        "keepcart.backends.redis_cluster",
        "keepcart.backends.redis_sentinel",
    },
    "sqlite3": {"keepcart.backends.sqlite_storage", "keepcart.backends.sqlite_file"},
    "streamlit_cookies_controller": {"keepcart.visits.recognise"},
}
COMPOSERS = {"app.main", "app.store"}
ROOMS_WITHOUT_STREAMLIT = ("app.domain", "keepcart.backends", "keepcart.documents")
TOP_FOLDERS = ("app", "bench", "keepcart", "testbed", "tests")


def modules(package: str) -> Iterator[tuple[str, Path]]:
    base = ROOT / "storage" if package == "keepcart" else ROOT
    for path in sorted((base / package).rglob("*.py")):
        yield ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__"), path


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


MODULES = {name: path for package in ("app", "keepcart") for name, path in modules(package)}


@pytest.mark.parametrize("module", [name for name in MODULES if name != "app"])
def test_a_module_imports_only_from_the_rooms_it_may_enter(module: str) -> None:
    room = max((room for room in MAY_IMPORT if is_within(module, room)), key=len)
    for imported in imports(MODULES[module]):
        if imported.split(".")[0] in TOP_FOLDERS:
            assert any(is_within(imported, allowed) for allowed in MAY_IMPORT[room]), f"{module} imports {imported}"


@pytest.mark.parametrize("module", [name for name in MODULES if is_within(name, "app")])
def test_the_shop_uses_the_library_by_its_faces(module: str) -> None:
    for imported in imports(MODULES[module]):
        package, _, name = imported.rpartition(".")
        if is_within(imported, "keepcart"):
            assert package in FACES, f"{module} imports {imported}"
            assert name in importlib.import_module(package).__all__, f"{module} imports {imported}"


@pytest.mark.parametrize("face", sorted(FACES))
def test_everything_that_a_face_names_is_there(face: str) -> None:
    package = importlib.import_module(face)
    for name in package.__all__:
        assert getattr(package, name) is not None


@pytest.mark.parametrize("module", [name for name in MODULES if is_within(name, "app.domain")])
def test_the_domain_is_pure(module: str) -> None:
    impure = {"os", "io", "time", "pathlib", "random", "secrets", "socket", "threading", "logging", "sqlalchemy"}
    names = {node.attr for node in ast.walk(ast.parse(MODULES[module].read_text())) if isinstance(node, ast.Attribute)}
    assert not names & {"now", "today", "utcnow"}, f"{module} looks at the clock"
    for imported in imports(MODULES[module]):
        top = imported.split(".")[0]
        assert top not in impure | {"streamlit", "redis", "starlette"}, f"{module} imports {imported}"


@pytest.mark.parametrize("room", ROOMS_WITHOUT_STREAMLIT)
def test_a_process_that_has_imported_the_whole_room_has_not_imported_streamlit(room: str) -> None:
    inside = [name for name in MODULES if is_within(name, room)]
    code = f"import sys, {', '.join(inside)}\nprint(sorted({{'streamlit', 'starlette'}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("library", "homes"), ONLY_IN.items())
def test_a_library_with_a_home_is_imported_nowhere_else(library: str, homes: set[str]) -> None:
    users = {name for name, path in MODULES.items() if any(is_within(found, library) for found in imports(path))}
    assert users
    assert users <= homes


def test_what_composes_is_imported_by_nobody() -> None:
    for name, path in MODULES.items():
        for imported in imports(path) if name != "app.check" else ():  # looks at what the server would be
            assert not any(is_within(imported, composer) for composer in COMPOSERS), f"{name} imports {imported}"


def test_no_top_folder_imports_one_that_imports_it() -> None:
    arrows = {
        folder: {
            imported.split(".")[0]
            for _, path in modules(folder)
            for imported in imports(path)
            if imported.split(".")[0] in TOP_FOLDERS
        }
        - {folder}
        for folder in TOP_FOLDERS
    }
    assert list(TopologicalSorter(arrows).static_order())[-2:] in (["bench", "tests"], ["tests", "bench"])
    assert arrows["keepcart"] == set()
    assert arrows["app"] == arrows["testbed"] == {"keepcart"}


def test_tests_of_the_library_know_nothing_of_the_shop() -> None:
    for path in (ROOT / "tests" / "library").rglob("*.py"):
        for imported in imports(path):
            assert not is_within(imported, "app"), f"{path.name} imports {imported}"
