"""The operator's check: whether this deployment keeps its promises."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator

from app.process import Process, StartError, open_configured_storage, this_process
from storage.inspection import Finding, inspect

SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"  # noqa: S105 - its name
SECRET_LENGTH = 32
KEEP_SECONDS = 60
PER_PAGE = 4
"""Descriptors that an open page takes."""

ENOUGH_DESCRIPTORS = 4_096


def check() -> list[Finding]:
    """Look at everything that an operator can get wrong; where the store cannot start, at nothing else."""
    try:
        process = this_process()
        storage = open_configured_storage(process.settings, keep_seconds=KEEP_SECONDS)
    except StartError as problem:
        return [Finding("start", "failure", str(problem), "the store cannot start; the rest was not looked at")]
    try:
        kept = inspect(storage)
    finally:
        storage.close()
    return [*_files(process), *kept, _cookie_secret(), _streamlit_options(), _descriptors()]


def _files(process: Process) -> Iterator[Finding]:
    settings, products = process.settings, process.catalogue.current.catalogue.products
    yield Finding("settings", "ok", f"relative to {settings.folder}")
    if products:
        yield Finding("catalogue", "ok", f"{len(products)} products, every picture is there")
    else:
        yield Finding("catalogue", "warning", "no products", f"add rows to {settings.catalogue_file}")


def _cookie_secret() -> Finding:
    secret, advice = os.environ.get(SECRET, ""), f"set {SECRET} to one random string for all replicas"
    if not secret:
        found = "not set: every process makes its own, so pages that reach another replica are refused or start anew"
        return Finding("cookie secret", "warning", found, advice)
    if len(secret) < SECRET_LENGTH:
        return Finding("cookie secret", "warning", f"{len(secret)} characters: it could be guessed", advice)
    return Finding("cookie secret", "ok", "set")


def _streamlit_options() -> Finding:
    # Making the app is what lets Streamlit find its options as the server does.
    from app.main import options_without_effect  # noqa: PLC0415

    wrong = options_without_effect()
    if wrong:
        found = ", ".join(f"{option} is {value!r}" for option, value in wrong.items())
        return Finding("streamlit options", "warning", found, "see that nothing overrides app/.streamlit/config.toml")
    return Finding("streamlit options", "ok", "in effect")


def _descriptors() -> Finding:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return Finding("descriptors", "ok", "no limit")
    found = f"at most {hard:,}, for some {hard // PER_PAGE:,} open pages"
    if hard < ENOUGH_DESCRIPTORS:
        return Finding("descriptors", "warning", found, "raise the hard limit (ulimit -Hn)")
    return Finding("descriptors", "ok", found)
