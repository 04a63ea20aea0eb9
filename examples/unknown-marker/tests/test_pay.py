import pytest


@pytest.mark.slow
def test_pay():
    assert True
