"""Who may do what.

Staff see every patient of their clinic and hold permissions by role. An account (a person looking after patients, not
staff) holds no permission of its own: it may do to each patient granted to it what the grant's level says, and for it
other patients do not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from domain.errors import Forbidden, NotFound
from domain.ids import ClinicId, PatientId, UserId


class Permission(StrEnum):
    DOCUMENTS_READ = "media.documents.read"
    DOCUMENTS_WRITE = "media.documents.write"
    DOCUMENTS_DELETE = "media.documents.delete"
    ATTACHMENTS_READ = "media.attachments.read"
    ATTACHMENTS_WRITE = "media.attachments.write"
    NOTES_READ = "notes.read"
    NOTES_WRITE = "notes.write"
    DIRECTORY_READ = "directory.read"
    DIRECTORY_WRITE = "directory.write"
    AUDIT_READ = "audit.read"
    TRASH_PURGE = "trash.purge"


class Role(StrEnum):
    ADMIN = "admin"
    DENTIST = "dentist"
    HYGIENIST = "hygienist"
    ASSISTANT = "assistant"
    RECEPTIONIST = "receptionist"
    ACCOUNT = "account"


class Access(IntEnum):
    """What an account may do to one patient; each level includes those below."""

    VIEW = 1
    EDIT = 2
    FULL = 3

    @property
    def label(self) -> str:
        return self.name.lower()


_P = Permission
_CLINICAL = frozenset(_P) - {_P.DIRECTORY_WRITE, _P.AUDIT_READ, _P.TRASH_PURGE}

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.DENTIST: _CLINICAL,
    Role.ASSISTANT: _CLINICAL,
    Role.RECEPTIONIST: _CLINICAL - {_P.DOCUMENTS_DELETE},
    Role.HYGIENIST: _CLINICAL - {_P.DOCUMENTS_DELETE},
    Role.ACCOUNT: frozenset(),
}

_VIEW = frozenset({_P.DOCUMENTS_READ, _P.ATTACHMENTS_READ, _P.DIRECTORY_READ})
_EDIT = _VIEW | {_P.DOCUMENTS_WRITE, _P.ATTACHMENTS_WRITE}
ACCESS_PERMISSIONS: Mapping[Access, frozenset[Permission]] = {
    Access.VIEW: _VIEW,
    Access.EDIT: _EDIT,
    Access.FULL: _EDIT | {_P.DOCUMENTS_DELETE},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request came from, for the audit log."""

    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody who acts, in one clinic. The clinic comes from the token, never from the request."""

    clinic_id: ClinicId
    user_id: UserId
    name: str = ""
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    grants: Mapping[PatientId, Access] = field(default_factory=dict)
    origin: Origin = Origin()

    @property
    def is_staff(self) -> bool:
        # Permissions in the token of an account do not make it staff: it would see every patient.
        return bool(self.roles - {Role.ACCOUNT}) or (not self.roles and bool(self.permissions))

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    def may(self, permission: Permission, patient: PatientId | None = None) -> bool:
        """Whether `permission` is held; for an account: for that patient, or for any patient when none is named."""
        if self.is_staff:
            return permission in self.permissions or any(permission in ROLE_PERMISSIONS[role] for role in self.roles)
        levels = self.grants.values() if patient is None else filter(None, [self.grants.get(patient)])
        return any(permission in ACCESS_PERMISSIONS[level] for level in levels)

    def sees(self, patient: PatientId) -> bool:
        return self.is_staff or patient in self.grants

    def require(self, permission: Permission, patient: PatientId | None = None) -> None:
        """Raise `NotFound` for a patient the principal may not see, `Forbidden` where the permission is missing."""
        if patient is not None and not self.sees(patient):
            raise NotFound("There is no such patient here")
        if not self.may(permission, patient):
            raise Forbidden(f"This needs the permission {permission}")


def visible_patients(actor: Principal) -> frozenset[PatientId] | None:
    """The patients an account may see; None for staff, who see all."""
    return None if actor.is_staff else frozenset(actor.grants)


def merged(*sources: Mapping[PatientId, Access]) -> dict[PatientId, Access]:
    """Join grants; the higher level wins."""
    grants: dict[PatientId, Access] = {}
    for patient, level in _pairs(sources):
        grants[patient] = max(level, grants.get(patient, level))
    return grants


def _pairs(sources: Iterable[Mapping[PatientId, Access]]) -> Iterable[tuple[PatientId, Access]]:
    return (pair for source in sources for pair in source.items())
