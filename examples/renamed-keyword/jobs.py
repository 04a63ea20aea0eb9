from shop import send


def nightly():
    return [
        send("report", max_retries=2),
        send("invoice", urgent=True, max_retries=5),
    ]
