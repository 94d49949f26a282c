"""What the shop is made of that others make: its packages and images, and what is known of them. Run by make."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
