def settings():
    with open(".env") as file:
        return dict(line.strip().split("=", 1) for line in file)


print(settings()["DATABASE_URL"])
