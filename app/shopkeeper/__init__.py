"""The shopkeeper's commands for orders and stock: `python -m app orders` and `python -m app stock` (docs/orders.md)."""
