"""Checks the address of an image server and says whether it is this machine."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from kupuri_desktop.core.errors import Action, Mend, UsageError

_OPEN_SETTINGS = Action(Mend.OPEN_SETTINGS, "Open settings")


@dataclass(frozen=True, slots=True)
class Address:
    """`http` and `ws`: the roots of both kinds of request, without a slash at the end."""

    http: str
    ws: str
    loopback: bool

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Raises UsageError for anything but an http(s) address, and for link-local ones.

        Link-local addresses are where clouds keep their machines' secrets.
        """
        parts = urlsplit(text.strip() if "://" in text else f"http://{text.strip()}")
        try:
            port = f":{parts.port}" if parts.port is not None else ""
        except ValueError:
            port = None
        if parts.scheme not in ("http", "https") or not parts.hostname or port is None:
            raise UsageError(
                f"“{text}” is not the address of a ComfyUI.",
                hint="Write it as http://HOST:PORT, for example http://127.0.0.1:8188.",
                action=_OPEN_SETTINGS,
            )
        loopback = parts.hostname == "localhost"
        try:
            ip = ipaddress.ip_address(parts.hostname)
        except ValueError:
            ip = None
        if ip is not None:
            loopback = ip.is_loopback
            if ip.is_link_local or ip.is_unspecified or ip.is_multicast:
                raise UsageError(
                    f"Kupuri does not talk to {parts.hostname}.",
                    hint="Write the address of a computer on which ComfyUI runs.",
                    action=_OPEN_SETTINGS,
                )
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        rest = host + port + parts.path.rstrip("/")
        secure = "s" if parts.scheme == "https" else ""
        return cls(f"http{secure}://{rest}", f"ws{secure}://{rest}", loopback)
