"""Servers on loopback for tests of remote files: a web server with moods, and one that cuts connections to another."""

import http.client
import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


class Quiet(BaseHTTPRequestHandler):
    """A handler that logs nothing and whose clients may go."""

    def log_message(self, *_):
        """Log nothing."""

    def handle(self):
        """Answer a client that may go away."""
        with suppress(ConnectionError):
            super().handle()

    def answer(self, status, headers, body=b"", *, cut=False):
        """Send an answer; a cut one promises all of the body and breaks off in the middle of it."""
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = cut or self.close_connection


@contextmanager
def serving(handler, **state):
    """Give a server on a free port of loopback with some state; its `url` leads to it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    for key, value in state.items():
        setattr(server, key, value)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Cuts:
    """How many answers with a body are still to be cut, and how many were."""

    left: int = 0
    done: int = 0
    method: str = "GET"

    def due(self, method, body):
        """Whether the answer to a request is to be cut; counts it."""
        if self.left <= 0 or method != self.method or len(body) < 2:
            return False
        self.left -= 1
        self.done += 1
        return True


class Forbidding(Quiet):
    """Passes no request on that asks for a key which ends like `server.forbidden`, as where keys may not be listed."""

    def pass_on(self):
        """Ask the server behind."""
        path = urlsplit(self.path).path
        if path.endswith(self.server.forbidden):
            self.answer(403, {"Content-Length": "0"})
            return
        connection = http.client.HTTPConnection(urlsplit(self.server.behind).netloc)
        connection.request(self.command, self.path, None, dict(self.headers))
        found = connection.getresponse()
        content = found.read()
        kept = {key: value for key, value in found.getheaders() if key.lower() not in {"connection", "date", "server"}}
        self.answer(found.status, kept, content)
        connection.close()

    do_GET = do_HEAD = pass_on  # noqa: N815  what the library calls


class Cutting(Quiet):
    """Passes requests on to `server.behind` and cuts as many answers as `server.cuts` says."""

    def pass_on(self):
        """Ask the server behind; an upload that is cut never reaches it."""
        if self.command == "PUT" and self.server.cuts.due("PUT", b"any"):
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(urlsplit(self.server.behind).netloc)
        connection.request(self.command, self.path, body, dict(self.headers))
        found = connection.getresponse()
        content = found.read()
        headers = {
            key: value for key, value in found.getheaders() if key.lower() not in {"connection", "date", "server"}
        }
        self.answer(found.status, headers, content, cut=self.server.cuts.due(self.command, content))
        connection.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = pass_on  # noqa: N815  what the library calls


@dataclass
class Site:
    """What a web server has: files by path, what they ask for, and its moods."""

    files: dict[str, bytes] = field(default_factory=dict)
    ranges: bool = True
    status: int = 200
    version: int = 1
    cuts: Cuts = field(default_factory=Cuts)
    asked: list[str] = field(default_factory=list)


class Web(Quiet):
    """Serves `server.site`, with ETags, and ranges if it is in the mood."""

    def do_GET(self):
        """Answer a request."""
        site, path = self.server.site, unquote(urlsplit(self.path).path)
        site.asked.append(self.path)
        if site.status != 200:
            return self.answer(site.status, {"Content-Length": "0"})
        if path not in site.files:
            return self.answer(404, {"Content-Length": "0"})
        return self.content(site, site.files[path])

    do_HEAD = do_GET  # noqa: N815

    def content(self, site, body):
        """Send a body or the range of it that is asked for."""
        status, headers = 200, {"ETag": f'"{site.version}"'}
        asked = self.headers.get("Range")
        if site.ranges and asked:
            start, end = (int(one) for one in asked.removeprefix("bytes=").split("-"))
            headers["Content-Range"] = f"bytes {start}-{min(end, len(body) - 1)}/{len(body)}"
            status, body = 206, body[start : end + 1]
        headers["Content-Length"] = str(len(body))
        self.answer(status, headers, body, cut=site.cuts.due(self.command, body))


class Hub(Web):
    """As much of the Hugging Face Hub's interface as its client asks for to read the files of one dataset."""

    def do_GET(self):
        """Answer a request."""
        site, path = self.server.site, unquote(urlsplit(self.path).path)
        site.asked.append(self.path)
        if "/resolve/" in path:
            name = path.partition("/resolve/")[2].partition("/")[2]
            return (
                self.content(site, site.files[name])
                if name in site.files
                else self.answer(404, {"Content-Length": "0"})
            )
        if "/tree/" in path:
            folder = path.partition("/tree/")[2].partition("/")[2]
            inside = {name.removeprefix(f"{folder}/" if folder else "").partition("/")[0] for name in site.files}
            names = [f"{folder}/{name}" if folder else name for name in sorted(inside)]
            return self.json([self.entry(name) for name in names if any(one.startswith(name) for one in site.files)])
        if path.startswith("/api/datasets/user/data"):
            return self.json({"_id": "1", "id": "user/data", "sha": "a" * 40, "tags": [], "siblings": []})
        return self.answer(404, {"Content-Length": "0", "X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self):
        """Answer a request."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.json([self.entry(name) for name in self.server.site.files])

    def entry(self, name):
        """Return what the Hub lists of a file or folder."""
        body = self.server.site.files.get(name)
        kind, size = ("directory", 0) if body is None else ("file", len(body))
        return {"type": kind, "oid": f"{self.server.site.version:040d}", "size": size, "path": name}

    def json(self, value):
        """Answer with JSON."""
        body = json.dumps(value).encode()
        self.answer(200, {"Content-Length": str(len(body)), "Content-Type": "application/json"}, body)
