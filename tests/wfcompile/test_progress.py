"""The progress bar: late, on a terminal alone, and gone at the end."""

import io

import pytest

from wfcompile.commands.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("is_slow", [True, False])
def test_the_bar_comes_late_and_leaves(
    is_slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream, times = Terminal(), iter([0.0, 0.4, 0.6, 0.7] if is_slow else [0.0] * 4)
    with Progress(stream, lambda: next(times)) as progress:
        progress(0, 4, "first")
        assert stream.getvalue() == ""
        progress(1, 4, "second")
        progress(3, 4, "a\x1b[2J")
    drawn = stream.getvalue()
    if is_slow:
        assert "1/4  second" in drawn
        assert "3/4  a\\x1b[2J" in drawn
        assert drawn.endswith("\x1b[1A\x1b[2K")
    else:
        assert drawn == ""


def test_no_bar_where_there_is_no_terminal() -> None:
    stream, times = io.StringIO(), iter([0.0, 9.0])
    with Progress(stream, lambda: next(times)) as progress:
        progress(1, 4, "second")
    assert stream.getvalue() == ""
