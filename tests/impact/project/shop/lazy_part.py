def part():
    return 0
