"""G7, a part of it: `python -m tests.proof.state_machine` takes more and longer runs."""

from contextlib import nullcontext

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.combinations import COMBINATIONS
from tests.proof.elsewhere import combined
from tests.proof.postgres_world import worlds_on
from tests.proof.worlds import DiskWorld, MemoryWorld, NewWorld
from tests.stateful.clinic import Clinic

SIZES = {
    "sqlite+local": (15, 30),
    "sqlite+s3": (1, 20),
    "sqlite+memory": (2, 30),
    "postgresql+local": (2, 30),
    "postgresql+s3": (1, 20),
    "postgresql+memory": (1, 30),
}
"""How many runs, of how many steps."""


def run(world: NewWorld, examples: int, steps: int) -> None:
    machine = type("Clinic", (Clinic,), {"world": staticmethod(world)})
    sizes = settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    run_state_machine_as_test(machine, settings=sizes)


@pytest.mark.slow
def test_nothing_that_anybody_does_in_any_order_breaks_an_invariant_in_memory() -> None:
    run(MemoryWorld, 40, 30)


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.parametrize("combination", COMBINATIONS)
def test_nor_over_any_database_beside_any_storage(request: pytest.FixtureRequest, combination: str) -> None:
    database, _, storage = combination.partition("+")
    server = request.getfixturevalue("s3") if storage == "s3" else None
    on_it = worlds_on(request.getfixturevalue("postgres")) if database == "postgresql" else nullcontext(DiskWorld)
    with on_it as rows:
        run(combined(rows, storage, server), *SIZES[combination])
