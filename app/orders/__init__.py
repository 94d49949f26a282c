"""Orders in a database: SQLite embedded, PostgreSQL where there are several replicas (docs/orders.md)."""
