"""G7: whatever people, hosts, accounts, other clinics, failures and crashes do in whatever order, the invariants hold.

    python -m tests.proof.state_machine --steps 100000 --adapters memory --seed 1

After each step everything is compared with a model. Runs are of a hundred steps; those after the first draw from seeds
that follow `--seed`.
"""

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Literal

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.proof.figure import Figure, command, progress
from tests.proof.postgres_world import postgres_worlds
from tests.proof.worlds import WORLDS, World
from tests.stateful.clinic import Clinic

_STEPS_EACH = 100
_RUNS_AT_ONCE = 20


class CountedClinic(Clinic):
    taken: ClassVar[Counter[str]] = Counter()

    @invariant()
    def one_more(self) -> None:
        self.taken["steps"] += 1


def measure(world: Callable[[Path], World], steps: int, first_seed: int) -> tuple[int, list[str]]:
    """How many steps were taken, and the first break with what led to it, at its smallest."""
    machine = type("Clinic", (CountedClinic,), {"world": staticmethod(world)})
    sizes = settings(
        max_examples=min(_RUNS_AT_ONCE, max(1, steps // _STEPS_EACH)),
        stateful_step_count=_STEPS_EACH,
        deadline=None,
        database=None,
        print_blob=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    turn, taken = 0, CountedClinic.taken
    taken.clear()
    while taken["steps"] < steps:
        seed(first_seed + turn)(machine)
        try:
            run_state_machine_as_test(machine, settings=sizes)
        except Exception as broken:
            return taken["steps"], [f"seed {first_seed + turn}: {broken!r}", *getattr(broken, "__notes__", ())]
        turn += 1
        progress(taken["steps"], steps, "steps", every=1)
    return taken["steps"], []


def figure(
    *, steps: int = 100_000, seed: int = 1, adapters: Literal["memory", "sqlite", "postgresql"] = "memory"
) -> Figure:
    with ExitStack() as stack:
        world = stack.enter_context(postgres_worlds()) if adapters == "postgresql" else WORLDS[adapters]
        taken, broken = measure(world, steps, seed)
    return Figure({"steps": f"{taken} over {adapters}", "breaks": int(bool(broken))}, broken)


if __name__ == "__main__":
    sys.exit(command(figure))
