"""The source code of a running function, to be shown on a page."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache
from textwrap import dedent
from typing import Any


@cache
def body_of(function: Callable[..., Any]) -> str:
    """Return the definitions that a function uses, then its body without the docstring.

    The definitions are those of its module whose names are in capitals.
    """
    source = dedent(inspect.getsource(function))
    (tree,) = ast.parse(source).body
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - a class or a lambda has no body to show
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id.isupper()}
    above = (tree.body[0].end_lineno or 0) if ast.get_docstring(tree) else tree.body[0].lineno - 1
    body = dedent("\n".join(source.splitlines()[above:])).strip("\n")
    return "\n\n".join([*_definitions(inspect.getmodule(function), used), body])


def _definitions(module: object, names: set[str]) -> list[str]:
    source = inspect.getsource(module)  # type: ignore[arg-type]
    found = []
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id in names:
            found.append(ast.get_source_segment(source, node) or "")
    return found
