from jobs import nightly


def test_nightly():
    assert nightly() == [("report", 2, False), ("invoice", 5, True)]
