"""A server that takes connections and never answers is status 2 with what to check, not a wait without end."""

import socket

import pytest

from xentcli.errors import UnreadableError
from xentcli.files.open import open_table
from xentcli.files.remote import systems


@pytest.fixture
def silent(monkeypatch):
    monkeypatch.setattr(systems, "_REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(systems, "_ATTEMPTS", 1)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    systems._spec.cache_clear()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    systems._spec.cache_clear()


@pytest.mark.parametrize(
    "address", ["http://{}/a.csv", "s3://bucket/a.csv?scheme=http&endpoint_override={}"], ids=["web", "s3"]
)
def test_a_server_that_never_answers_is_told(silent, address):
    with pytest.raises(UnreadableError, match="cannot be reached") as caught:
        open_table([address.format(silent)])
    assert caught.value.help.startswith("check the network, the proxy and the address")
