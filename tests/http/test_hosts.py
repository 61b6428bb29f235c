"""Records that a host keeps: asked of it over HTTP, and brought along by an installed package."""

from collections.abc import AsyncIterator, Iterable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from domain.access import Role
from domain.attachments import OwnerRef, OwnerType
from domain.ids import ClinicId, PatientId
from entrypoints import owner_resolvers
from entrypoints.owner_resolvers import OwnerPlugin
from entrypoints.settings import OwnerTypeRules
from tests.http.service import Clinic, Person, Service, data_of, problem_of, serving, settings_for
from tests.services.host import Host, hosting

pytestmark = pytest.mark.anyio

SCAN = {"owner_type": "scan", "owner_id": "s1"}


class Scans(OwnerPlugin):
    """What a package of somebody's brings along."""

    types: Iterable[OwnerType] = (OwnerType(name="scan", max_files=1, accepted=("txt",)),)

    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        return PatientId("ana") if (clinic, owner.id) == ("marina", "s1") else None


@pytest.fixture
async def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Service, type[Host]]]:
    found = EntryPoint("scanner", f"{__name__}:Scans", owner_resolvers.GROUP)
    monkeypatch.setattr(owner_resolvers, "entry_points", lambda group: [found] if group == found.group else [])
    with hosting() as (url, host):
        rules = {
            "patient": OwnerTypeRules(resolver="http", url=f"{url}/patients", cache_seconds=0),
            "visit": OwnerTypeRules(resolver="http", url=url, cache_seconds=0),
        }
        host.records |= {"ana": "ana", "luis": "luis"}
        async with serving(settings_for(tmp_path, owner_types=rules)) as service:
            yield service, host


@pytest.fixture
def dentist(installation: tuple[Service, type[Host]]) -> Person:
    return Clinic(installation[0], "marina").person(Role.DENTIST, user="u-1")


async def test_a_photo_goes_on_a_visit_that_the_host_keeps(dentist: Person) -> None:
    photo = await dentist.photo("ana", owner_type="visit", owner_id="7")
    on = data_of(await dentist.get("/media/attachments?owner_type=visit&owner_id=7"))
    assert [link["document_id"] for link in on] == [photo["id"]]


async def test_a_visit_of_another_patient_is_refused_whatever_the_client_says(dentist: Person) -> None:
    photo = await dentist.photo("ana")
    link = {"document_id": photo["id"], "owner_type": "visit", "owner_id": "8"}
    problem_of(await dentist.post("/media/attachments", link), 422, "rule_violated")


async def test_what_the_host_does_not_know_is_not_there(dentist: Person) -> None:
    problem_of(await dentist.send_photo("eva"), 404, "not_found")
    link = {"document_id": (await dentist.photo("ana"))["id"], "owner_type": "visit", "owner_id": "99"}
    problem_of(await dentist.post("/media/attachments", link), 404, "not_found")


async def test_while_the_host_is_away_nothing_is_guessed(
    dentist: Person, installation: tuple[Service, type[Host]]
) -> None:
    photo = await dentist.photo("ana")
    installation[1].instead = staticmethod(lambda host: host.say(500, b""))
    link = {"document_id": photo["id"], "owner_type": "visit", "owner_id": "7"}
    refused = await dentist.post("/media/attachments", link)
    problem_of(refused, 503, "unavailable")
    assert "retry-after" in refused.headers
    installation[1].instead = None
    data_of(await dentist.post("/media/attachments", link), 201)


async def test_records_of_a_host_are_not_registered_here(dentist: Person) -> None:
    admin = Clinic(dentist.service, "marina").admin
    problem_of(await admin.put("/directory/owners/visit/7", {"patient_id": "ana"}), 422, "rule_violated")


async def test_a_package_brings_its_types_and_their_rules(dentist: Person) -> None:
    note = ("note.txt", b"first", "text/plain")
    assert (await dentist.ask("POST", "/scan/s1/files", files={"file": note})).status_code == 201
    full = await dentist.ask("POST", "/scan/s1/files", files={"file": ("note.txt", b"second", "text/plain")})
    problem_of(full, 422, "rule_violated")
    problem_of(await dentist.ask("POST", "/scan/s2/files", files={"file": note}), 404, "not_found")
