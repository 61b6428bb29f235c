"""The list of mutants fits the code that they are mutants of; `python -m tests.mutants` lets the tests kill them."""

import re

import pytest

from tests.conftest import ROOT
from tests.mutants.catalogue import ALL_KILLED, Mutant, mutants

_ALL_NEED_SERVICES = re.compile(r"^pytestmark = .*\bservices\b", re.MULTILINE)


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_place_and_is_still_code(mutant: Mutant) -> None:
    text = (ROOT / mutant.path).read_text(encoding="utf-8")
    assert text.count(mutant.before) == 1
    assert mutant.after != mutant.before
    compile(text.replace(mutant.before, mutant.after), mutant.path, "exec")
    for selection in mutant.tests:
        tests = (ROOT / selection.partition(" ")[0].partition("::")[0]).read_text(encoding="utf-8")
        assert mutant.needs_services or not _ALL_NEED_SERVICES.search(tests), selection


def test_there_are_enough_mutants_and_each_has_a_name_of_its_own() -> None:
    known = mutants()
    assert len(known) >= 100
    assert len({mutant.name for mutant in known}) == len(known)
    assert {mutant.guards for mutant in known} > set(ALL_KILLED)
