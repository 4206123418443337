"""A typed observer list, for models that must not know Qt."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Calls every connected function with one value, in the order of connection.

    A receiver that connects or disconnects during an emission takes effect at the next one.
    Exceptions of a receiver reach the emitter: a receiver must not fail.
    """

    def __init__(self) -> None:
        self._receivers: list[Callable[[T], object]] = []

    def connect(self, receiver: Callable[[T], object]) -> Callable[[], None]:
        """Adds `receiver`; the returned function takes it off again, as often as it is called."""
        self._receivers.append(receiver)

        def disconnect() -> None:
            if receiver in self._receivers:
                self._receivers.remove(receiver)

        return disconnect

    def emit(self, value: T) -> None:
        for receiver in tuple(self._receivers):
            receiver(value)

    def __len__(self) -> int:
        return len(self._receivers)
