"""The record types that can have files: those there by default, and what the settings change or add."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from domain import filetypes
from domain.attachments import Operation, OwnerRegistry, OwnerType
from entrypoints.configuration import WrongSettings
from entrypoints.owner_resolvers import OwnerPlugin, resolver_of
from entrypoints.settings import OwnerTypeRules

_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_MB = 2**20
_PAPERS = ("pdf", "doc", "docx", "jpg", "jpeg", "png")
_RESULTS = (*_PAPERS, "tiff", "bmp", "gif", "txt", "csv", "xml", "json", "xls", "xlsx")
_STORED = frozenset(Operation) - {Operation.PREVIEW}


def _type(name: str, es: str, en: str, *aliases: str) -> OwnerType:
    return OwnerType(name=name, labels=MappingProxyType({"es": es, "en": en}), aliases=frozenset(aliases))


DEFAULT = (
    _type("patient", "Paciente", "Patient", "patients"),
    _type("treatment", "Tratamiento", "Treatment", "treatments"),
    _type("plan", "Plan de tratamiento", "Treatment plan", "plans"),
    _type("plan_item", "Elemento del plan", "Plan item", "plan-item", "plan-items"),
    _type("appointment", "Cita", "Appointment", "appointments"),
    _type(
        "appointment_treatment",
        "Tratamiento de la cita",
        "Treatment of an appointment",
        "appointment-treatment",
        "appointment-treatments",
    ),
    _type("clinical_note", "Nota clínica", "Clinical note", "clinical-note", "clinical-notes"),
    replace(
        _type("lab-result", "Resultado de laboratorio", "Lab result", "lab-results", "lab_result"),
        accepted=_RESULTS,
        max_bytes=10 * _MB,
        max_files=10,
        categories=("result", "report", "image", "document"),
    ),
    replace(
        _type("insurance", "Seguro", "Insurance", "insurances"),
        accepted=_PAPERS,
        max_bytes=5 * _MB,
        max_files=5,
        categories=("card", "policy", "claim", "eob", "correspondence"),
        operations=_STORED,
    ),
    replace(
        _type("visit", "Visita", "Visit", "visits", "encounter", "encounters"),
        accepted=(*_PAPERS, "txt"),
        max_bytes=15 * _MB,
        max_files=8,
        categories=("summary", "referral", "prescription", "test_order", "correspondence"),
    ),
    replace(
        _type("procedure", "Procedimiento", "Procedure", "procedures"),
        accepted=(*_PAPERS, "dcm"),
        max_bytes=20 * _MB,
        max_files=12,
        categories=("consent", "report", "image", "instructions", "billing"),
    ),
    _type("medication", "Medicación", "Medication", "medications"),
    _type("immunization", "Vacuna", "Immunization", "immunizations"),
    _type("allergy", "Alergia", "Allergy", "allergies"),
    _type("condition", "Afección", "Condition", "conditions"),
    _type("symptom", "Síntoma", "Symptom", "symptoms"),
    _type("injury", "Lesión", "Injury", "injuries"),
)


def owner_registry(
    rules: Mapping[str, OwnerTypeRules], plugins: Mapping[str, OwnerPlugin] = MappingProxyType({})
) -> OwnerRegistry:
    """The default types and those of installed packages, each changed by the rules of its name, and the new ones.

    Raises `WrongSettings`.
    """
    types = {owner_type.name: owner_type for owner_type in DEFAULT}
    for plugin, brought in plugins.items():
        types |= {owner_type.name: replace(owner_type, resolver=plugin) for owner_type in brought.types}
    for name, given in rules.items():
        types[name] = _ruled(types.get(name, OwnerType(name=name)), given)
    _check_names(types)
    return OwnerRegistry(types.values())


def _ruled(owner_type: OwnerType, given: OwnerTypeRules) -> OwnerType:
    changes = {key: value for key in _TAKEN_OVER if (value := getattr(given, key)) is not None}
    if given.label is not None:
        labels = given.label if isinstance(given.label, dict) else {"en": given.label}
        changes["labels"] = MappingProxyType({**owner_type.labels, **labels})
    if given.aliases is not None:
        changes["aliases"] = frozenset(given.aliases)
    if given.resolver is not None:
        _check_resolver(owner_type.name, given)
        changes["resolver"] = resolver_of(owner_type.name, given)
    if given.operations is not None:
        changes["operations"] = frozenset(map(Operation, given.operations))
    ruled = replace(owner_type, **changes)
    _check(ruled)
    return ruled


_TAKEN_OVER = ("accepted", "max_bytes", "max_files", "categories", "default_category")


def _check(owner_type: OwnerType) -> None:
    key = f"owner_types.{owner_type.name}"
    for name in (owner_type.name, *owner_type.aliases):
        if _NAME.fullmatch(name) is None:
            raise WrongSettings(f"{key}: {name!r} must be 1 to 64 characters of a-z 0-9 - _")
    unknown = [extension for extension in owner_type.accepted if extension not in filetypes.BY_EXTENSION]
    if unknown:
        known = " ".join(sorted(filetypes.BY_EXTENSION))
        raise WrongSettings(f"{key}.accepted: {unknown[0]!r} is not accepted by the service; known are {known}")
    default = owner_type.default_category
    if default is not None and owner_type.categories and default not in owner_type.categories:
        raise WrongSettings(f"{key}.default_category: must be one of {', '.join(owner_type.categories)}")


def _check_resolver(name: str, given: OwnerTypeRules) -> None:
    key, scheme = f"owner_types.{name}", given.url.partition(":")[0]
    if given.resolver == "http" and not scheme.startswith("http"):
        raise WrongSettings(f"{key}.url: must be an https:// URL with resolver http")
    if given.resolver == "sql":
        if not scheme.startswith(("sqlite", "postgresql")):
            raise WrongSettings(f"{key}.url: must be the URL of the host's database with resolver sql")
        if not given.table:
            raise WrongSettings(f"{key}.table: must be set with resolver sql")
        if bool(given.columns.get("clinic")) == bool(given.clinic):
            raise WrongSettings(f"{key}.columns: one of columns.clinic and clinic must say whose the rows are")


def _check_names(types: Mapping[str, OwnerType]) -> None:
    meanings: dict[str, str] = {}
    for name, owner_type in _spellings(types):
        if meanings.setdefault(name, owner_type) != owner_type:
            raise WrongSettings(f"owner_types.{owner_type}: the name {name!r} already means {meanings[name]}")


def _spellings(types: Mapping[str, OwnerType]) -> Iterator[tuple[str, str]]:
    for name, owner_type in types.items():
        yield name, name
        for alias in owner_type.aliases:
            yield alias, name
