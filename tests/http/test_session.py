"""Signing in to the clinic app: a cookie that no script reads, and changes only with the session's CSRF token."""

from pathlib import Path

import httpx
import pytest

from domain.access import Access, Role
from entrypoints.http.sessions import COOKIE
from entrypoints.settings import Demo, Server
from tests.http.service import Clinic, Person, Service, data_of, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

SESSION = "/api/v1/session"
TAXONOMY = "/api/v1/media/taxonomy"
PATIENT = "/api/v1/directory/patients/p-7"


async def sign_in(service: Service, person: Person) -> httpx.Response:
    return await service.client.post(SESSION, json={"token": person.token})


def cookie_of(answer: httpx.Response) -> dict[str, str]:
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


async def test_a_session_says_who_is_signed_in_and_what_they_may_do(service: Service, clinic: Clinic) -> None:
    begun = await sign_in(service, clinic.dentist)
    told = data_of(begun, 201)
    assert (told["user_id"], told["clinic_id"], told["roles"]) == ("u-dentist", clinic.id, ["dentist"])
    assert "media.documents.write" in told["permissions"]
    assert "audit.read" not in told["permissions"]
    shown = data_of(await service.client.get(SESSION, headers=cookie_of(begun)))
    assert shown == told


async def test_its_cookie_is_out_of_reach_for_scripts_and_other_sites(service: Service, clinic: Clinic) -> None:
    begun = (await sign_in(service, clinic.dentist)).headers["set-cookie"]
    attributes = {part.strip().partition("=")[0].lower(): part.partition("=")[2] for part in begun.split(";")[1:]}
    assert {"httponly", "samesite", "path", "max-age"} <= attributes.keys()
    assert (attributes["samesite"], attributes["path"]) == ("Strict", "/api/v1")
    assert 3500 < int(attributes["max-age"]) <= 3600
    assert "secure" not in attributes  # it is served by http here


async def test_behind_https_the_cookie_does_not_travel_otherwise(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, server=Server(public_url="https://fotos.clinica.example"))
    async with serving(settings) as service:
        begun = await sign_in(service, Clinic(service, "c").dentist)
    assert "; Secure" in begun.headers["set-cookie"]


async def test_the_cookie_reads_and_with_the_csrf_token_it_writes(service: Service, clinic: Clinic) -> None:
    begun = await sign_in(service, clinic.admin)
    cookie, csrf = cookie_of(begun), {"X-CSRF-Token": data_of(begun, 201)["csrf_token"]}
    assert (await service.client.get(TAXONOMY, headers=cookie)).status_code == 200
    body = {"display_name": "Ana"}
    for wrong in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 48}, {"X-CSRF-Token": "Ã±"}):
        headers = {name.encode(): value.encode("latin-1") for name, value in (cookie | wrong).items()}
        refused = await service.client.put(PATIENT, json=body, headers=headers)
        problem_of(refused, 403, "forbidden")
    assert (await service.client.put(PATIENT, json=body, headers=cookie | csrf)).status_code in (200, 201)


async def test_the_csrf_token_of_another_session_does_not_do(service: Service, clinic: Clinic) -> None:
    mine, other = await sign_in(service, clinic.admin), await sign_in(service, clinic.dentist)
    headers = cookie_of(mine) | {"X-CSRF-Token": data_of(other, 201)["csrf_token"]}
    problem_of(await service.client.put(PATIENT, json={"display_name": "Ana"}, headers=headers), 403, "forbidden")


async def test_a_bearer_token_goes_before_the_cookie_and_needs_no_csrf_token(service: Service, clinic: Clinic) -> None:
    cookie = cookie_of(await sign_in(service, clinic.dentist))
    assert (await clinic.admin.put("/directory/patients/p-8", {"display_name": "Eva"}, headers=cookie)).is_success
    refused = await service.client.get(TAXONOMY, headers=cookie | {"Authorization": "Bearer nonsense"})
    problem_of(refused, 401, "unauthenticated")


async def test_an_account_is_told_what_it_may_do_to_each_of_its_patients(service: Service, clinic: Clinic) -> None:
    told = data_of(await sign_in(service, clinic.account(ana=Access.VIEW, leo=Access.EDIT)), 201)
    assert {"media.documents.read", "media.documents.write"} <= set(told["permissions"])
    assert "media.documents.write" not in told["grants"]["ana"]
    assert "media.documents.delete" not in told["grants"]["leo"]
    assert {patient for patient, may in told["grants"].items() if "media.documents.write" in may} == {"leo"}
    assert data_of(await sign_in(service, clinic.dentist), 201)["grants"] == {}


async def test_signing_out_takes_the_cookie_back(service: Service, clinic: Clinic) -> None:
    begun = await sign_in(service, clinic.dentist)
    headers = cookie_of(begun)
    problem_of(await service.client.delete(SESSION, headers=headers), 403, "forbidden")
    ended = await service.client.delete(SESSION, headers=headers | {"X-CSRF-Token": data_of(begun, 201)["csrf_token"]})
    assert ended.status_code == 204
    assert ended.headers["set-cookie"].startswith(f"{COOKIE}=;")
    assert "Max-Age=0" in ended.headers["set-cookie"]
    assert (await service.client.delete(SESSION)).status_code == 204


async def test_who_is_not_signed_in_is_told_so(service: Service) -> None:
    problem_of(await service.client.get(SESSION), 401, "unauthenticated")
    problem_of(await service.client.get(SESSION, headers={"Cookie": f"{COOKIE}=nonsense"}), 401, "unauthenticated")
    problem_of(await service.client.post(SESSION, json={"token": "nonsense"}), 401, "unauthenticated")


async def test_a_form_of_another_site_begins_no_session(service: Service, clinic: Clinic) -> None:
    body = f'{{"token": "{clinic.dentist.token}"}}'
    answer = await service.client.post(SESSION, content=body, headers={"Content-Type": "text/plain"})
    problem_of(answer, 415, "unsupported_type")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("body", [{}, {"token": "a", "person": "b"}])
async def test_a_session_needs_one_way_to_begin(service: Service, body: dict[str, str]) -> None:
    problem_of(await service.client.post(SESSION, json=body), 400, "malformed")


async def test_a_token_that_browsers_would_drop_is_refused(service: Service, clinic: Clinic) -> None:
    large = clinic.account(**{f"patient-{number}": Access.VIEW for number in range(300)})
    problem_of(await sign_in(service, large), 422, "rule_violated")


async def test_sessions_are_in_the_audit_log(service: Service, clinic: Clinic) -> None:
    begun = await sign_in(service, clinic.dentist)
    headers = cookie_of(begun) | {"X-CSRF-Token": data_of(begun, 201)["csrf_token"]}
    await service.client.delete(SESSION, headers=headers)
    rows = (await clinic.admin.get("/audit?user_id=u-dentist")).json()["data"]
    assert [row["action"] for row in rows] == ["session.ended", "session.begun"]


async def test_only_the_demo_lets_people_in_without_a_token(service: Service, tmp_path: Path) -> None:
    assert data_of(await service.client.get(f"{SESSION}/people")) == []
    problem_of(await service.client.post(SESSION, json={"person": "u-elena"}), 404, "not_found")
    async with serving(settings_for(tmp_path, demo=Demo(sign_in=True))) as demo:
        people = data_of(await demo.client.get(f"{SESSION}/people"))
        assert {person["role"] for person in people} == {role.value for role in Role}
        for person in people:
            told = data_of(await demo.client.post(SESSION, json={"person": person["id"]}), 201)
            assert (told["user_id"], told["name"], told["roles"]) == (person["id"], person["name"], [person["role"]])
        problem_of(await demo.client.post(SESSION, json={"person": "u-nobody"}), 404, "not_found")
