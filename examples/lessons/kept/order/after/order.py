def total(order):
    shipping = eur(4.90)
    return order.sum + shipping
