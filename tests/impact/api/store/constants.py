from dataclasses import dataclass
from enum import Enum

RATE = 3
LIMIT = 10
WORDS = ["a", "b"]
_PRIVATE = 1


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Size:
    width: int = 1
    height: int = 2


def squares():
    return {number: number * number for number in range(3)}


SQUARES = squares()
