"""A module of the user that a block imports."""

WORD = "word"
