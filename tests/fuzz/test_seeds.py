"""The seeds of the fuzzers, and the inputs that once were faults: nothing but `XentError` comes of any."""

import pytest
from fuzz.targets import SEEDS, TARGETS

FILES = sorted(path for path in SEEDS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_seed_is_read_or_refused(path):
    assert TARGETS[path.parent.name](path.read_bytes()) is None


def test_every_target_has_seeds():
    assert {path.parent.name for path in FILES} == set(TARGETS)
