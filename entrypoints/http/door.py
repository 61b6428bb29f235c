"""Who is let in without a token of their own: nobody, but in the demo, where one comes as any of its people."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from domain.access import Role
from domain.errors import NotFound
from entrypoints.settings import Settings
from entrypoints.signing import Bearer, signed_token

_LASTS = timedelta(hours=12)


class DemoPersonOut(msgspec.Struct):
    """Texts by language."""

    id: str
    name: str
    role: Role
    label: Mapping[str, str]
    description: Mapping[str, str]


class Door:
    """`issue` makes the token of one of the people, by id."""

    def __init__(self, people: Sequence[DemoPersonOut], issue: Callable[[str], str]) -> None:
        self.people = people
        self._issue = issue

    def token(self, person: str) -> str:
        """Raises `NotFound`."""
        if all(person != known.id for known in self.people):
            raise NotFound("There is no such person to sign in as")
        return self._issue(person)


def door_of(settings: Settings) -> Door:
    if not settings.demo.sign_in:
        return Door((), str)
    from entrypoints.demo.cast import CLINIC_ID, PEOPLE  # noqa: PLC0415 - nobody else needs to draw faces

    bearers = {
        person.user: Bearer(clinic=CLINIC_ID, user=person.user, name=person.name, roles=[person.role])
        for person in PEOPLE
    }
    shown = [
        DemoPersonOut(person.user, person.name, person.role, _LABELS[person.role], _DESCRIPTIONS[person.role])
        for person in PEOPLE
    ]
    return Door(shown, lambda id: signed_token(settings.auth, bearers[id], now=datetime.now(UTC), ttl=_LASTS))


_LABELS: Mapping[Role, Mapping[str, str]] = {
    Role.ADMIN: {"es": "Administración", "en": "Administrator"},
    Role.DENTIST: {"es": "Odontólogo", "en": "Dentist"},
    Role.HYGIENIST: {"es": "Higienista", "en": "Hygienist"},
    Role.ASSISTANT: {"es": "Auxiliar", "en": "Assistant"},
    Role.RECEPTIONIST: {"es": "Recepción", "en": "Receptionist"},
    Role.ACCOUNT: {"es": "Familiar", "en": "Relative"},
}
_DESCRIPTIONS: Mapping[Role, Mapping[str, str]] = {
    Role.ADMIN: {"es": "Todo, también la auditoría", "en": "Everything, the audit log too"},
    Role.DENTIST: {"es": "Fotos, notas y tratamientos", "en": "Photos, notes and treatments"},
    Role.HYGIENIST: {"es": "Fotos y notas; no elimina", "en": "Photos and notes; deletes nothing"},
    Role.ASSISTANT: {"es": "Sube y ordena fotos", "en": "Uploads and sorts photos"},
    Role.RECEPTIONIST: {"es": "Documentos y agenda; no elimina", "en": "Documents and agenda; deletes nothing"},
    Role.ACCOUNT: {"es": "Cuida de sus tres hijos", "en": "Looks after her three children"},
}
