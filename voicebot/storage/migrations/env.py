"""Runs migrations on the connection that `voicebot.storage.migrate` hands over, inside its transaction."""

from alembic import context

from voicebot.storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
