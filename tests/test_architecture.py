"""The rooms of the house and who may enter which: design rules that would otherwise be only a paragraph."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT = {
    "app.domain": {"app.domain", "visit.document"},
    "app.settings": {"app.domain"},
    "app.logs": set(),
    "app.csv_file": set(),
    "app.catalogue_file": {"app.csv_file", "app.domain"},
    "app.catalogue_import": {"app.csv_file", "app.catalogue_file", "app.domain"},
    "app.catalogue_commands": {
        "app.csv_file",
        "app.catalogue_file",
        "app.catalogue_import",
        "app.domain",
        "app.settings",
    },
    "app.shopper": {"app.shopper", "app.domain", "visit"},
    "app.views": {"app.views", "app.shopper", "app.domain", "app.settings", "visit"},
    "app.web": {"app.web", "app.settings", "visit.cookie", "storage"},
    "app.process": {"app.settings", "app.catalogue_file", "app.domain", "app.shopper", "visit", "storage"},
    "storage": {"storage"},
    "visit": {"visit", "storage"},
    "app.main": {"app", "visit", "storage"},
    "app.store": {"app", "visit", "storage"},
    "app.check": {"app.process", "app.settings", "app.catalogue_file", "app.main", "storage"},
    "app.__main__": {"app.check", "app.catalogue_commands", "storage"},
}
ONLY_IN = {
    "redis": {
        "storage.redis_inspection",
        "storage.redis_storage",
        "storage.redis_client",
        "storage.redis_cluster",
        "storage.redis_sentinel",
    },
    "sqlite3": {"storage.sqlite_storage", "storage.sqlite_file"},
    "streamlit_cookies_controller": {"visit.visitor"},
}
COMPOSERS = {"app.main", "app.store"}


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("app", "storage", "visit"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


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


MODULES = dict(modules())


@pytest.mark.parametrize("module", [name for name in MODULES if name != "app"])
def test_a_module_imports_only_from_the_rooms_it_may_enter(module: str) -> None:
    if module == "app.web" or module.endswith(".parts") or module in ("app.views", "app.shopper", "app.domain"):
        assert not imports(MODULES[module])
        return
    room = max((room for room in MAY_IMPORT if is_within(module, room)), key=len)
    for imported in imports(MODULES[module]):
        if imported.split(".")[0] in ("app", "storage", "visit"):
            assert any(is_within(imported, allowed) for allowed in MAY_IMPORT[room]), f"{module} imports {imported}"


@pytest.mark.parametrize("module", [name for name in MODULES if is_within(name, "app.domain")])
def test_the_domain_is_pure(module: str) -> None:
    impure = {"os", "io", "time", "datetime", "pathlib", "random", "secrets", "socket", "threading", "logging"}
    for imported in imports(MODULES[module]):
        top = imported.split(".")[0]
        assert top not in impure | {"streamlit", "redis", "starlette"}, f"{module} imports {imported}"


@pytest.mark.parametrize(("library", "homes"), ONLY_IN.items())
def test_a_library_with_a_home_is_imported_nowhere_else(library: str, homes: set[str]) -> None:
    users = {name for name, path in MODULES.items() if any(is_within(found, library) for found in imports(path))}
    assert users
    assert users <= homes


def test_what_composes_is_imported_by_nobody() -> None:
    for name, path in MODULES.items():
        for imported in imports(path) if name != "app.check" else ():  # looks at what the server would be
            assert not any(is_within(imported, composer) for composer in COMPOSERS), f"{name} imports {imported}"
