"""How fast compiled workflows are, beside hand-written code: `make bench`."""
