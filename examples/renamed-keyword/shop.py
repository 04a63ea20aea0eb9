def send(message, *, retries=3, urgent=False):
    return message, retries, urgent
