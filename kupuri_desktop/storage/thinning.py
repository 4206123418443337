"""Says which backups to keep: all of the last days, then fewer and fewer."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

ALL_FOR = timedelta(days=2)
DAILY_FOR = ALL_FOR + timedelta(days=12)
WEEKLY_FOR = DAILY_FOR + timedelta(weeks=10)
MONTHLY_FOR = WEEKLY_FOR + timedelta(days=9 * 31)


def worth_keeping(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """All of two days, then one a day for 12, one a week for 10, one a month for 9.

    The newest of each day, week and month by the calendar (UTC), so that what is kept today is
    not lost tomorrow for want of its neighbours. The newest of all is always kept.
    """
    kept: set[datetime] = set()
    seen: set[tuple[object, ...]] = set()
    for moment in sorted(moments, reverse=True):
        period = _period(now - moment)
        if period is None:
            if not kept:
                kept.add(moment)
            continue
        bucket = period(moment)
        if bucket not in seen:
            seen.add(bucket)
            kept.add(moment)
    return kept


def _period(age: timedelta) -> Callable[[datetime], tuple[object, ...]] | None:
    if age <= ALL_FOR:
        return lambda moment: ("each", moment)
    if age <= DAILY_FOR:
        return lambda moment: ("day", moment.date())
    if age <= WEEKLY_FOR:
        return lambda moment: ("week", *moment.isocalendar()[:2])
    if age <= MONTHLY_FOR:
        return lambda moment: ("month", moment.year, moment.month)
    return None
