"""Compound commands of a script: what their commands read, and what they print as one.

`Blocks` keeps those that are open. Behind the word that closes one there may be redirections, so it
ends only after these.
"""

from __future__ import annotations

from dataclasses import dataclass

from wfcompile.expressions.shell_flow import Flows, prints, reads
from wfcompile.expressions.shell_scopes import Block
from wfcompile.expressions.shell_tree import Command, Output, joined


@dataclass(frozen=True, slots=True)
class _Frame:
    """A compound command that is open.

    Attributes:
        mark: how much was printed before.
        input: the name of what its commands read.
        piped: what stands in front of a pipe into it.
        function: whose body it is.
    """

    mark: int
    input: str
    piped: Output | None
    function: str | None


class Blocks:
    """The compound commands of one script.

    Attributes:
        printed: what the commands of the innermost open block printed, and of those around it.
        defines: the function whose body is the block that begins next.
    """

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self.printed: list[Output] = []
        self.defines: str | None = None
        self._frames: list[_Frame] = []
        # the block that is closed, but may have redirections still, and what it printed
        self._closed: _Frame | None = None
        self._whole = Output()

    @property
    def has_ended(self) -> bool:
        """Whether a block is closed whose redirections may follow."""
        return self._closed is not None

    def open(self, block: Block, piped: Output | None) -> None:
        """A block begins; `piped` is what stands in front of a pipe into it."""
        scopes = self._flows.scopes
        function, self.defines = self.defines, None
        input = scopes.new_input() if function is None else reads(function)
        self._frames.append(_Frame(len(self.printed), input, piped, function))
        scopes.open(block, function, input)

    def close(self) -> None:
        """Behind a compound command: what it printed may go into a pipe as one."""
        if not self._frames:
            return
        if self.has_ended:
            self.printed.append(self.end(Command()))
        frame = self._closed = self._frames.pop()
        self._whole = joined(self.printed[frame.mark :])
        del self.printed[frame.mark :]
        self._flows.scopes.close()

    def end(self, redirections: Command) -> Output:
        """Behind the redirections of the block that is closed; what it prints."""
        frame, self._closed = self._closed, None
        assert frame is not None
        given = self._flows.input(redirections)
        if not redirections.has_input:
            given = frame.piped or Output(names=(self._flows.scopes.input,))
        if frame.function is None or redirections.has_input:
            self._flows.feed(frame.input, given)
        for target in redirections.targets:
            self._flows.write(target, self._whole)
        output = Output() if redirections.is_redirected else self._whole
        self._whole = Output()
        if frame.function is None:
            return output
        self._flows.feed(prints(frame.function), output)
        return Output()

    def finish(self) -> Output:
        """At the end of the script: what all of it prints."""
        while self._frames:
            self.close()
        if self.has_ended:
            self.printed.append(self.end(Command()))
        return joined(self.printed)
