"""The build folder: only our files change, only when their bytes do, in one step each."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wfcompile.header import header
from wfcompile.write import WriteError, WriteReport, check_build, write_build

HEAD = header("conf/a.yml") + "\n"


def files(build: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in build.iterdir()}


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    build = tmp_path / "deep" / "build"
    report = write_build(build, {"b.py": HEAD, "a.py": HEAD})
    assert report == WriteReport(("a.py", "b.py"), (), ())
    assert files(build) == {"a.py": HEAD, "b.py": HEAD}


def test_what_is_the_same_is_not_touched(tmp_path: Path) -> None:
    write_build(tmp_path, {"a.py": HEAD, "b.py": HEAD})
    before = (tmp_path / "a.py").stat()
    report = write_build(tmp_path, {"a.py": HEAD, "b.py": HEAD + "x = 1\n"})
    assert report == WriteReport(("b.py",), ("a.py",), ())
    after = (tmp_path / "a.py").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_the_mode_stays_and_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_build(tmp_path, {"a.py": HEAD})
        assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == 0o640
        (tmp_path / "a.py").chmod(0o755)
        write_build(tmp_path, {"a.py": HEAD + "x = 1\n"})
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == 0o755


def test_orphans_go_and_the_rest_stays(tmp_path: Path) -> None:
    own = "import os\n"
    write_build(tmp_path, {"a.py": HEAD, "old.py": HEAD, "broken.py": HEAD})
    (tmp_path / "own.py").write_text(own)
    (tmp_path / "note.txt").write_text(HEAD)
    (tmp_path / "folder.py").mkdir()
    report = write_build(tmp_path, {"a.py": HEAD}, keep=["broken.py"])
    assert report == WriteReport((), ("a.py",), ("old.py",))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a.py", "broken.py", "folder.py", "note.txt", "own.py"]


def test_a_file_of_somebody_else_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "b.py").write_text("import os\n")
    with pytest.raises(WriteError) as caught:
        write_build(tmp_path, {"a.py": HEAD, "b.py": HEAD})
    assert str(caught.value) == '"b.py" is there already and was not generated'
    assert caught.value.help == "move it away, or rename the workflow"
    assert files(tmp_path) == {"b.py": "import os\n"}


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    build = tmp_path / "build"
    build.write_text("")
    with pytest.raises(WriteError, match='"build" is no folder'):
        write_build(build, {"a.py": HEAD})


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").mkdir()
    with pytest.raises(WriteError, match='"a.py" is a folder'):
        write_build(tmp_path, {"a.py": HEAD})


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder that this process may enter and not change; root becomes nobody for it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        yield folder
        if is_root:
            os.seteuid(0)


def test_a_folder_that_cannot_be_written(read_only: Path) -> None:
    with pytest.raises(WriteError, match='"a.py" cannot be written: permission denied'):
        write_build(read_only, {"a.py": HEAD})


def test_a_refused_replacement_leaves_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    write_build(tmp_path, {"a.py": HEAD})
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(WriteError, match="no space left on device"):
        write_build(tmp_path, {"a.py": HEAD + "x = 1\n"})
    assert files(tmp_path) == {"a.py": HEAD}


def test_the_check_names_what_is_stale_missing_and_orphaned(tmp_path: Path) -> None:
    write_build(tmp_path, {"a.py": HEAD, "b.py": HEAD + "x = 1\n", "c.py": HEAD})
    texts = {"d.py": HEAD, "a.py": HEAD, "b.py": HEAD + "x = 2\n"}
    found = check_build(tmp_path, texts)
    assert [(each.name, each.kind) for each in found] == [
        ("b.py", "stale"),
        ("c.py", "orphan"),
        ("d.py", "missing"),
    ]
    path = (tmp_path / "b.py").as_posix()
    assert found[0].diff == (
        f"--- {path}\n+++ {path} (compiled)\n@@ -1,2 +1,2 @@\n {HEAD}-x = 1\n+x = 2\n"
    )
    assert check_build(
        tmp_path, {**texts, "b.py": HEAD + "x = 1\n"}, keep=["c.py"]
    ) == [found[2]]


def test_the_check_shows_other_line_ends_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(HEAD.replace("\n", "\r\n").encode() + b"\xff")
    (found,) = check_build(tmp_path, {"a.py": HEAD})
    assert "DO NOT EDIT.\\r\n" in found.diff
    assert "\ufffd\n\\ No newline at end of file\n" in found.diff


def test_a_missing_folder_is_all_missing(tmp_path: Path) -> None:
    (found,) = check_build(tmp_path / "none", {"a.py": HEAD})
    assert found.kind == "missing"
