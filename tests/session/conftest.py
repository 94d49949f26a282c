from collections.abc import Iterator
from pathlib import Path

import pytest
from switchable import Switchable

from storage import open_storage


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Switchable]:
    opened = open_storage(f"sqlite:///{tmp_path / 'test.db'}")
    yield Switchable(opened)
    opened.close()
