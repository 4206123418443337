"""Which addresses are understood, and which are spoken to."""

import pytest

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.models import Place
from kupuri_desktop.llm.http import check_address, client_options, is_nearby
from kupuri_desktop.llm.ollama_wire import parse_host
from kupuri_desktop.llm.openai_compatible import OpenAICompatible, bearer
from kupuri_desktop.llm.openai_wire import parse_base


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":5678", "http://127.0.0.1:5678"),
        ("studio:5678", "http://studio:5678"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:5678", "http://127.0.0.1:5678"),
        ("http://0.0.0.0", "http://127.0.0.1:80"),
        ("http://", "http://127.0.0.1:80"),
        ("https://models.example.org", "https://models.example.org:443"),
        ("https://models.example.org/ollama/", "https://models.example.org:443/ollama"),
        ("[::]:5678", "http://[::1]:5678"),
        ("::1", "http://[::1]:11434"),
        (' "127.0.0.1:5678" ', "http://127.0.0.1:5678"),
    ],
)
def test_ollama_host_means_what_it_means_to_ollama(text: str, address: str) -> None:
    assert parse_host(text) == address


@pytest.mark.parametrize("text", ["ftp://host", "http://host:99999", "host:port"])
def test_what_is_no_address_of_ollama_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match="is not an address"):
        parse_host(text)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1"),
        ("https://router.example.org/api/v1/", "https://router.example.org/api/v1"),
    ],
)
def test_an_openai_address_gets_its_version_path(text: str, base: str) -> None:
    assert parse_base(text) == base


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1",
        "http://localhost:1",
        "http://[::1]:1",
        "http://192.168.1.20:1",
        "http://10.0.0.2:1",
        "http://studio:1",
        "http://studio.local:1",
        "https://api.example.org",
    ],
)
def test_this_machine_its_network_and_https_are_spoken_to(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.org",
        "http://8.8.8.8:1",
        "http://169.254.169.254/",
        "https://169.254.169.254/",
        "http://[fe80::1]:1",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "no address",
    ],
)
def test_the_open_net_unencrypted_and_metadata_services_are_not(address: str) -> None:
    with pytest.raises(UsageError):
        check_address(address)


def test_loopback_goes_past_every_proxy() -> None:
    assert client_options("http://127.0.0.1:1")["trust_env"] is False
    assert client_options("http://localhost:1")["trust_env"] is False
    assert client_options("https://api.example.org")["trust_env"] is True


def test_a_server_in_the_local_network_counts_as_local() -> None:
    assert is_nearby("http://192.168.1.20:8080")
    assert OpenAICompatible("http://192.168.1.20:8080").place is Place.LOCAL
    assert OpenAICompatible("https://api.example.org/v1").place is Place.CLOUD


def test_a_key_that_no_header_can_hold_is_refused_without_being_sent() -> None:
    assert bearer(None, "X") == {}
    assert bearer(" key \n", "X") == {"Authorization": "Bearer key"}
    with pytest.raises(Exception, match="does not accept the key"):
        bearer("ключ", "X")
