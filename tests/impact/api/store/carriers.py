class Fast:
    days = 1


class Slow:
    days = 9
