"""Keeps the settings: those that differ from what Kupuri comes with."""

import json
from contextlib import suppress

import peewee
from pydantic import ValidationError

from kupuri_desktop.core.settings import Settings
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.tables import SettingRow, sealed


class SettingsStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Settings:
        """A value that this Kupuri does not accept is left at its default."""

        def work(database: peewee.Database) -> Settings:
            return load_settings(database)

        return await self._database.read(work)

    async def save(self, settings: Settings) -> None:
        await self._database.write(lambda database: _store(database, settings))


def load_settings(database: peewee.Database) -> Settings:
    rows = SettingRow.select(SettingRow.name, SettingRow.value).tuples().execute(database)
    values = {}
    for name, value in rows:
        with suppress(ValueError):
            values[name] = json.loads(value)
    while True:
        try:
            return Settings.model_validate(values)
        except ValidationError as error:
            for wrong in error.errors():
                values.pop(str(wrong["loc"][0]), None)


def _store(database: peewee.Database, settings: Settings) -> None:
    defaults = Settings().model_dump(mode="json")
    values = {
        name: value
        for name, value in settings.model_dump(mode="json").items()
        if name not in defaults or defaults[name] != value
    }
    SettingRow.delete().execute(database)
    for name, value in values.items():
        row = sealed(SettingRow, {"name": name, "value": json.dumps(value)})
        SettingRow.insert(**row).execute(database)
