"""Alembic's entry: runs the revisions on the connection that `upgrade` hands over, in one transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="sightline")
with context.begin_transaction():
    context.run_migrations()
