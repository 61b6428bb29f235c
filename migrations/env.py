"""How alembic reaches the database: over the connection it was given, or the URL that the settings name.

From the command line: `alembic -x url=sqlite:///clinic.db upgrade head`; without `-x`, CLINIC_MEDIA_DATABASE__URL.
"""

import os

from alembic import context
from sqlalchemy import Connection

import adapters.sql.import_tables
import adapters.sql.logs
import adapters.sql.upload_tables  # noqa: F401 - each adds its tables to the metadata
from adapters.sql.schema import connected
from adapters.sql.tables import metadata


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, transactional_ddl=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    named = context.get_x_argument(as_dictionary=True).get("url")
    connected(named or os.environ["CLINIC_MEDIA_DATABASE__URL"], migrate)
