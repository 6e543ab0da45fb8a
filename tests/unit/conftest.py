"""The unit ring touches no service: a test that asks for one belongs into the integration ring."""

import pytest


@pytest.fixture(scope="session")
def postgres_url() -> str:
    raise AssertionError("A unit test asked for the database; move it to tests/integration.")


@pytest.fixture(scope="session")
def redis_url() -> str:
    raise AssertionError("A unit test asked for Redis; move it to tests/integration.")
