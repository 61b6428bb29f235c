"""G7, a part of it: `python -m tests.proof.state_machine` takes more and longer runs."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proof.worlds import WORLDS
from tests.stateful.clinic import Clinic

EXAMPLES = {"memory": 40, "sqlite": 15}
STEPS = 30


@pytest.mark.slow
@pytest.mark.parametrize("adapters", WORLDS)
def test_nothing_that_anybody_does_in_any_order_breaks_an_invariant(adapters: str) -> None:
    machine = type("Clinic", (Clinic,), {"world": WORLDS[adapters]})
    sizes = settings(max_examples=EXAMPLES[adapters], stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(machine, settings=sizes)
