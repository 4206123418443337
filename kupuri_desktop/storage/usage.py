"""Counts what models used: tokens, images, and money in whole millionths of a dollar."""

from dataclasses import dataclass
from datetime import UTC, datetime

import peewee

from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.tables import UsageRow, sealed, to_micros


@dataclass(frozen=True, slots=True)
class Totals:
    """micro_usd: millionths of a US dollar."""

    input_tokens: int = 0
    output_tokens: int = 0
    images: int = 0
    micro_usd: int = 0


class UsageStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        model: ModelRef,
        *,
        input_tokens: int = 0,
        output_tokens: int = 0,
        images: int = 0,
        micro_usd: int = 0,
        project: str | None = None,
        session: str | None = None,
        run: str | None = None,
    ) -> None:
        values = {
            "created": datetime.now(UTC),
            "model": str(model),
            "project": project,
            "session": session,
            "run": run,
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "images": images,
            "micro_usd": micro_usd,
        }
        row = UsageRow.insert(**sealed(UsageRow, values))
        await self._database.write(lambda database: row.execute(database))

    async def totals(self, since: datetime | None = None) -> dict[ModelRef, Totals]:
        """By model; of everything, or of what was used since a moment."""
        start = 0 if since is None else to_micros(since)

        def work(database: peewee.Database) -> dict[ModelRef, Totals]:
            rows = database.execute_sql(
                "SELECT model, sum(input_tokens), sum(output_tokens), sum(images), sum(micro_usd)"
                " FROM usage WHERE created >= ? GROUP BY model ORDER BY model",
                (start,),
            )
            return {ModelRef.parse(model): Totals(*sums) for model, *sums in rows}

        return await self._database.read(work)
