"""The shopkeeper's app: orders to do, sales, stock, mail and the shop's state, in its own process (docs/keeper.md)."""
