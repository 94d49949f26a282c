"""The steps by which the orders' tables came to be what they are; Alembic runs `env.py`."""
