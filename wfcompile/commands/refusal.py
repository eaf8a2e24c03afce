"""Why a command cannot do what it was asked to: one line and exit code 2."""

from __future__ import annotations


class Refusal(Exception):
    """Nothing is wrong with a workflow, but with the request or the machine.

    `help` is an order to follow.
    """

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help

    def __str__(self) -> str:
        """
        >>> str(Refusal('there is no "conf"', "name another folder"))
        'there is no "conf"; name another folder'
        """
        message = super().__str__()
        return f"{message}; {self.help}" if self.help else message
