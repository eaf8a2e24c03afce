"""Time zones as a crontab needs them: which one the host has, how far two are apart over a year.

A plain cron knows one zone, its own; a `CRON_TZ` line does not move its schedule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from wfcompile.diagnostics import did_you_mean

YEARS = 10
"""How many years a block is right for."""
_DATABASE = "zoneinfo/"


class UnknownZone(Exception):
    """A zone that cannot be told; `help` is an order to follow."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


def check_zone(name: str) -> str:
    """The name, of a zone that there is.

    Raises:
        UnknownZone: with a suggestion when a name is close.
    """
    if _is_zone(name):
        return name
    help = did_you_mean(name, available_timezones())
    raise UnknownZone(
        f'there is no time zone "{name}"', help or "a zone is called like Europe/Berlin"
    )


def host_zone(
    environment: Mapping[str, str], year: int, etc: Path = Path("/etc")
) -> str:
    """The zone in which the host's cron reads its lines.

    Raises:
        UnknownZone: when the system does not tell, or `TZ` tells another one: whether cron was
            started with that variable cannot be seen from here.
    """
    system = _system_zone(etc)
    # an empty one is UTC to the C library, one with a colon is the same without it
    own = environment.get("TZ", system or "").removeprefix(":") or "UTC"
    if not _is_zone(own):
        raise UnknownZone(f'TZ is "{own}", which is no zone of the database', _GIVE_ONE)
    if system is None:
        raise UnknownZone("the host does not tell its time zone", _GIVE_ONE)
    if differences(system, own, year) != (0,):
        raise UnknownZone(
            f'TZ is "{own}", but the host is in "{system}", and cron may follow either',
            _GIVE_ONE,
        )
    return system


_GIVE_ONE = "give the zone of its cron with --tz"


@cache
def differences(entry: str, host: str, year: int) -> tuple[int, ...]:
    """By how many minutes the host's clock is ahead of the entry's in the next years, sorted.

    Looked at noon (UTC) of each day, so that two zones that change on one day do so together.
    """
    noon = datetime(year, 1, 1, 12, tzinfo=timezone.utc)
    theirs, ours = ZoneInfo(entry), ZoneInfo(host)
    found = {
        _offset(noon + timedelta(days), ours) - _offset(noon + timedelta(days), theirs)
        for days in range(YEARS * 366)
    }
    return tuple(sorted(minutes // timedelta(minutes=1) for minutes in found))


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _system_zone(etc: Path) -> str | None:
    """As the C library has it: /etc/localtime, UTC without one; None when it has no name."""
    localtime = etc / "localtime"
    if not localtime.exists():
        return "UTC"
    name = str(localtime.resolve()).rpartition(_DATABASE)[2]
    if localtime.is_symlink() and _is_zone(name):
        return name
    try:
        name = (etc / "timezone").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if _is_zone(name) else None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
