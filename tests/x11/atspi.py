"""An accessibility client of our own: reads a program's tree over AT-SPI, and works its controls.

https://gnome.pages.gitlab.gnome.org/at-spi2-core/devel-docs/ names the interfaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from subprocess import DEVNULL, PIPE
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.x11.display import PATIENCE, running, wait_for

ACCESSIBLE = "org.a11y.atspi.Accessible"
ACTION = "org.a11y.atspi.Action"
COMPONENT = "org.a11y.atspi.Component"
SELECTION = "org.a11y.atspi.Selection"
TEXT = "org.a11y.atspi.Text"
_ROOT = "/org/a11y/atspi/accessible/root"
_SCREEN = 0
_UNKNOWN = "org.freedesktop.DBus.Error.UnknownObject"

SELECTED, FOCUSED, FOCUSABLE, SHOWING = 23, 12, 11, 25
"""Bits of a state set."""


@contextmanager
def session_bus(environment: dict[str, str]) -> Iterator[str]:
    """A private session bus, on which the accessibility bus starts when it is asked for.

    Yields its address. Both end with the block: the second one by losing the first.
    """
    command = ("dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address=1")
    with running(command, environment, stdout=PIPE, stderr=DEVNULL) as bus:
        assert bus.stdout is not None
        with bus.stdout as said:
            yield said.readline().decode().strip()


class Gone(RuntimeError):
    """What was just listed is not there any more: the window is changing."""


@dataclass
class Client:
    """Sees all programs on the accessibility bus that belongs to a session bus."""

    connection: DBusConnection
    events: list[tuple[str, str, tuple[Any, ...]]] = field(default_factory=list)

    def call(self, name: str, path: str, interface: str, method: str, *body: Any) -> Any:
        """The answer's one value, or all of them. Raises RuntimeError for a refusal, and Gone."""
        address = DBusAddress(path, bus_name=name, interface=interface)
        signature = "".join("s" if isinstance(each, str) else "i" for each in body)
        if method == "GetExtents":
            signature = "u"
        message = new_method_call(address, method, signature or None, body)
        reply = self.connection.send_and_get_reply(message, timeout=PATIENCE)
        if reply.header.message_type is MessageType.error:
            if reply.header.fields[HeaderFields.error_name] == _UNKNOWN:
                raise Gone(path)
            raise RuntimeError(f"{interface}.{method}: {reply.body}")
        return reply.body[0] if len(reply.body) == 1 else reply.body

    def property(self, name: str, path: str, interface: str, what: str) -> Any:
        value = self.call(name, path, "org.freedesktop.DBus.Properties", "Get", interface, what)
        return value[1]

    def programs(self) -> list[Node]:
        """The roots of all programs that can be read."""
        registry = Node(self, "org.a11y.atspi.Registry", _ROOT)
        return registry.children()

    def listen(self) -> None:
        """From now on `events` fills while `heard` is asked."""
        bus = self.connection
        for interface in ("org.a11y.atspi.Event.Object", "org.a11y.atspi.Event.Focus"):
            rule = MatchRule(type="signal", interface=interface)
            bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=PATIENCE)
        registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry")
        for event in ("object:", "focus:"):
            self.call(*registry, "org.a11y.atspi.Registry", "RegisterEvent", event)

    def heard(self, wanted: Callable[[str, str, tuple[Any, ...]], bool]) -> bool:
        """Whether an event came that `wanted` says yes to: its name, its path, its values."""
        while True:
            try:
                message = self.connection.receive(timeout=0.05)
            except TimeoutError:
                break
            if message.header.message_type is MessageType.signal:
                fields = message.header.fields
                name, path = fields[HeaderFields.member], fields[HeaderFields.path]
                self.events.append((str(name), str(path), message.body))
        return any(wanted(*event) for event in self.events)


@dataclass(frozen=True)
class Node:
    """One thing in a program's tree."""

    client: Client
    program: str
    path: str

    def ask(self, interface: str, method: str, *body: Any) -> Any:
        return self.client.call(self.program, self.path, interface, method, *body)

    def tell(self, what: str, interface: str = ACCESSIBLE) -> Any:
        return self.client.property(self.program, self.path, interface, what)

    @property
    def name(self) -> str:
        return str(self.tell("Name"))

    @property
    def description(self) -> str:
        return str(self.tell("Description"))

    @property
    def role(self) -> str:
        return str(self.ask(ACCESSIBLE, "GetRoleName"))

    def has(self, state: int) -> bool:
        low, high = self.ask(ACCESSIBLE, "GetState")
        return bool((low | high << 32) >> state & 1)

    def children(self) -> list[Node]:
        pairs = self.ask(ACCESSIBLE, "GetChildren")
        return [Node(self.client, name, path) for name, path in pairs]

    def parent(self) -> Node:
        name, path = self.tell("Parent")
        return Node(self.client, name, path)

    def walk(self) -> Iterator[Node]:
        """Itself and everything below it, as it is read. Raises Gone where it changes meanwhile."""
        yield self
        for child in self.children():
            yield from child.walk()

    def find(self, name: str, role: str = "") -> Node:
        """The first thing of this name below. Raises AssertionError where there is none."""
        for node in self.walk():
            if node.name == name and role in ("", node.role):
                return node
        raise AssertionError(f"nothing is named {name!r} ({role})")

    def extents(self) -> tuple[int, int, int, int]:
        """Left, top, width and height on the screen."""
        x, y, width, height = self.ask(COMPONENT, "GetExtents", _SCREEN)
        return x, y, width, height

    def actions(self) -> list[str]:
        return [str(names[0]) for names in self.ask(ACTION, "GetActions")]

    def do(self, action: str) -> None:
        """Raises ValueError for an action that it does not have."""
        self.ask(ACTION, "DoAction", self.actions().index(action))

    def selected(self) -> list[str]:
        """The names of the selected children."""
        count = self.tell("NSelectedChildren", SELECTION)
        found = []
        for number in range(count):
            name, path = self.ask(SELECTION, "GetSelectedChild", number)
            found.append(Node(self.client, name, path).name)
        return found


@contextmanager
def client(session: str) -> Iterator[Client]:
    """A client on the accessibility bus of a session."""
    with open_dbus_connection(session) as asking:
        bus = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
        reply = asking.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=PATIENCE)
        address = reply.body[0]
    with open_dbus_connection(address) as connection:
        yield Client(connection)


def program(seer: Client, name: str) -> Node:
    """The root of a program, as soon as it is on the bus."""
    found: list[Node] = []

    def is_there() -> bool:
        found[:] = [each for each in seer.programs() if each.name == name]
        return bool(found)

    wait_for(is_there, f"{name} on the accessibility bus")
    return found[0]
