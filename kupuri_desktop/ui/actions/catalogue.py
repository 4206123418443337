"""The actions of the window itself; the canvas and the chat bring their own lists."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    """Where an action's shortcut counts."""

    APP = "app"
    """Everywhere in the window."""
    PROJECT = "project"
    """Everywhere while a project is open."""
    ROOM = "room"
    """Only while the keyboard is in the room that brought the action."""


class Section(Enum):
    """The heading under which an action stands in menus, the palette and the shortcut sheet."""

    PROJECT = "Project"
    EDIT = "Edit"
    VIEW = "View"
    CANVAS = "Canvas"
    TOOLS = "Tools"
    COMPARE = "Compare"
    SHOW = "Show"
    KEYBOARD = "By keyboard"
    CHAT = "Chat"
    HELP = "Help"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. `shortcuts` are in Qt's portable text, the first is the one that is shown.

    palette: whether Ctrl+K offers it.
    """

    id: str
    words: str
    icon: str
    section: Section
    shortcuts: tuple[str, ...] = ()
    scope: Scope = Scope.APP
    checkable: bool = False
    palette: bool = True


_P, _E, _V, _H = Section.PROJECT, Section.EDIT, Section.VIEW, Section.HELP

WINDOW_ACTIONS = (
    ActionSpec("new_project", "New project", "plus", _P, ("Ctrl+N",)),
    ActionSpec("go_home", "Home", "house", _P, ("Ctrl+Shift+H",)),
    ActionSpec("import_files", "Place images…", "image-plus", _P, ("Ctrl+Shift+I",), Scope.PROJECT),
    ActionSpec("export", "Export…", "download", _P, ("Ctrl+Shift+E",), Scope.PROJECT),
    ActionSpec("import_projects", "Import projects…", "folder-open", _P, ("Ctrl+O",)),
    ActionSpec(
        "save_project_copy",
        "Save a copy of the project…",
        "download",
        _P,
        ("Ctrl+Shift+S",),
        Scope.PROJECT,
    ),
    ActionSpec("search", "Search everywhere…", "search", _P, ("Ctrl+Shift+F",)),
    ActionSpec("deleted_items", "Deleted from this project…", "trash-2", _P, (), Scope.PROJECT),
    ActionSpec("open_trash", "Trash", "trash-2", _P),
    ActionSpec("rename_project", "Rename project", "pencil", _P, (), Scope.PROJECT),
    ActionSpec("open_settings", "Settings", "settings", _P, ("Ctrl+,",)),
    ActionSpec("quit", "Quit", "log-out", _P, ("Ctrl+Q",)),
    ActionSpec("undo", "Undo", "undo-2", _E, ("Ctrl+Z",), Scope.PROJECT),
    ActionSpec("redo", "Redo", "redo-2", _E, ("Ctrl+Shift+Z", "Ctrl+Y"), Scope.PROJECT),
    ActionSpec(
        "toggle_chat", "Show or hide the chat", "panel-right", _V, ("Ctrl+\\",), Scope.PROJECT
    ),
    ActionSpec(
        "toggle_layers",
        "Show or hide the layers",
        "layers",
        _V,
        ("Alt+1",),
        Scope.PROJECT,
        checkable=True,
    ),
    ActionSpec(
        "toggle_inspector",
        "Show or hide the inspector",
        "sliders-horizontal",
        _V,
        ("Alt+2",),
        Scope.PROJECT,
        checkable=True,
    ),
    ActionSpec(
        "toggle_minimap",
        "Show or hide the map",
        "map",
        _V,
        ("Alt+3", "Alt+M"),
        Scope.PROJECT,
        checkable=True,
    ),
    ActionSpec(
        "snap_to_grid",
        "Snap to the grid",
        "grid-3x3",
        _V,
        ("Ctrl+'",),
        Scope.PROJECT,
        checkable=True,
    ),
    ActionSpec("present", "Present", "presentation", _V, ("F5", "Ctrl+Alt+P"), Scope.PROJECT),
    ActionSpec("focus_chat", "Write to the assistant", "message-square", _V, ("Ctrl+L",)),
    ActionSpec(
        "previous_message",
        "Read the message before",
        "arrow-up",
        Section.CHAT,
        ("Alt+Up",),
        Scope.PROJECT,
    ),
    ActionSpec(
        "next_message",
        "Read the next message",
        "arrow-down",
        Section.CHAT,
        ("Alt+Down",),
        Scope.PROJECT,
    ),
    ActionSpec("toggle_theme", "Dark or light", "sun-moon", _V, ("Ctrl+Shift+L",)),
    ActionSpec("next_region", "Next region of the window", "panel-right", _V, ("F6",)),
    ActionSpec("previous_region", "Previous region of the window", "panel-left", _V, ("Shift+F6",)),
    ActionSpec("full_screen", "Full screen", "fullscreen", _V, ("F11",)),
    ActionSpec("choose_text_model", "Choose the text model", "brain", _V),
    ActionSpec("choose_image_model", "Choose the image model", "image", _V),
    ActionSpec("palette", "Find a command", "command", _H, ("Ctrl+K",), palette=False),
    ActionSpec("shortcuts", "Keyboard shortcuts", "keyboard", _H, ("?",)),
)
