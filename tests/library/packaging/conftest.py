"""The wheel, built once, and Chromium."""

from pathlib import Path

import pytest

from testbed.fixtures import chromium, launch_options, playwright
from testbed.wheel import build_wheel

__all__ = ["chromium", "launch_options", "playwright", "wheel"]


@pytest.fixture(scope="package")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))
