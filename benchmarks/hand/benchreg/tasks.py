"""What the hand-written programs call; nothing but the standard library."""


def one() -> dict[str, int]:
    return {"n": 1}
