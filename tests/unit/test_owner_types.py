"""The record types there are by default, and those of the settings."""

import pytest

from domain.attachments import Operation, OwnerRegistry
from domain.errors import Malformed
from domain.notes import OWNER_OF
from entrypoints.configuration import WrongSettings
from entrypoints.owner_types import owner_registry
from entrypoints.settings import OwnerTypeRules


@pytest.fixture
def registry() -> OwnerRegistry:
    return owner_registry({})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lab-results", "lab-result"),
        ("insurances", "insurance"),
        ("visits", "visit"),
        ("procedures", "procedure"),
        ("encounter", "visit"),
        ("visit", "visit"),
    ],
)
def test_path_words_of_older_clients_mean_the_same_type(registry: OwnerRegistry, written: str, meant: str) -> None:
    assert registry.get(written).name == meant


@pytest.mark.parametrize(
    ("name", "megabytes", "files", "category"),
    [
        ("lab-result", 10, 10, "result"),
        ("insurance", 5, 5, "eob"),
        ("visit", 15, 8, "test_order"),
        ("procedure", 20, 12, "billing"),
    ],
)
def test_the_four_old_types_keep_their_limits(
    registry: OwnerRegistry, name: str, megabytes: int, files: int, category: str
) -> None:
    owner_type = registry.get(name)
    assert (owner_type.max_bytes, owner_type.max_files) == (megabytes * 2**20, files)
    assert category in owner_type.categories


def test_only_procedures_take_dicom_and_only_results_take_tables(registry: OwnerRegistry) -> None:
    assert [owner_type.name for owner_type in registry if "dcm" in owner_type.accepted] == ["procedure"]
    assert [owner_type.name for owner_type in registry if "xlsx" in owner_type.accepted] == ["lab-result"]


def test_insurance_papers_have_no_preview(registry: OwnerRegistry) -> None:
    without = [owner_type.name for owner_type in registry if Operation.PREVIEW not in owner_type.operations]
    assert without == ["insurance"]


def test_everything_a_note_can_be_written_on_is_registered(registry: OwnerRegistry) -> None:
    assert {registry.get(name).name for name in OWNER_OF.values()} == set(OWNER_OF.values())


def test_every_type_is_labelled_in_both_languages(registry: OwnerRegistry) -> None:
    assert all({"es", "en"} <= owner_type.labels.keys() for owner_type in registry)


def test_a_new_type_is_a_few_lines_of_settings() -> None:
    rules = OwnerTypeRules(label={"es": "Pedido", "en": "Order"}, accepted=("pdf",), max_files=2, aliases=("orders",))
    order = owner_registry({"xray_order": rules}).get("orders")
    assert (order.name, order.label("es"), order.accepted, order.max_files) == ("xray_order", "Pedido", ("pdf",), 2)
    assert order.operations == frozenset(Operation)


def test_settings_change_what_they_name_and_leave_the_rest() -> None:
    visit = owner_registry({"visit": OwnerTypeRules(max_files=20, label="Consulta")}).get("encounter")
    assert (visit.max_files, visit.max_bytes) == (20, 15 * 2**20)
    assert visit.label("es") == "Visita"
    assert visit.label("en") == "Consulta"


@pytest.mark.parametrize(
    ("name", "rules", "said"),
    [
        ("order", OwnerTypeRules(accepted=("exe",)), r"owner_types\.order\.accepted: 'exe' is not accepted"),
        ("order", OwnerTypeRules(aliases=("visits",)), r"owner_types\.order: the name 'visits' already means visit"),
        ("order", OwnerTypeRules(aliases=("Or/der",)), r"owner_types\.order: 'Or/der' must be"),
        (
            "visit",
            OwnerTypeRules(default_category="song"),
            r"owner_types\.visit\.default_category: must be one of summary",
        ),
    ],
)
def test_rules_that_cannot_work_stop_the_start(name: str, rules: OwnerTypeRules, said: str) -> None:
    with pytest.raises(WrongSettings, match=said):
        owner_registry({name: rules})


def test_an_unknown_type_is_refused_with_those_there_are(registry: OwnerRegistry) -> None:
    with pytest.raises(Malformed, match="owner_type must be one of allergy, appointment"):
        registry.get("spaceship")


HTTP, SQL = {"resolver": "http", "url": "https://host.example/owners"}, {"resolver": "sql", "table": "visits"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"resolver": "http"}, "owner_types.visit.url: must be an https:// URL"),
        (HTTP | {"url": "sqlite:///host.db"}, "owner_types.visit.url: must be an https:// URL"),
        (SQL, "owner_types.visit.url: must be the URL of the host's database"),
        (SQL | {"url": "https://host.example"}, "owner_types.visit.url: must be the URL of the host's database"),
        (SQL | {"url": "sqlite:///host.db"}, "owner_types.visit.columns: one of columns.clinic and clinic"),
        ({"resolver": "sql", "url": "sqlite:///host.db", "clinic": "c"}, "owner_types.visit.table: must be set"),
    ],
)
def test_a_resolver_that_lacks_something_says_what(given: dict[str, str], told: str) -> None:
    with pytest.raises(WrongSettings, match=told):
        owner_registry({"visit": OwnerTypeRules(**given)})  # type: ignore[arg-type]


def test_each_type_of_a_host_has_a_resolver_of_its_own() -> None:
    rules = {name: OwnerTypeRules(resolver="http", url=f"https://host.example/{name}") for name in ("visit", "plan")}
    registry = owner_registry(rules)
    assert (registry.get("visit").resolver, registry.get("plan").resolver) == ("http:visit", "http:plan")
    assert registry.get("treatment").resolver == "local"
