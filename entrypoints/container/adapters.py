"""Which adapter stands behind each port; here what is made of several of them."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from dependency_injector.providers import Callable as Call
from dependency_injector.providers import Dict, Provider, Selector, Singleton

from adapters.jobs.in_process import InProcessJobs
from adapters.jobs.opening import open_shared_jobs
from adapters.sql.host_owners import host_owners
from adapters.sql.schema_check import SchemaFits
from adapters.system import RoomOnDisk
from application.owners import FindOwner
from application.ports.jobs import Jobs
from application.ports.owners import OwnerResolver
from application.ports.tracing import Tracing
from application.relay import EventsKeepUp
from entrypoints.container.database import Rows
from entrypoints.container.opening import Opened, by_database, told
from entrypoints.owner_resolvers import owner_resolvers

ports = Rows

Check: TypeAlias = Callable[[], Awaitable[None]]


def _owners_by_http(opened: Opened, tracing: Tracing) -> Callable[..., OwnerResolver]:
    def open_owners(*args: Any, **options: Any) -> OwnerResolver:
        from adapters.owners.http import HttpOwners  # noqa: PLC0415 - an HTTP client takes long to load

        owners = opened.keep(HttpOwners, *args, carried=tracing.carried, **options)
        return tracing.port(OwnerResolver, owners)

    return open_owners


class Adapters(Rows):
    own_jobs: Provider[Jobs] = Singleton(InProcessJobs)
    jobs: Provider[Jobs] = Selector(
        ports.settings.provided.jobs.engine,
        inprocess=own_jobs,
        procrastinate=Singleton(told("jobs.engine", open_shared_jobs), ports.settings.provided.database_url),
    )
    needed: Provider[Mapping[str, Check]] = by_database(
        ports._kind,
        Dict(storage=ports.blobs.provided.check, scanner=ports._needed_scanner.provided.check),
        Dict(
            database=ports._database.provided.check,
            storage=ports.blobs.provided.check,
            scanner=ports._needed_scanner.provided.check,
        ),
    )
    """Each raises `Unavailable`, with a reason for operators, while what the service needs is away."""
    _events_keep_up = Singleton(EventsKeepUp, outbox=ports.outbox, clock=ports.clock)
    watched: Provider[Mapping[str, Check]] = by_database(
        ports._kind,
        Dict(events=_events_keep_up.provided.check),
        Dict(
            schema=Singleton(SchemaFits, ports._database).provided.check,
            disk=Singleton(
                RoomOnDisk, ports.settings.provided.folder, ports.settings.provided.storage_url
            ).provided.check,
            events=_events_keep_up.provided.check,
        ),
    )
    """Each raises `Unavailable` while something should be looked after that keeps nobody from working yet."""
    _resolvers = Singleton(
        owner_resolvers,
        ports._local_owners,
        ports.settings.provided.owner_types,
        ports._plugins,
        by_http=Call(_owners_by_http, ports.resources, ports.tracing),
        by_sql=Call(partial, ports._keep, host_owners),
    )
    find_owner = Singleton(FindOwner, registry=ports.registry, resolvers=_resolvers)
