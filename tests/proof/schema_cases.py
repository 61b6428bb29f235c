"""G22: requests generated from the OpenAPI document, answered as the document says.

python -m tests.proof.schema_cases --cases 10000 --seed 1
"""

import asyncio
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeAlias, cast

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, openapi, serializer
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from entrypoints.configuration import check_servable
from entrypoints.container import Container
from entrypoints.http.app import create_app
from entrypoints.http.tus import BYTES
from tests.http.operations import Ids, filled
from tests.http.service import Clinic, Service, jpeg, settings_for
from tests.proof.figure import Figure, command, progress

AnyCase: TypeAlias = "Case[Any]"

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
serializer.alias(BYTES, "application/octet-stream")
_SETTINGS = {
    "database": None,
    "deadline": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


@dataclass(slots=True)
class Tally:
    cases: int = 0
    steps: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)
    """By what is wrong, the first example."""


@dataclass(slots=True)
class Installation:
    schema: Any
    ids: Ids
    token: str
    picture: bytes = field(default_factory=jpeg)

    def lend(self, case: Any, random: Random) -> None:
        """Names real things in most requests: what is made up is nowhere to be found."""
        if random.random() < 0.25:
            return
        taken: list[Any] = [case.path_parameters, case.query, case.body if isinstance(case.body, dict) else None]
        for values in filter(None, taken):
            for name in values:
                values[name] = self._named(name, random, values[name])

    def _named(self, name: str, random: Random, made_up: Any) -> Any:
        ours = [id for known, id in self.ids.items() if known not in ("type", "record", "patient", "sibling")]
        known: dict[str, Any] = {
            "patient_id": self.ids["patient"],
            "owner_type": "visit",
            "entity_type": "visit",
            "owner_id": self.ids["record"],
            "entity_id": self.ids["record"],
            "attachment_id": random.choice((self.ids["attachment"], self.ids["file_attachment"])),
            "note_id": self.ids["note"],
            "upload_id": self.ids["upload"],
            "file": self.picture,
            "user_id": "u-somebody",
        }
        if name in known:
            return known[name]
        if name.endswith("_ids") and isinstance(made_up, list):
            return [self.ids["record"]] if name in ("owner_ids", "entity_ids") else [random.choice(ours)]
        return random.choice(ours) if name.endswith("_id") else made_up


def measure(cases: int, *, number: int = 1) -> Tally:
    """So many requests to each operation by itself in all, and about a tenth as many one after another."""
    tally, random = Tally(), Random(number)
    with installed() as installation:
        operations = [result.ok() for result in installation.schema.get_all_operations()]
        each = max(1, cases * 5 // (8 * len(operations)))  # of some there are not so many different ones
        for done, operation in enumerate(operations, 1):
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                _fuzzed(installation, operation, mode, each, tally, random, number)
            progress(done, len(operations), f"operations, {tally.cases} cases")
        _followed(installation, max(1, cases // 60), tally, number)
    return tally


def _fuzzed(
    installation: Installation,
    operation: Any,
    mode: GenerationMode,
    each: int,
    tally: Tally,
    random: Random,
    number: int,
) -> None:
    def asked(case: AnyCase) -> None:
        installation.lend(case, random)
        tally.cases += 1
        _asked(installation, case, tally)

    strategy = operation.as_strategy(generation_mode=mode)
    with suppress(Unsatisfiable):  # nothing can be wrong with a request that has nothing in it
        seed(number)(settings(max_examples=each, **cast("Any", _SETTINGS))(given(case=strategy)(asked)))()


def _asked(installation: Installation, case: AnyCase, tally: Tally) -> Any:
    tally.operations.add(case.operation.label)
    case.headers["Authorization"] = f"Bearer {installation.token}"
    answer = case.call()
    tally.answers[answer.status_code] += 1
    _checked(case, answer, tally)
    return answer


def _checked(case: AnyCase, answer: Any, tally: Tally) -> None:
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        for failure in group.exceptions:
            told = f"{case.operation.label}: {answer.status_code} {failure}"
            tally.wrong.setdefault(f"{case.operation.label} {answer.status_code} {type(failure).__name__}", told)


def _followed(installation: Installation, times: int, tally: Tally, number: int) -> None:
    """What one answer names is asked for next: the links that are found in the document."""

    class Following(installation.schema.as_state_machine()):  # type: ignore[misc]
        def call(self, case: AnyCase, **_: Any) -> Any:
            tally.steps += 1
            return _asked(installation, case, tally)

        def validate_response(self, *_: Any, **__: Any) -> None:
            """It has been."""

    chosen = settings(max_examples=times, stateful_step_count=6, **cast("Any", _SETTINGS))
    Following.run(settings=chosen) if number == 1 else seed(number)(lambda: Following.run(settings=chosen))()


@contextmanager
def installed() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory() as folder:
        configured = settings_for(Path(folder))
        check_servable(configured)
        container = Container(settings=configured)
        container.upgrade_schema()
        app: Any = create_app(container)
        try:
            with asgi.get_client(app) as client:
                clinic = Clinic(Service(container, cast("Any", _Synchronous(client.request))), "clinic")
                ids = asyncio.run(filled(clinic, "ana"))
                config = SchemathesisConfig()
                config.projects.default.generation.update(with_security_parameters=False)
                schema = openapi.from_asgi("/schema/openapi.json", app, config=config)
                yield Installation(schema, ids, clinic.admin.token)
        finally:
            asgi.shutdown_lifespans()


@dataclass(frozen=True, slots=True)
class _Synchronous:
    """A client for those who wait for it, on the loop that schemathesis runs the application in."""

    ask: Callable[..., Any]

    async def request(self, method: str, url: str, *, content: bytes | None = None, **options: Any) -> Any:
        return self.ask(method, url, data=content if content is not None else options.pop("data", None), **options)


def figure(*, cases: int = 10_000, seed: int = 1) -> Figure:
    logging.disable()
    tally = measure(cases, number=seed)
    told = {
        "cases": tally.cases,
        "of them linked": tally.steps,
        "operations": len(tally.operations),
        "answers": dict(sorted(tally.answers.items())),
        "wrong": len(tally.wrong),
    }
    return Figure(told, list(tally.wrong.values()))


if __name__ == "__main__":
    sys.exit(command(figure))
