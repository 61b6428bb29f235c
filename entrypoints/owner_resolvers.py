"""Who is asked whose a record is: our own directory, the host over HTTP or in its tables, an installed package."""

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import entry_points
from typing import Protocol

from application.ports.owners import OwnerResolver
from domain.attachments import LOCAL, OwnerType
from entrypoints.configuration import WrongSettings
from entrypoints.settings import OwnerTypeRules

GROUP = "clinic_media.owner_types"
"""Entry points of installed packages; each is called without arguments and returns an `OwnerPlugin`."""

Make = Callable[..., OwnerResolver]


class OwnerPlugin(OwnerResolver, Protocol):
    """Record types that a package brings along, and whose such records are."""

    types: Iterable[OwnerType]


def installed_plugins() -> Mapping[str, OwnerPlugin]:
    """By the names of their entry points."""
    return {found.name: found.load()() for found in entry_points(group=GROUP)}


def owner_resolvers(
    local: OwnerResolver,
    rules: Mapping[str, OwnerTypeRules],
    plugins: Mapping[str, OwnerPlugin],
    *,
    by_http: Make,
    by_sql: Make,
) -> Mapping[str, OwnerResolver]:
    """By the word in `OwnerType.resolver`. Raises `WrongSettings`."""
    resolvers: dict[str, OwnerResolver] = {LOCAL: local, **plugins}
    for name, given in rules.items():
        if given.resolver == "http":
            options = {"seconds": given.timeout_seconds, "kept": given.cache_seconds}
            resolvers[resolver_of(name, given)] = by_http(given.url, given.secret, **options)
        elif given.resolver == "sql":
            resolvers[resolver_of(name, given)] = _by_table(name, given, by_sql)
    return resolvers


def resolver_of(name: str, given: OwnerTypeRules) -> str:
    return LOCAL if given.resolver == LOCAL else f"{given.resolver}:{name}"


def _by_table(name: str, given: OwnerTypeRules, by_sql: Make) -> OwnerResolver:
    try:
        return by_sql(given.url, table=given.table, only_clinic=given.clinic, **given.columns)
    except (ValueError, ImportError) as error:
        raise WrongSettings(f"owner_types.{name}.url: {error}") from error
