"""Run by Alembic for each upgrade, with what the upgrade was given: a connection, a version table.

The upgrade begins and ends the transaction.
"""

from alembic import context

context.configure(**context.config.attributes)
context.run_migrations()
