"""Fixtures of the tests of publish."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from publish.a_result import RECORDED, Results, drawn_results


@pytest.fixture
def results(session, settings) -> Results:
    """A drawn draw by sector grade, open for results."""
    return drawn_results(session, settings)


@pytest.fixture
def today() -> Iterator[datetime]:
    """The clock stands two days after the draw."""
    with time_machine.travel(RECORDED, tick=False):
        yield RECORDED
