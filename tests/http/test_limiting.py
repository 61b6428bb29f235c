"""How often one may ask: 429 with when to come back, for those who asked and nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from dependency_injector.providers import Object

from adapters.system import SystemClock
from adapters.tallies.memory import MemoryTally
from entrypoints.container import Container
from entrypoints.http.limiting import Throttle, neighbourhood
from entrypoints.settings import Limits, Settings
from tests.http.service import Clinic, Service, data_of, problem_of, serving, settings_for
from tests.samples import staff

pytestmark = pytest.mark.anyio

SESSION = "/api/v1/session"
TAXONOMY = "/media/taxonomy"


@asynccontextmanager
async def limited(folder: Path, **limits: Any) -> AsyncIterator[tuple[Service, Clinic, list[datetime]]]:
    """An installation, a clinic, and what its clock shows: it stands still, 20 seconds after a minute began."""
    shown = [datetime.now(UTC).replace(second=20, microsecond=0) + timedelta(minutes=1)]

    def stop_the_clock(container: Container) -> None:
        container.clock.override(Object(lambda: shown[-1]))

    async with serving(settings_for(folder, limits=Limits(**limits)), stop_the_clock) as service:
        yield service, Clinic(service, "c"), shown


def over(answer: httpx.Response, name: str, most: int, seconds: int = 40) -> None:
    problem_of(answer, 429, "too_many_requests")
    assert answer.headers["retry-after"] == str(seconds)
    assert answer.headers["ratelimit-policy"] == f'"{name}";q={most};w=60'
    assert answer.headers["ratelimit"] == f'"{name}";r=0;t={seconds}'


async def test_a_user_who_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with limited(tmp_path, requests=3) as (service, clinic, _):
        for _ in range(3):
            assert (await clinic.dentist.get(TAXONOMY)).status_code == 200
        for _ in range(3):
            over(await clinic.dentist.get(TAXONOMY), "requests", 3)
        assert (await clinic.admin.get(TAXONOMY)).status_code == 200, "others go on"
        assert (await Clinic(service, "d").dentist.get(TAXONOMY)).status_code == 200, "in other clinics too"
        entries = data_of(await clinic.admin.get("/audit", params={"user_id": "u-dentist"}))
        assert [entry["outcome"] for entry in entries].count("too_many_requests") == 1


async def test_uploads_and_reads_are_counted_apart(tmp_path: Path) -> None:
    async with limited(tmp_path, requests=10, uploads=1) as (_, clinic, _):
        ana = await clinic.patient("ana")
        photo = await clinic.dentist.photo(ana)
        over(await clinic.dentist.send_photo(ana), "uploads", 1)
        over(await clinic.dentist.send_document(ana), "uploads", 1)
        over(await clinic.dentist.ask("POST", "/patient/ana/files"), "uploads", 1)
        over(await clinic.dentist.ask("POST", "/uploads", headers={"Tus-Resumable": "1.0.0"}), "uploads", 1)
        assert (await clinic.dentist.get(f"/media/documents/{photo['id']}")).status_code == 200


async def test_links_count_for_whom_they_were_given_to(tmp_path: Path) -> None:
    async with limited(tmp_path, requests=2) as (service, clinic, _):
        ana = await clinic.patient("ana")
        photo = await clinic.dentist.photo(ana)
        for _ in range(2):
            assert (await service.client.get(photo["thumb_url"])).status_code == 200
        over(await service.client.get(photo["thumb_url"]), "requests", 2)
        over(await clinic.dentist.get(TAXONOMY), "requests", 2)


async def test_whoever_has_no_token_is_stopped_and_nobody_else_at_that_address(tmp_path: Path) -> None:
    async with limited(tmp_path, strangers=2) as (service, clinic, _):
        wrong = {"Authorization": "Bearer wrong"}
        assert (await service.client.get(f"/api/v1{TAXONOMY}")).status_code == 401
        assert (await service.client.get(f"/api/v1{TAXONOMY}", headers=wrong)).status_code == 401
        over(await service.client.get(f"/api/v1{TAXONOMY}", headers=wrong), "strangers", 2)
        over(await service.client.get(f"/api/v1{TAXONOMY}"), "strangers", 2)
        assert (await clinic.dentist.get(TAXONOMY)).status_code == 200


async def test_signing_in_by_trying_is_stopped_before_the_try_is_looked_at(tmp_path: Path) -> None:
    async with limited(tmp_path, sign_ins=3) as (service, clinic, clock):
        for _ in range(3):
            problem_of(await service.client.post(SESSION, json={"token": "guess"}), 401, "unauthenticated")
        right = {"token": clinic.dentist.token}
        over(await service.client.post(SESSION, json=right), "sign-ins", 3)
        clock.append(clock[-1] + timedelta(seconds=40))
        assert (await service.client.post(SESSION, json=right)).status_code == 201


async def test_health_and_figures_are_told_however_often(tmp_path: Path) -> None:
    async with limited(tmp_path, requests=1, strangers=1) as (service, _, _):
        for path in ("/health/live", "/health/ready", "/metrics") * 5:
            assert (await service.client.get(path)).status_code == 200


async def test_who_leafs_through_ten_pages_of_a_gallery_is_not_stopped() -> None:
    throttle, actor = Throttle(Settings().limits, MemoryTally(), SystemClock()), staff()
    for _ in range(10):
        await throttle.request(actor)
        for _ in range(60):
            await throttle.request(actor)


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "192.0.2.1", False),
    ],
)
def test_an_address_that_its_sender_can_choose_is_no_new_one(one: str, another: str, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(another)) is same
