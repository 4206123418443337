"""The tables as peewee models, bound to no database: each query is handed the one to run on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import peewee

from kupuri_desktop.storage.failures import damaged
from kupuri_desktop.storage.seals import seal_row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970; exact, other than floating-point seconds."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """1970 for what is no moment: a damaged date must not keep the rest of its row away."""
    try:
        return EPOCH + timedelta(microseconds=micros)
    except (TypeError, OverflowError):
        return EPOCH


def now_micros() -> int:
    return to_micros(datetime.now(UTC))


class MomentField(peewee.BigIntegerField):
    """An aware datetime, stored as microseconds since 1970."""

    def db_value(self, value: datetime | None) -> int | None:
        return None if value is None else to_micros(value)

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else from_micros(value)


class ProjectRow(peewee.Model):
    id = peewee.TextField(primary_key=True)
    name = peewee.TextField()
    created = MomentField()
    changed = MomentField()
    starred = peewee.BooleanField(default=False)
    trashed = MomentField(null=True)
    text_model = peewee.TextField(null=True)
    image_model = peewee.TextField(null=True)
    seal = peewee.BigIntegerField()

    class Meta:
        table_name = "project"


class SessionRow(peewee.Model):
    id = peewee.TextField(primary_key=True)
    project = peewee.TextField()
    name = peewee.TextField()
    created = MomentField()
    changed = MomentField()
    trashed = MomentField(null=True)
    seal = peewee.BigIntegerField()

    class Meta:
        table_name = "session"


class MessageRow(peewee.Model):
    number = peewee.AutoField()
    id = peewee.TextField(unique=True)
    session = peewee.TextField()
    role = peewee.TextField()
    state = peewee.TextField()
    run = peewee.TextField(null=True)
    model = peewee.TextField()
    input_tokens = peewee.IntegerField()
    output_tokens = peewee.IntegerField()
    created = MomentField()
    parts = peewee.TextField()
    seal = peewee.BigIntegerField()

    class Meta:
        table_name = "message"


class ConfirmationRow(peewee.Model):
    id = peewee.TextField(primary_key=True)
    session = peewee.TextField()
    run = peewee.TextField()
    tool = peewee.TextField()
    arguments = peewee.TextField()
    digest = peewee.TextField()
    state = peewee.TextField()
    created = MomentField()
    answered = MomentField(null=True)
    seal = peewee.BigIntegerField()

    class Meta:
        table_name = "confirmation"


class JobRow(peewee.Model):
    id = peewee.TextField(primary_key=True)
    project = peewee.TextField()
    session = peewee.TextField(null=True)
    run = peewee.TextField(null=True)
    tool_call = peewee.TextField(null=True)
    state = peewee.TextField()
    item = peewee.TextField(null=True)
    created = MomentField()
    changed = MomentField()
    place = peewee.TextField()
    request = peewee.TextField()
    problem = peewee.TextField(null=True)
    workflow = peewee.TextField()
    seal = peewee.BigIntegerField()

    class Meta:
        table_name = "job"


class UsageRow(peewee.Model):
    number = peewee.AutoField()
    created = MomentField()
    model = peewee.TextField()
    project = peewee.TextField(null=True)
    session = peewee.TextField(null=True)
    run = peewee.TextField(null=True)
    input_tokens = peewee.IntegerField(default=0)
    output_tokens = peewee.IntegerField(default=0)
    images = peewee.IntegerField(default=0)
    micro_usd = peewee.BigIntegerField(default=0)
    seal = peewee.BigIntegerField()

    class Meta:
        table_name = "usage"


class SettingRow(peewee.Model):
    name = peewee.TextField(primary_key=True)
    value = peewee.TextField()
    seal = peewee.BigIntegerField()

    class Meta:
        table_name = "setting"


class MarkRow(peewee.Model):
    """What the database knows of itself: closed cleanly, last checked."""

    name = peewee.TextField(primary_key=True)
    value = peewee.TextField()

    class Meta:
        table_name = "mark"


def fetch(query: Any, database: peewee.Database) -> list[dict[str, Any]]:
    """The rows by column name. Raises DatabaseDamaged where one is of an impossible kind."""
    try:
        return list(query.dicts().execute(database))
    except (ValueError, TypeError) as error:
        raise damaged(f"a row of an impossible kind ({error})") from error


def sealed(model: type[peewee.Model], values: dict[str, Any]) -> dict[str, Any]:
    """The values of a whole row with its seal."""
    return values | {"seal": seal_of(model, values)}


def seal_of(model: type[peewee.Model], values: dict[str, Any]) -> int:
    """The seal that belongs on a row whose values are as peewee gives and takes them."""
    fields = model._meta.fields
    stored = {name: fields[name].db_value(value) for name, value in values.items()}
    return seal_row(
        model._meta.table_name,
        {
            name: int(value) if value is True or value is False else value
            for name, value in stored.items()
        },
    )


def upsert(model: type[peewee.Model], values: dict[str, Any], *, key: str = "id") -> Any:
    """An insert that changes the row with the same `key` instead, and keeps its place."""
    changes = {name: value for name, value in values.items() if name != key}
    return model.insert(**values).on_conflict(conflict_target=[getattr(model, key)], update=changes)
