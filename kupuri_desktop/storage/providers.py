"""Keeps the servers and services that somebody has set up; their keys stay in the keyring."""

from dataclasses import dataclass

import peewee

from kupuri_desktop.storage.database import Database

_COLUMNS = "id, kind, name, address, secret"


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """`kind` is the protocol it speaks; `secret` names its key in the keyring, empty for none."""

    id: str
    kind: str
    name: str
    address: str = ""
    secret: str = ""


class Providers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self) -> "list_of_providers":
        """By their names."""

        def work(database: peewee.Database) -> list_of_providers:
            rows = database.execute_sql(f"SELECT {_COLUMNS} FROM provider ORDER BY name, id")
            return [ProviderRecord(*row) for row in rows]

        return await self._database.read(work)

    async def save(self, provider: ProviderRecord) -> None:
        """A new one, or what an old one (the same id) has become."""

        def work(database: peewee.Database) -> None:
            database.execute_sql(
                f"INSERT INTO provider ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name,"
                " address = excluded.address, secret = excluded.secret",
                (provider.id, provider.kind, provider.name, provider.address, provider.secret),
            )

        await self._database.write(work)

    async def delete(self, provider_id: str) -> None:
        """Also of what was never there; its key stays in the keyring until it is deleted there."""

        def work(database: peewee.Database) -> None:
            database.execute_sql("DELETE FROM provider WHERE id = ?", (provider_id,))

        await self._database.write(work)


list_of_providers = list[ProviderRecord]
