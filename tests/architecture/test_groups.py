"""Tests that are marked as a group are run by one worker: what one of them made is made once."""

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_is_named_to_whoever_shares_the_tests_out(request: pytest.FixtureRequest) -> None:
    shared_out = request.config.getoption("loadgroup", default=False)

    assert request.node.nodeid.endswith("@together") == shared_out
