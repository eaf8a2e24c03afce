"""The block of a crontab, read again as cron and sh read it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from wfcompile import ir
from wfcompile.crontab import CrontabError, Host, render_crontab
from wfcompile.crontab.zones import UnknownZone, check_zone, differences, host_zone
from wfcompile.names import module_name
from wfcompile.types import STR

HOST = Host(
    zone="Etc/UTC",
    python=Path("/srv/etl/.venv/bin/python"),
    root=Path("/srv/etl"),
    build=Path("/srv/etl/build"),
    year=2026,
)
HEAD = """\
# BEGIN wfc /srv/etl
# written by wfc cron for a cron in the time zone Etc/UTC
"""
CALL = (
    "cd /srv/etl && env PATH=/srv/etl/.venv/bin:/usr/local/bin:/usr/bin:/bin "
    "/srv/etl/.venv/bin/python /srv/etl/build/{}.py --quiet --scheduled"
)


def module(
    name: str,
    *schedules: ir.Schedule,
    parameters: tuple[ir.Parameter, ...] = (),
    env_lines: tuple[tuple[str, int], ...] = (),
) -> ir.Module:
    return ir.Module(
        name=name,
        module=module_name(name),
        source=f"conf/{name}.yml",
        description=None,
        parameters=parameters,
        schedules=schedules,
        timeout_s=None,
        jobs=(),
        search_path=(),
        env_lines=env_lines,
    )


def parameter(name: str, *, required: bool) -> ir.Parameter:
    metadata = (("required", True),) if required else ()
    return ir.Parameter(name, name.replace("-", "_"), STR, False, None, metadata)


def entry_lines(*modules: ir.Module, host: Host = HOST) -> list[str]:
    """The block without its head and marks."""
    return render_crontab(modules, host).split("\n\n", 1)[1].splitlines()[:-2]


def test_one_line_an_entry() -> None:
    daily = ir.Schedule("30 7 * * 1-5", "UTC")
    two = (ir.Schedule("*/5 * * * *", "UTC"), ir.Schedule("0 0 1 * *", "UTC"))
    block = render_crontab([module("a-daily", daily), module("b", *two)], HOST)
    assert block == f"""\
{HEAD}
# a-daily (conf/a-daily.yml): "30 7 * * 1-5" UTC
30 7 * * 1-5 {CALL.format("a_daily")}

# b (conf/b.yml): "*/5 * * * *" UTC
*/5 * * * * {CALL.format("b")}

# b (conf/b.yml): "0 0 1 * *" UTC
0 0 1 * * {CALL.format("b")}

# END wfc /srv/etl
"""


def test_nothing_scheduled_is_no_block() -> None:
    assert render_crontab([module("a")], HOST) == ""


def test_what_is_left_out_is_said() -> None:
    scheduled = module("a", ir.Schedule("0 0 * * *", "UTC"))
    block = render_crontab([scheduled], HOST, left_out=["conf/b.yml has\nerrors"])
    assert block.startswith(f"{HEAD}# left out: conf/b.yml has\\nerrors\n\n")


def test_a_zone_at_a_fixed_distance_is_converted() -> None:
    assert entry_lines(module("a", ir.Schedule("0 2 * * 1", "Asia/Kolkata"))) == [
        '# a (conf/a.yml): "0 2 * * 1" Asia/Kolkata',
        f"30 20 * * 0 {CALL.format('a')}",
    ]


def test_zones_that_change_together_are_at_a_fixed_distance() -> None:
    paris = Host("Europe/Paris", HOST.python, HOST.root, HOST.build, 2026)
    scheduled = module("a", ir.Schedule("15 6 * * 1-5", "Europe/Berlin"))
    assert entry_lines(scheduled, host=paris) == [
        '# a (conf/a.yml): "15 6 * * 1-5" Europe/Berlin',
        f"15 6 * * 1-5 {CALL.format('a')}",
    ]


def test_a_zone_that_changes_has_a_line_for_each_distance() -> None:
    block = render_crontab(
        [module("a", ir.Schedule("30 1 * * *", "Europe/Berlin"))], HOST
    )
    assert block.splitlines()[3:-2] == [
        '# a (conf/a.yml): "30 1 * * *" Europe/Berlin',
        "# does nothing but while Europe/Berlin is 1:00 ahead of Etc/UTC",
        f"30 0 * * * {CALL.format('a')}",
        "# does nothing but while Europe/Berlin is 2:00 ahead of Etc/UTC",
        f"30 23 * * * {CALL.format('a')}",
    ]


def test_a_host_that_changes_has_a_line_for_each_distance() -> None:
    york = Host("America/New_York", HOST.python, HOST.root, HOST.build, 2026)
    lines = entry_lines(module("a", ir.Schedule("0 12 * * *", "UTC")), host=york)
    assert lines[1::2] == [
        "# does nothing but while UTC is 5:00 ahead of America/New_York",
        "# does nothing but while UTC is 4:00 ahead of America/New_York",
    ]
    assert [line.split(" *")[0] for line in lines[2::2]] == ["0 7", "0 8"]


def test_a_line_that_is_right_at_each_distance_is_one_line() -> None:
    assert entry_lines(module("a", ir.Schedule("*/5 * * * *", "Europe/Berlin"))) == [
        '# a (conf/a.yml): "*/5 * * * *" Europe/Berlin',
        f"*/5 * * * * {CALL.format('a')}",
    ]


def test_a_year_cannot_be_said() -> None:
    block = render_crontab([module("a", ir.Schedule("0 0 1 1 * 2027", "UTC"))], HOST)
    assert block.splitlines()[3:-2] == [
        '# a (conf/a.yml): "0 0 1 1 * 2027" UTC',
        "# fires in every year, does nothing but in 2027",
        f"0 0 1 1 * {CALL.format('a')}",
    ]


def test_days_that_cannot_be_said_are_more_days() -> None:
    block = render_crontab(
        [module("a", ir.Schedule("0 0 * 3 1", "Asia/Bangkok"))], HOST
    )
    assert block.splitlines()[3:-2] == [
        '# a (conf/a.yml): "0 0 * 3 1" Asia/Bangkok',
        "# fires on more days than are meant in Asia/Bangkok, does nothing on the others",
        f"0 17 * 2,3 0 {CALL.format('a')}",
    ]


def test_params_of_the_schedule_are_no_words_of_the_line() -> None:
    schedule = ir.Schedule("0 3 * * *", "UTC", (("mode", ir.Const("delete")),))
    required = (parameter("mode", required=True), parameter("free", required=False))
    assert entry_lines(module("a", schedule, parameters=required)) == [
        '# a (conf/a.yml): "0 3 * * *" UTC',
        f"0 3 * * * {CALL.format('a')}",
    ]


def test_a_required_param_without_a_value_fails() -> None:
    schedule = ir.Schedule("0 3 * * *", "UTC")
    block = render_crontab(
        [module("a", schedule, parameters=(parameter("day", required=True),))], HOST
    )
    assert block.splitlines()[3:-2] == [
        '# a (conf/a.yml): "0 3 * * *" UTC',
        '# fails: the schedule sets no value for the required param "day"',
        f"0 3 * * * {CALL.format('a')}",
    ]


def test_variables_that_cron_does_not_have_are_named() -> None:
    schedule = ir.Schedule("0 3 * * *", "UTC")
    lines = entry_lines(module("a", schedule, env_lines=(("TOKEN", 3), ("ROOT", 5))))
    assert lines[1] == (
        "# reads TOKEN, ROOT: cron has only what is set above in the crontab"
    )


def test_a_name_cannot_add_a_line() -> None:
    schedule = ir.Schedule("0 3 * * *", "UTC")
    evil = module("a\n* * * * * rm -rf /", schedule, env_lines=(("B\nC", 1),))
    assert entry_lines(evil)[:2] == [
        "# a\\n* * * * * rm -rf / (conf/a\\n* * * * * rm -rf /.yml): "
        '"0 3 * * *" UTC',
        "# reads B\\nC: cron has only what is set above in the crontab",
    ]


def test_a_path_with_a_line_break_is_refused() -> None:
    host = Host("UTC", HOST.python, Path("/srv/a\nb"), HOST.build, 2026)
    with pytest.raises(CrontabError) as caught:
        render_crontab([module("a", ir.Schedule("0 3 * * *", "UTC"))], host)
    assert str(caught.value) == 'a crontab cannot hold the path "/srv/a\\nb"'


# --- as cron and sh read it ---


def command_of(line: str) -> str:
    """What a plain cron hands to sh: the rest of the line up to a bare %, escapes undone."""
    rest, command = iter(line.split(" ", 5)[5]), ""
    for character in rest:
        if character == "%":
            break
        if character == "\\":
            following = next(rest)
            character = following if following in "%\\" else character + following
        command += character
    return command


@pytest.mark.parametrize(
    "folder",
    ["plain", "a b", "50%", 'it\'s "so"', "$HOME `x`", "back\\slash\\%", "größe"],
)
def test_sh_runs_the_module_in_its_folder(tmp_path: Path, folder: str) -> None:
    root = tmp_path / folder
    (root / "build").mkdir(parents=True)
    (root / "build" / "a.py").write_text(
        "import json, os, sys\n"
        "open('told.json', 'w').write(json.dumps([os.getcwd(), *sys.argv]))\n"
    )
    host = Host("UTC", Path(sys.executable), root, root / "build", 2026)
    schedule = ir.Schedule("0 3 * * *", "UTC", (("day", ir.Const(1)),))
    (line,) = entry_lines(module("a", schedule), host=host)[1:]
    sh = shutil.which("sh")
    assert sh is not None
    subprocess.run([sh, "-c", command_of(line)], check=True, cwd="/", timeout=60)
    assert json.loads((root / "told.json").read_text()) == [
        str(root),
        str(root / "build" / "a.py"),
        "--quiet",
        "--scheduled",
    ]


# --- zones ---


def etc(
    folder: Path, *, localtime: str | None = None, timezone: str | None = None
) -> Path:
    if localtime is not None:
        zone = folder / "zoneinfo" / localtime
        zone.parent.mkdir(parents=True)
        zone.touch()
        (folder / "localtime").symlink_to(zone)
    if timezone is not None:
        (folder / "timezone").write_text(f"{timezone}\n")
    return folder


@pytest.mark.parametrize(
    ("environment", "files", "expected"),
    [
        ({}, {}, "UTC"),
        ({}, {"localtime": "Europe/Berlin"}, "Europe/Berlin"),
        ({}, {"localtime": "nowhere", "timezone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ({"TZ": ":Europe/Paris"}, {"localtime": "Europe/Berlin"}, "Europe/Berlin"),
        ({"TZ": ""}, {"localtime": "Etc/UTC"}, "Etc/UTC"),
    ],
)
def test_the_zone_of_the_host(
    tmp_path: Path, environment: Mapping[str, str], files: dict[str, str], expected: str
) -> None:
    assert host_zone(environment, 2026, etc(tmp_path, **files)) == expected


@pytest.mark.parametrize(
    ("environment", "files", "message"),
    [
        ({}, {"localtime": "nowhere"}, "the host does not tell its time zone"),
        (
            {"TZ": "EST5EDT,M3.2.0"},
            {},
            'TZ is "EST5EDT,M3.2.0", which is no zone of the database',
        ),
        (
            {"TZ": "America/New_York"},
            {"localtime": "Europe/Berlin"},
            'TZ is "America/New_York", but the host is in "Europe/Berlin", '
            "and cron may follow either",
        ),
    ],
)
def test_a_zone_is_not_guessed(
    tmp_path: Path, environment: Mapping[str, str], files: dict[str, str], message: str
) -> None:
    with pytest.raises(UnknownZone) as caught:
        host_zone(environment, 2026, etc(tmp_path, **files))
    assert str(caught.value) == message
    assert caught.value.help == "give the zone of its cron with --tz"


def test_an_unknown_zone_has_a_suggestion() -> None:
    with pytest.raises(UnknownZone) as caught:
        check_zone("Europe/Berlim")
    assert str(caught.value) == 'there is no time zone "Europe/Berlim"'
    assert caught.value.help == 'did you mean "Europe/Berlin"?'


@pytest.mark.parametrize(
    ("entry", "host", "expected"),
    [
        ("UTC", "Etc/UTC", (0,)),
        ("Europe/Berlin", "Etc/UTC", (-120, -60)),
        ("Asia/Kolkata", "Etc/UTC", (-330,)),
        ("America/New_York", "America/Chicago", (-60,)),
        ("Europe/Berlin", "America/New_York", (-360, -300)),
    ],
)
def test_differences(entry: str, host: str, expected: tuple[int, ...]) -> None:
    assert differences(entry, host, 2026) == expected


def test_a_command_that_cron_would_cut_off() -> None:
    root = Path("/srv") / ("x" * 240)
    host = Host("UTC", root / "bin" / "python", root, root / "build", 2026)
    with pytest.raises(CrontabError) as caught:
        render_crontab([module("a", ir.Schedule("0 3 * * *", "UTC"))], host)
    assert str(caught.value).startswith(
        "the command is longer than the 998 bytes that cron takes"
    )
