def total(order):
    shipping = 4.90
    return order.sum + shipping
