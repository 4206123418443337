"""The tree of errors that a person may see: what happened, what was kept, what mends it."""

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any


class Mend(Enum):
    """What one click would do. The window and the command line each know how to carry it out."""

    RETRY = "retry"
    CHOOSE_MODEL = "choose_model"
    PULL_MODEL = "pull_model"
    START_SERVER = "start_server"
    OPEN_SETTINGS = "open_settings"
    OPEN_FOLDER = "open_folder"
    OPEN_LINK = "open_link"
    SAVE_COPY = "save_copy"
    CHOOSE_DATA_FOLDER = "choose_data_folder"
    RESTORE_BACKUP = "restore_backup"
    USE_BUILTIN = "use_builtin"
    RELOAD = "reload"


@dataclass(frozen=True, slots=True)
class Action:
    """The mending button: its words, what it does, and to what (a model, a folder, an address)."""

    mend: Mend
    label: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is stored and shown; `kind` is the class name of the error."""

    kind: str
    message: str
    hint: str = ""
    kept: str = ""
    action: Action | None = None
    details: str = ""

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        if self.action is not None:
            data["action"]["mend"] = self.action.mend.value
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Problem":
        action = data.get("action")
        return cls(
            kind=data["kind"],
            message=data["message"],
            hint=data.get("hint", ""),
            kept=data.get("kept", ""),
            action=Action(Mend(action["mend"]), action["label"], action.get("argument", ""))
            if action
            else None,
            details=data.get("details", ""),
        )


def other_way(problem: Problem) -> Action | None:
    """The second button where a server or a model is missing: going on without it, at once."""
    action = problem.action
    if action is not None and action.mend in (Mend.START_SERVER, Mend.PULL_MODEL):
        return Action(Mend.USE_BUILTIN, "Use what is built in")
    return None


class KupuriError(Exception):
    """An error with words for a person.

    message: what happened, one sentence.
    hint: what to do, one sentence.
    kept: what was not lost ("The text so far is kept.").
    action: the one click that mends it.
    details: for the log and the copy button; never a prompt, a key or file contents.
    """

    default_action: Action | None = None

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        kept: str = "",
        action: Action | None = None,
        details: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.kept = kept
        self.action = action or self.default_action
        self.details = details

    @property
    def problem(self) -> Problem:
        return Problem(
            type(self).__name__, self.message, self.hint, self.kept, self.action, self.details
        )


class UsageError(KupuriError):
    """The person asked for something that cannot be asked like this."""


class NotFound(KupuriError):
    """What was named is not there (any more)."""


class Conflict(KupuriError):
    """What was to be changed has been changed since by somebody else."""


class Refused(KupuriError):
    """The person or a policy said no."""


# --- servers that think or make images


class ServerError(KupuriError):
    """A local or remote model server did not do what was asked."""

    default_action = Action(Mend.RETRY, "Try again")


class ServerUnreachable(ServerError):
    """Nothing answers at the server's address."""


class ServerBusy(ServerError):
    """The server answers that its queue is full."""


class ServerAnsweredBadly(ServerError):
    """The answer is not what the server's protocol promises."""


class ModelMissing(ServerError):
    """The server has no model of that name."""

    default_action = Action(Mend.CHOOSE_MODEL, "Choose another model")


class ModelLacksAbility(ServerError):
    """The model cannot do what was asked (tools, pictures, thinking)."""

    default_action = Action(Mend.CHOOSE_MODEL, "Choose another model")


class ModelCrashed(ServerError):
    """The process that runs the model ended, often for want of memory."""


class ContextTooLong(ServerError):
    """The conversation does not fit the model's context length."""


class StreamBroken(ServerError):
    """The answer stopped in the middle: connection lost, error line, or no end mark."""


class NotAuthorised(ServerError):
    """The server wants a key or a sign-in, or does not accept the one it got."""

    default_action = Action(Mend.OPEN_SETTINGS, "Open settings")


# --- making images


class GenerationError(ServerError):
    """An image could not be made."""


class GraphRejected(GenerationError):
    """The image engine does not accept the workflow; names the node and the field."""


class PartMissing(GenerationError):
    """A node, model file, text encoder or VAE is not installed; names it and its folder."""


class OutOfMemory(GenerationError):
    """The image engine ran out of memory."""


class JobLost(GenerationError):
    """The image engine does not know the job any more (it was restarted)."""


class JobInterrupted(GenerationError):
    """Somebody else stopped the job on the server."""


class EngineClosed(GenerationError):
    """Kupuri is closing while the job is under way; the server may finish it."""


# --- keeping


class StorageError(KupuriError):
    """Something could not be read from or written to the disk."""

    default_action: Action | None = Action(Mend.RETRY, "Try again")


class DiskFull(StorageError):
    """There is no room left on the disk."""


class ReadOnly(StorageError):
    """The data folder or file cannot be written."""

    default_action = Action(Mend.CHOOSE_DATA_FOLDER, "Choose another folder")


class DatabaseBusy(StorageError):
    """Another program holds the database."""


class DatabaseDamaged(StorageError):
    """The database file is not whole."""

    default_action = Action(Mend.RESTORE_BACKUP, "Restore a backup")


class DatabaseNewer(StorageError):
    """The database was written by a newer Kupuri; nothing has been changed."""

    default_action = None


class AssetDamaged(StorageError):
    """The bytes of an image are not those that were stored."""


class HostileFile(KupuriError):
    """A file is not what it says, or would do harm; nothing has been changed."""


class NoKeyring(KupuriError):
    """This system has no keyring that keeps secrets; keys live until Kupuri is closed."""
