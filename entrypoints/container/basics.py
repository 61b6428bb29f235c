"""What all else is made with: settings, clock, ids, traces, words."""

from dependency_injector import containers
from dependency_injector.providers import Dependency, Provider, Singleton

from adapters.system import SystemClock, Uuid7
from adapters.tallies.opening import open_tally
from adapters.tracing.opening import open_tracing
from application.ports.tallies import Tally
from application.ports.tracing import Tracing
from domain.attachments import OwnerRegistry
from domain.errors import Malformed
from domain.media import Taxonomy
from entrypoints.configuration import WrongSettings
from entrypoints.container.opening import Opened, told
from entrypoints.owner_resolvers import installed_plugins
from entrypoints.owner_types import owner_registry
from entrypoints.settings import Settings


def _taxonomy(settings: Settings) -> Taxonomy:
    try:
        return Taxonomy().with_subtypes(settings.taxonomy)
    except Malformed as error:
        raise WrongSettings(f"taxonomy: {error.detail}") from error


class Basics(containers.DeclarativeContainer):
    settings: Provider[Settings] = Dependency(instance_of=Settings)
    resources: Provider[Opened] = Singleton(Opened)
    _keep = resources.provided.keep
    _kind = settings.provided.database_kind
    clock = Singleton(SystemClock)
    new_id = Singleton(Uuid7)
    tracing: Provider[Tracing] = Singleton(
        _keep.call(
            told("tracing.enabled", open_tracing),
            settings.provided.tracing.enabled,
            settings.provided.tracing.endpoint,
        )
    )
    _traced = tracing.provided.port
    tally: Provider[Tally] = Singleton(_keep.call(told("limits.url", open_tally), settings.provided.limits.url))
    taxonomy: Provider[Taxonomy] = Singleton(_taxonomy, settings)
    _plugins = Singleton(installed_plugins)
    registry: Provider[OwnerRegistry] = Singleton(owner_registry, settings.provided.owner_types, _plugins)
