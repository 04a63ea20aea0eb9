discount = 10


def apply(order):
    return order - discount
