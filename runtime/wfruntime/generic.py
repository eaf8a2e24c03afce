"""`Generic[P]` for classes that annotations subscript, without importing `typing`.

For the type checker the classes are generic; when the program runs, a subscript gives the
class itself.
"""

from __future__ import annotations


class Generic:
    __slots__ = ()

    def __class_getitem__(cls, parameters: object) -> type:
        return cls


P = M = I = Generic  # noqa: E741  # stand for the type variables of bases
