"""The schema's history, one module a step; what has been released is never changed again."""

from collections.abc import Callable
from dataclasses import dataclass

import peewee

from kupuri_desktop.storage.migrations import m0001_first, m0002_seals, m0003_palette


@dataclass(frozen=True, slots=True)
class Migration:
    """`upgrade` brings a database from the schema before to `number`, inside one transaction."""

    number: int
    name: str
    upgrade: Callable[[peewee.Database], None]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "first", m0001_first.upgrade),
    Migration(2, "seals", m0002_seals.upgrade),
    Migration(3, "palette", m0003_palette.upgrade),
)

NEWEST = MIGRATIONS[-1].number
