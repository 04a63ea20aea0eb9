discount = eur(10)


def apply(order):
    return order - discount
