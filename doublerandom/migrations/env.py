"""Alembic's environment: runs on the connection that `migrations.upgrade` hands over."""

from alembic import context

from doublerandom.migrations import made_by_models
from doublerandom.models import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    include_name=made_by_models,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
