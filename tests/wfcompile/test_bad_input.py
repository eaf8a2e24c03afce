"""What a file system and an editor can do to a project: `wfc` says so in a line, and goes on.

Nothing here is a traceback, and nothing hangs.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wfcompile.cli import main

LIBC = ctypes.CDLL(None)
CAPABILITY_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
PAST_PERMISSIONS = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
SOUND = """\
{name}:
  type: Workflow
  jobs:
    load:
      stages:
        - name: Load
          echo: loading
"""
BUILT = "1 workflow: 1 written, 0 unchanged, 0 removed -> build/"
UNREADABLE = "make it a file that this user may read, or list it in .confignore"
Outcome = tuple[int, str, str]
Wfc = Callable[..., Outcome]


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory: `conf/sound.yml`, in a folder that every user may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "conf").mkdir()
    (folder / "conf" / "sound.yml").write_text(SOUND.format(name="sound"))
    monkeypatch.chdir(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def wfc(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Wfc:
    """Exit code, output and error output of a command in the project."""
    for variable in ("CONF_PATH", "REGISTRY_CALLER", "REGISTRY_FILTER"):
        monkeypatch.delenv(f"WORKFLOW_CORE_{variable}", raising=False)

    def run(*words: str) -> Outcome:
        monkeypatch.setattr("sys.argv", ["wfc", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code, out, err

    return run


@contextmanager
def as_its_owner() -> Iterator[None]:
    """Root may read and write everything: here it obeys the permissions of its own files."""
    if os.geteuid() != 0:
        yield
        return
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    had, less = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    assert LIBC.capget(header, had) == 0
    less[:] = had
    less[0] &= ~PAST_PERMISSIONS
    assert LIBC.capset(header, less) == 0
    try:
        yield
    finally:
        assert LIBC.capset(header, had) == 0


# --- what is no file to read ---


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "it is a pipe or a device"),
        (lambda path: os.symlink("gone.yml", path), "no such file or directory"),
        (lambda path: os.symlink("odd.yml", path), "too many levels of symbolic links"),
        (lambda path: os.symlink("/dev/zero", path), "it is a pipe or a device"),
    ],
    ids=["pipe", "dangling link", "link to itself", "device"],
)
def test_what_is_no_file_stops_no_other_one(
    project: Path, wfc: Wfc, make: Callable[[Path], None], reason: str
) -> None:
    make(project / "conf" / "odd.yml")
    told = (
        f'conf/odd.yml:1:1: error WF001: "conf/odd.yml" cannot be read: {reason}\n'
        f"   = help: {UNREADABLE}\n\n"
    )
    assert wfc("check") == (1, f"{told}1 workflow: 1 error\n", "")
    assert wfc("build") == (1, f"{BUILT}; 1 error\n", told)


def test_a_folder_may_be_called_like_a_file(project: Path, wfc: Wfc) -> None:
    (project / "conf" / "more.yml").mkdir()
    (project / "conf" / "more.yml" / "a.yml").write_text(SOUND.format(name="more"))
    assert wfc("check") == (0, "2 workflows: no errors\n", "")


def test_a_folder_that_links_to_itself_is_read_once(project: Path, wfc: Wfc) -> None:
    (project / "conf" / "again").symlink_to(".")
    assert wfc("check") == (0, "1 workflow: no errors\n", "")


@pytest.mark.parametrize("content", [b"", b"# later\n", b"\xef\xbb\xbf", b"---\n"])
def test_an_empty_file_is_no_mistake(project: Path, wfc: Wfc, content: bytes) -> None:
    (project / "conf" / "later.yml").write_bytes(content)
    assert wfc("check") == (0, "1 workflow: no errors\n", "")


@pytest.mark.parametrize("folder", ["conf", "conf/none.txt"])
def test_nothing_to_compile_is_a_warning(project: Path, wfc: Wfc, folder: str) -> None:
    (project / "conf" / "sound.yml").unlink()
    (project / "conf" / "none.txt").touch()
    where = "in" if folder.endswith(".txt") else "below"
    warning = f'wfc: warning: there is no workflow {where} "{folder}"\n'
    assert wfc("check", folder) == (0, "0 workflows: no errors\n", warning)
    assert wfc("build", folder) == (
        0,
        "0 workflows: 0 written, 0 unchanged, 0 removed -> build/\n",
        warning,
    )


def test_a_workflow_whose_name_no_file_can_have(project: Path, wfc: Wfc) -> None:
    (project / "conf" / "long.yml").write_text(SOUND.format(name="long" * 75))
    code, out, err = wfc("build")
    assert (code, out) == (
        1,
        "2 workflows: 1 written, 0 unchanged, 0 removed -> build/; 1 error\n",
    )
    assert err.startswith(
        'conf/long.yml:1:1: error WF308: workflow "longlonglonglonglonglonglonglonglongl..."'
        " has a name of 300 bytes, expected at most 200\n"
    )


# --- what this user may not do ---


@pytest.mark.parametrize(
    ("locked", "outcome"),
    [
        (
            "conf/odd.yml",
            (
                1,
                'conf/odd.yml:1:1: error WF001: "conf/odd.yml" cannot be read: '
                f"permission denied\n   = help: {UNREADABLE}\n\n"
                "1 workflow: 1 error\n",
                "",
            ),
        ),
        ("conf", (2, "", "conf")),
        ("conf/below", (2, "", "conf/below")),
        ("conf/.confignore", (2, "", "conf/.confignore")),
        ("wfc.toml", (2, "", "wfc.toml")),
    ],
)
def test_what_may_not_be_read(
    project: Path, wfc: Wfc, locked: str, outcome: Outcome
) -> None:
    path = project / locked
    if not path.exists():
        path.mkdir() if path.name == "below" else path.touch()
    code, out, err = outcome
    if err:
        err = (
            f'wfc: "{err}" cannot be read: permission denied; '
            "let this user read it, or move it away\n"
        )
    path.chmod(0)
    try:
        with as_its_owner():
            assert wfc("check") == (code, out, err)
    finally:
        path.chmod(0o755)


def test_a_caller_module_that_may_not_be_read(project: Path, wfc: Wfc) -> None:
    call = "          uses: tasks/load@v1\n"
    text = SOUND.format(name="sound").replace("          echo: loading\n", call)
    (project / "conf" / "sound.yml").write_text(text)
    (project / "conf" / "tasks.py").touch()
    (project / "conf" / "tasks.py").chmod(0)
    with as_its_owner():
        code, out, err = wfc("check")
    assert (code, err) == (1, "")
    assert out == (
        'conf/tasks.py:1:1: error WF411: caller module "tasks" cannot be read: '
        "permission denied\n"
        "   = note: conf/sound.yml:7: it is used here\n"
        "   = help: mend the file\n\n"
        "1 workflow: 1 error\n"
    )


def test_a_build_folder_that_may_not_be_written(project: Path, wfc: Wfc) -> None:
    (project / "build").mkdir(mode=0o555)
    with as_its_owner():
        outcome = wfc("build")
    assert outcome == (
        2,
        "",
        'wfc: "sound.py" cannot be written: permission denied (build/sound.py); '
        "name a folder with -o that this user may read and write\n",
    )


def test_what_stands_in_the_way_of_the_build(project: Path, wfc: Wfc) -> None:
    (project / "build").touch()
    assert wfc("build") == (
        2,
        "",
        'wfc: "build" is no folder (build); name another with -o\n',
    )
    (project / "build").unlink()
    (project / "build" / "sound.py").mkdir(parents=True)
    assert wfc("build") == (
        2,
        "",
        'wfc: "sound.py" is a folder (build/sound.py); move it away\n',
    )
