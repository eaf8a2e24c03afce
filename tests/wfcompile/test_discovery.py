"""`find_files`: which files of a conf folder are read, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wfcompile.discovery import find_files
from wfcompile.settings import SettingsError


def found(conf: Path, *names: str, ignore: str | None = None) -> list[str]:
    """The files of a conf folder that holds `names`, below that folder."""
    for name in names:
        path = conf / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    if ignore is not None:
        (conf / ".confignore").write_text(ignore, encoding="utf-8")
    return [path.relative_to(conf).as_posix() for path in find_files(conf)]


def test_both_suffixes_at_any_depth_in_the_order_of_their_parts(tmp_path: Path) -> None:
    names = ["b.yml", "a-b/z.yaml", "a/deep/er/y.yml", "a/x.yml", "B.yml", ".h/w.yml"]
    others = ["c.py", "d.yml.txt", "e.YML", ".yml", "f.json", "yml"]
    assert found(tmp_path / "conf", *names, *others) == [
        ".h/w.yml",
        "B.yml",
        "a/deep/er/y.yml",
        "a/x.yml",
        "a-b/z.yaml",
        "b.yml",
    ]


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    assert find_files(tmp_path) == []


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ("draft_\n", ["a.yml", "old/b.yml", "sub/old/c.yml"]),
        ("old\n", ["a.yml", "draft_d.yml"]),
        ("old/\n", ["a.yml", "draft_d.yml"]),
        ("sub/old", ["a.yml", "draft_d.yml", "old/b.yml"]),
        ("conf/old\n", ["a.yml", "draft_d.yml", "sub/old/c.yml"]),
        ("/[ad]*.yml\n", ["old/b.yml", "sub/old/c.yml"]),
        ("/?.yml\n", ["draft_d.yml"]),
        ("\n# old\n  \n  draft_  \n", ["a.yml", "old/b.yml", "sub/old/c.yml"]),
        ("\ufeffold\r\na.yml\r\n", ["draft_d.yml"]),
        ("/\n", ["a.yml", "draft_d.yml", "old/b.yml", "sub/old/c.yml"]),
        ("OLD\n", ["a.yml", "draft_d.yml", "old/b.yml", "sub/old/c.yml"]),
        ("conf\n", []),
    ],
)
def test_confignore(tmp_path: Path, ignore: str, left: list[str]) -> None:
    names = ["a.yml", "old/b.yml", "sub/old/c.yml", "draft_d.yml"]
    assert found(tmp_path / "conf", *names, ignore=ignore) == left


def test_the_name_of_the_ignore_file_is_a_pattern(tmp_path: Path) -> None:
    assert found(tmp_path, "a.yml", "x.confignore.yml", ignore="") == ["a.yml"]


def test_an_ignore_file_counts_in_the_conf_folder_only(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".confignore").write_text("a")
    assert found(tmp_path, "sub/a.yml") == ["sub/a.yml"]


def test_a_folder_above_the_conf_folder_hides_nothing(tmp_path: Path) -> None:
    conf = tmp_path / "draft_project" / "conf"
    assert found(conf, "a.yml", ignore="draft_\n") == ["a.yml"]


def test_a_single_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.touch()
    (tmp_path / ".confignore").write_text("draft")
    assert find_files(path) == [path]


def test_a_link_to_a_file_is_a_file_and_one_to_a_folder_is_left(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.yml").touch()
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "link.yml").symlink_to(tmp_path / "other" / "a.yml")
    (conf / "gone.yml").symlink_to(tmp_path / "missing.yml")
    (conf / "folder").symlink_to(tmp_path / "other")
    (conf / "round").symlink_to(conf)
    assert found(conf) == ["gone.yml", "link.yml"]


def test_an_ignore_file_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf" / ".confignore").mkdir(parents=True)
    with pytest.raises(SettingsError) as caught:
        find_files(tmp_path / "conf")
    assert (str(caught.value), caught.value.help) == (
        '"conf/.confignore" cannot be read: is a directory',
        "let this user read it, or move it away",
    )


def test_an_ignore_file_in_another_encoding_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".confignore").write_bytes("entwürfe".encode("latin-1"))
    with pytest.raises(SettingsError) as caught:
        find_files(tmp_path)
    assert (str(caught.value), caught.value.help) == (
        '".confignore" is not UTF-8',
        "save it as UTF-8",
    )


def test_a_folder_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf" / "locked").mkdir(parents=True)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    # root may read every folder, so the system's answer is made here
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(SettingsError) as caught:
        find_files(tmp_path / "conf")
    assert str(caught.value) == '"conf/locked" cannot be read: permission denied'
