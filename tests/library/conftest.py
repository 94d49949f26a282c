"""What tests of documents and visits stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepcart.backends import open_storage
from testbed.switchable import Switchable


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Switchable]:
    """Give an empty storage that the test can take away."""
    opened = open_storage(f"sqlite:///{tmp_path / 'test.db'}")
    yield Switchable(opened)
    opened.close()
