import gift


class Wrapping:
    price = 3.50
