"""How the tables came to be, as Alembic wants it."""
