"""What an operator sees when the store cannot start: what to mend, no traceback, and an exit status."""

import os
import subprocess
import sys

import pytest

from testbed import ROOT


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Start the store as the README says; it must end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("KEEPCART_CART__MAX_QUANTTY", "5", "KEEPCART_CART__MAX_QUANTTY: there is no such setting"),
        ("KEEPCART_STORAGE__KEEP_DAYS", "0", "KEEPCART_STORAGE__KEEP_DAYS: storage.keep_days: must be int >= 1"),
        ("KEEPCART_CONFIG", "/nowhere.toml", "/nowhere.toml: no such file"),
        ("KEEPCART_STORAGE__URL", "mysql://x", "storage.url: unknown storage scheme 'mysql'; known are"),
        (
            "KEEPCART_STORAGE__URL",
            "redis://:hunter2@host:99999/0",
            "storage.url: redis://host:99999/0: the host is no name, the port is not a number from 1 to 65535",
        ),
        ("KEEPCART_STORAGE__URL", "sqlite:////dev/null/k.db", "storage.url: storage at sqlite:////dev/null/k.db"),
        ("KEEPCART_CATALOGUE__FILE", "config.toml", "config.toml, row 1, sku: this column is missing"),
        ("KEEPCART_CATALOGUE__PICTURES", "docs", "products.csv, row 2, picture: 'laptop.svg' is not in"),
    ],
)
def test_a_start_that_cannot_be_says_what_to_mend(variable: str, value: str, said: str) -> None:
    ended = start(**{variable: value})
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stderr
    assert ended.stderr.startswith("keepcart: ")
