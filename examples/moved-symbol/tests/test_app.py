from app import start


def test_start():
    assert start() == 1
