"""Who may do what: staff by role, accounts by the grant of each patient, and nobody beyond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import (
    ACCESS_PERMISSIONS,
    ROLE_PERMISSIONS,
    Access,
    Permission,
    Principal,
    Role,
    merged,
    visible_patients,
)
from domain.errors import Forbidden, NotFound
from domain.ids import PatientId
from tests import strategies
from tests.samples import ANA, CLINIC, LUIS, account, staff

ALL = frozenset(Permission)
NEVER_CLINICAL = {Permission.DIRECTORY_WRITE, Permission.AUDIT_READ, Permission.TRASH_PURGE}
permissions = st.sampled_from(Permission)
grants = st.dictionaries(strategies.host_ids.map(PatientId), st.sampled_from(Access), max_size=4)


@pytest.mark.parametrize(
    ("role", "lacks"),
    [
        (Role.ADMIN, set()),
        (Role.DENTIST, NEVER_CLINICAL),
        (Role.ASSISTANT, NEVER_CLINICAL),
        (Role.RECEPTIONIST, NEVER_CLINICAL | {Permission.DOCUMENTS_DELETE}),
        (Role.HYGIENIST, NEVER_CLINICAL | {Permission.DOCUMENTS_DELETE}),
        (Role.ACCOUNT, ALL),
    ],
)
def test_each_role_has_the_permissions_of_the_table(role: Role, lacks: set[Permission]) -> None:
    principal = staff(role=role)
    assert {permission for permission in Permission if not principal.may(permission)} == lacks


@given(strategies.principals(), permissions, strategies.host_ids.map(PatientId))
def test_staff_may_what_any_of_their_roles_may_for_every_patient_alike(
    principal: Principal, permission: Permission, patient: PatientId
) -> None:
    if not principal.is_staff:
        return
    allowed = any(permission in ROLE_PERMISSIONS[role] for role in principal.roles)
    assert principal.may(permission) == principal.may(permission, patient) == allowed
    assert principal.sees(patient)
    assert visible_patients(principal) is None


@given(grants, permissions, strategies.host_ids.map(PatientId))
def test_an_account_may_for_a_patient_what_its_grant_says_and_nothing_for_others(
    given_to: dict[PatientId, Access], permission: Permission, another: PatientId
) -> None:
    principal = Principal(clinic_id=CLINIC, user_id=staff().user_id, roles=frozenset({Role.ACCOUNT}), grants=given_to)
    assert visible_patients(principal) == frozenset(given_to)
    for patient, access in given_to.items():
        assert principal.may(permission, patient) == (permission in ACCESS_PERMISSIONS[access])
    assert principal.may(permission) == any(principal.may(permission, patient) for patient in given_to)
    if another not in given_to:
        assert not principal.sees(another)
        assert not principal.may(permission, another)


def test_each_level_of_access_includes_those_below() -> None:
    view, edit, full = (ACCESS_PERMISSIONS[access] for access in sorted(Access))
    assert view < edit < full < ALL
    assert Permission.DOCUMENTS_DELETE not in edit
    assert not {Permission.NOTES_READ, Permission.NOTES_WRITE} & full
    assert [access.label for access in sorted(Access)] == ["view", "edit", "full"]


def test_a_patient_out_of_sight_is_not_found_and_a_missing_permission_is_forbidden() -> None:
    viewer = account(ANA, access=Access.VIEW)
    viewer.require(Permission.DOCUMENTS_READ, ANA)
    with pytest.raises(Forbidden):
        viewer.require(Permission.DOCUMENTS_WRITE, ANA)
    for permission in (Permission.DOCUMENTS_READ, Permission.DOCUMENTS_WRITE):
        with pytest.raises(NotFound):
            viewer.require(permission, LUIS)
    with pytest.raises(Forbidden):
        staff(role=Role.DENTIST).require(Permission.AUDIT_READ)


def test_a_token_without_roles_may_what_its_permissions_say() -> None:
    reader = Principal(clinic_id=CLINIC, user_id=staff().user_id, permissions=frozenset({Permission.DOCUMENTS_READ}))
    assert reader.is_staff
    assert reader.may(Permission.DOCUMENTS_READ, ANA)
    assert not reader.may(Permission.DOCUMENTS_WRITE, ANA)


def test_an_account_with_permissions_in_its_token_still_sees_its_own_patients_only() -> None:
    principal = Principal(
        clinic_id=CLINIC,
        user_id=staff().user_id,
        roles=frozenset({Role.ACCOUNT}),
        permissions=frozenset({Permission.DOCUMENTS_READ}),
        grants={ANA: Access.VIEW},
    )
    assert not principal.is_staff
    assert not principal.sees(LUIS)
    assert not principal.may(Permission.DOCUMENTS_READ, LUIS)
    assert visible_patients(principal) == frozenset({ANA})


def test_somebody_with_neither_roles_nor_permissions_may_and_sees_nothing() -> None:
    nobody = Principal(clinic_id=CLINIC, user_id=staff().user_id)
    assert not any(nobody.may(permission) for permission in Permission)
    assert not nobody.sees(ANA)
    assert visible_patients(nobody) == frozenset()


def test_staff_who_look_after_a_patient_too_are_staff() -> None:
    both = Principal(
        clinic_id=CLINIC,
        user_id=staff().user_id,
        roles=frozenset({Role.DENTIST, Role.ACCOUNT}),
        grants={ANA: Access.VIEW},
    )
    assert both.may(Permission.DOCUMENTS_DELETE, LUIS)
    assert not both.is_admin
    assert staff().is_admin


@given(st.lists(grants, max_size=3))
def test_joined_grants_are_the_highest_of_each_patient(sources: list[dict[PatientId, Access]]) -> None:
    joined = merged(*sources)
    assert joined.keys() == {patient for source in sources for patient in source}
    for patient, access in joined.items():
        assert access is max(source[patient] for source in sources if patient in source)
