from shop.lazy_part import part

VALUE = 1


def value():
    return VALUE + part()
