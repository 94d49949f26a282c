"""What tests and benchmarks stand on: real servers, bad networks, browsers, shoppers and pages without a browser."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
"""The repository."""
