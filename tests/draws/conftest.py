"""Fixtures of the draws' tests."""

import pytest
from draws.a_city import City, a_city


@pytest.fixture
def city(session, settings) -> City:
    """A city of sixty subjects and eight inspectors, by sector grade."""
    return a_city(session, settings)
