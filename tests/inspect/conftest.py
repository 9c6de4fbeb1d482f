"""Fixtures of the tests of inspect."""

import pytest
from publish.a_result import Results, drawn_results


@pytest.fixture
def results(session, settings) -> Results:
    """A drawn draw by sector grade, open for results."""
    return drawn_results(session, settings)
