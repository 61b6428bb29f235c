"""The composition root: every part can be made, whatever adapters the settings choose."""

import dataclasses
import importlib
import pkgutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec
import pytest
from dependency_injector.providers import BaseSingleton, Provider, Selector

import application
from domain.access import Principal, Role
from domain.errors import Unavailable
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.configuration import WrongSettings
from entrypoints.container import Container, opened
from entrypoints.settings import Database, Events, Jobs, Scanning, Settings, Storage

pytestmark = pytest.mark.anyio

DATABASES = {"sqlite": "", "memory": "memory://", "postgresql": "postgresql://media@127.0.0.1:1/media"}
STORAGES = {"files": "", "memory": "memory://"}
SHARED = {"FindOwner", "Intake", "Pack"}
"""What use cases are made of; not one by itself."""


def providers_of(container: Container) -> dict[str, Provider[Any]]:
    """All but those that belong to one adapter."""
    made = (BaseSingleton, Selector)
    return {
        name: provider
        for name, provider in container.providers.items()
        if isinstance(provider, made) and not name.startswith("_")
    }


def use_cases() -> set[type]:
    """Every class of the application layer that can be called with an actor or on its own."""
    modules = [
        importlib.import_module(f"application.{found.name}") for found in pkgutil.iter_modules(application.__path__)
    ]
    classes = {thing for module in modules for thing in vars(module).values() if dataclasses.is_dataclass(thing)}
    return {
        found
        for found in classes
        if isinstance(found, type) and found.__module__.startswith("application.") and "__call__" in vars(found)
    }


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("database", DATABASES)
async def test_every_part_is_made_for_every_choice_of_adapters(tmp_path: Path, database: str, storage: str) -> None:
    settings = Settings(
        data_dir=str(tmp_path), database=Database(url=DATABASES[database]), storage=Storage(url=STORAGES[storage])
    )
    async with opened(settings) as container:
        made = {name: provider() for name, provider in providers_of(container).items()}
    assert len(made) > 60
    for name, part in made.items():
        assert part is not None, name
        for field in dataclasses.fields(part) if dataclasses.is_dataclass(part) else ():
            assert not isinstance(getattr(part, field.name), Provider), f"{name}.{field.name} is a provider"


async def test_every_use_case_has_a_provider_of_its_name(tmp_path: Path) -> None:
    async with opened(Settings(data_dir=str(tmp_path), database=Database(url="memory://"))) as container:
        made = {type(provider()): name for name, provider in providers_of(container).items()}
    for use_case in use_cases():
        if use_case.__name__ not in SHARED:
            words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in use_case.__name__)
            assert made.get(use_case) == words.removeprefix("_")


async def test_the_choices_of_each_selector_are_those_of_the_settings() -> None:
    choices = {
        name: set(provider.providers)
        for name, provider in Container(settings=Settings()).providers.items()
        if isinstance(provider, Selector)
    }
    assert choices.pop("blobs") == set(STORAGES)
    assert choices.pop("bus") == set(Events.__annotations__["bus"].__args__[0].__args__)
    assert choices.pop("jobs") == set(Jobs.__annotations__["engine"].__args__[0].__args__)
    assert choices.pop("event_source") == {"none", "nats", "redis"}
    assert choices.pop("scanner") == set(Scanning.__annotations__["scanner"].__args__[0].__args__)
    assert choices.pop("_needed_scanner") == set(Scanning.__annotations__["on_failure"].__args__[0].__args__)
    assert choices
    assert all(known == set(DATABASES) for known in choices.values())


async def test_parts_are_shared_and_use_the_same_store(tmp_path: Path) -> None:
    admin = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))
    settings = Settings(data_dir=str(tmp_path), database=Database(url="memory://"), storage=Storage(url="memory://"))
    async with opened(settings) as container:
        await container.register_patient()(admin, PatientId("p"), display_name="Ana")
        patient = await container.get_patient()(admin, PatientId("p"))
        assert patient.display_name == "Ana"
        assert container.make_derivatives() is container.open_download().make_derivatives


async def test_checks_tell_a_database_that_is_away(tmp_path: Path) -> None:
    async with opened(Settings(data_dir=str(tmp_path / "nothing"))) as container:
        checks = container.needed()
        await checks["storage"]()
        await checks["scanner"]()
        with pytest.raises(Unavailable):
            await checks["database"]()


async def test_checks_tell_a_scanner_that_is_away_where_uploads_need_it(tmp_path: Path) -> None:
    needed = Scanning(scanner="clamd", url="tcp://127.0.0.1:1")
    for scanning, is_told in ((needed, True), (msgspec.structs.replace(needed, on_failure="accept_and_mark"), False)):
        async with opened(Settings(data_dir=str(tmp_path), scanning=scanning)) as container:
            with pytest.raises(Unavailable) if is_told else nullcontext():
                await container.needed()["scanner"]()


async def test_clamd_is_not_chosen_without_its_address() -> None:
    with pytest.raises(ValueError, match=r"scanning\.url"):
        Scanning(scanner="clamd")


async def test_a_storage_or_database_that_cannot_be_opened_is_named_by_its_key(tmp_path: Path) -> None:
    nameless = Settings(data_dir=str(tmp_path), database=Database(url="sqlite:///:memory:"))
    with pytest.raises(WrongSettings, match=r"^database\.url: "):
        Container(settings=nameless).unit_of_work()


async def test_a_subtype_of_a_category_that_is_not_there_is_named() -> None:
    container = Container(settings=Settings(taxonomy={"landscape": {"hill": {"es": "Colina"}}}))
    with pytest.raises(WrongSettings, match=r"^taxonomy: media_category must be one of intraoral"):
        container.taxonomy()


async def test_subtypes_of_the_settings_are_in_the_vocabulary() -> None:
    container = Container(settings=Settings(taxonomy={"intraoral": {"mirror": {"es": "Espejo"}}}))
    assert "mirror" in {term.key for term in container.taxonomy().category("intraoral").subtypes}
