"""G30: every read, write and denial of every operation leaves exactly the rows of the audit log that it should.

    python -m tests.proof.audit_coverage

The operations are those of the OpenAPI document. Each is asked as it should be, then by people who may not: without the
permission, from another clinic, as an account that no patient was granted to, and with a token that has expired.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from domain.access import Permission, Role
from tests.http.service import Clinic, Person, Service, jpeg, serving, settings_for
from tests.http.test_tokens import claims, signed
from tests.made_files import dicom
from tests.proof.figure import Figure, command
from tests.proof.walk import STEPS, Known, Step, Words, taken


@dataclass(slots=True)
class Coverage:
    """`asked` counts requests, `right` those that left what they should."""

    clinic: Clinic
    another: Clinic
    wrong: list[str] = field(default_factory=list)
    asked: int = 0
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    async def rows(self, clinic: Clinic, user: str) -> list[tuple[str, str]]:
        """Action and outcome of what was added since the last look, oldest first."""
        auditor = clinic.person(Role.ADMIN, user="u-auditor")
        answer = await auditor.get("/audit", params={"user_id": user, "page_size": 200})
        found, before = answer.json()["data"], self.seen.get((clinic.id, user), 0)
        self.seen[clinic.id, user] = max([before, *(row["seq"] for row in found)])
        return [(row["action"], row["outcome"]) for row in reversed(found) if row["seq"] > before]

    def judge(self, what: str, left: Sequence[Any], wanted: Sequence[Any]) -> None:
        self.asked += 1
        if sorted(left) != sorted(wanted):
            self.wrong.append(f"{what}: left {left}, should be {wanted}")

    def answered(self, step: Step, clinic: Clinic) -> Sequence[tuple[str, str]]:
        if clinic is self.another and step.operation in _FOR_NOTHING:
            return _FOR_NOTHING[step.operation]
        return [(action, "ok") for action in _wanted(step)]

    async def walk(self, known: Known, person: Person) -> None:
        for step in STEPS:
            answer = await taken(step, known, person.ask)
            if answer.status_code != step.status:
                self.wrong.append(f"{step.operation}: answered {answer.status_code}: {answer.text[:200]}")
            left = await self.rows(self.clinic, person.bearer.user)
            self.judge(step.operation, _once_for_each(left, step), self.answered(step, self.clinic))

    async def deny(self, known: Known, clinic: Clinic, person: Person, token: str | None = None) -> None:
        """What is refused leaves its code under the operation's name; an empty list is an answer as any other."""
        for step in _distinct():
            options = step.options(known)
            if token is not None:
                options["headers"] = options.get("headers", {}) | {"Authorization": f"Bearer {token}"}
            answer = await person.ask(step.method, step.path.format(**known.ids), **options)
            left = await self.rows(clinic, person.bearer.user)
            wanted = _refused(step, answer) if answer.is_error else self.answered(step, clinic)
            self.judge(
                f"{person.bearer.user} {step.operation} {answer.status_code}", _once_for_each(left, step), wanted
            )


_FOR_NOTHING: Mapping[str, Sequence[tuple[str, str]]] = {
    "deleteFiles": [("deleteFiles", "not_found")],
    "unlinkOwner": [],
}
"""What answers well in another clinic, where there is nothing of the kind: each file by itself, or no file."""


def _refused(step: Step, answer: httpx.Response) -> Sequence[tuple[str, str]]:
    return [(step.known_as or step.operation, _code(answer))]


def _wanted(step: Step) -> Sequence[str]:
    return (step.operation,) if step.audit is None else step.audit


def _once_for_each(left: Sequence[tuple[str, str]], step: Step) -> Sequence[tuple[str, str]]:
    """Of an action that comes once for each of several documents, one; of any other all."""
    several = {"document.exported", "document.archived", "document.unarchived"} & set(_wanted(step))
    return [row for at, row in enumerate(left) if row[0] not in several or row not in left[:at]]


def _code(answer: httpx.Response) -> str:
    """A HEAD has no body to tell it."""
    by_status = {401: "unauthenticated", 403: "forbidden", 404: "not_found"}
    return answer.json()["code"] if answer.content else by_status[answer.status_code]


def _distinct() -> Sequence[Step]:
    return list({step.operation: step for step in STEPS}.values())


def _untold(document: Any) -> set[str]:
    """Operations of the document that no step is for."""
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    protected = {operation["operationId"] for operation in operations if operation.get("security") != []}
    return protected ^ {step.operation for step in STEPS}


async def _covered(service: Service) -> Coverage:
    clinic, another = Clinic(service, "here"), Clinic(service, "elsewhere")
    coverage, numbers = Coverage(clinic, another), count()
    document = (await service.client.get("/schema/openapi.json")).json()
    coverage.wrong += [f"{operation}: no request of it is known" for operation in _untold(document)]
    known = Known(Words(lambda place: place.replace(" ", "-"), jpeg, dicom, lambda: b"text %d" % next(numbers)))
    await coverage.walk(known, clinic.person(Role.ADMIN, user="u-walker"))
    await coverage.deny(known, clinic, clinic.person(permissions=(Permission.TRASH_PURGE,), user="u-nobody"))
    await coverage.deny(known, another, another.person(Role.ADMIN, user="u-stranger"))
    await coverage.deny(known, clinic, clinic.person(Role.ACCOUNT, user="u-account"))
    late = clinic.person(user="u-late")
    token = signed(claims(clinic_id=clinic.id, sub="u-late", exp=int(time.time()) - 60))
    await coverage.deny(known, clinic, late, token)
    return coverage


async def _measured() -> Coverage:
    with tempfile.TemporaryDirectory(prefix="clinic-media-audit-") as folder:
        async with serving(settings_for(Path(folder))) as service:
            return await _covered(service)


def measure() -> Figure:
    coverage = asyncio.run(_measured())
    right = coverage.asked - len(coverage.wrong)
    told = {
        "operations": len(_distinct()),
        "requests": coverage.asked,
        "covered": f"{right / coverage.asked:.1%}",
    }
    return Figure(told, coverage.wrong)


if __name__ == "__main__":
    sys.exit(command(measure))
