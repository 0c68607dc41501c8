"""A real S3 endpoint on loopback, which comes with the test extra, and one that cuts connections to it."""

import logging
import urllib.error
import urllib.request
from dataclasses import dataclass

import pytest
from loopback import Cuts, Cutting, serving
from moto.server import ThreadedMotoServer

BUCKET = "bucket"
_SIGNED = "AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=any"


@dataclass(frozen=True)
class Store:
    """A bucket."""

    url: str

    @property
    def query(self):
        """The query of a URI that leads to it."""
        return f"?endpoint_override={self.url}&region=us-east-1"

    def uri(self, key, bucket=BUCKET):
        """Return the URI of a key."""
        return f"s3://{bucket}/{key}{self.query}"

    def put(self, key, body):
        """Make an object and return its URI."""
        self.ask("PUT", key, body)
        return self.uri(key)

    def get(self, key):
        """Return an object's bytes, None if there is none."""
        try:
            return self.ask("GET", key)
        except urllib.error.HTTPError as error:
            error.close()
            return None

    def ask(self, method, key, body=None):
        """Return the answer to a request."""
        headers = {"Content-Type": "binary/octet-stream", "Authorization": _SIGNED}
        request = urllib.request.Request(f"{self.url}/{BUCKET}/{key}", body, headers, method=method)  # noqa: S310  loopback
        with urllib.request.urlopen(request) as found:  # noqa: S310  likewise
            return found.read()


@pytest.fixture(scope="session")
def endpoint():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing-id")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing-secret")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("NO_PROXY", "127.0.0.1")
        store = Store(f"http://{host}:{port}")
        store.put("", b"")
        yield store
    server.stop()


@pytest.fixture
def store(endpoint):
    return endpoint


@pytest.fixture
def cutting(endpoint):
    """The same bucket behind a server that cuts connections, and how many are still to be cut."""
    with serving(Cutting, behind=endpoint.url, cuts=Cuts()) as server:
        yield Store(server.url), server.cuts
