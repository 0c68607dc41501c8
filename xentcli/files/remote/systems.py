"""Systems: which library opens a URI, and what a folder or a pattern there holds.

Floor 2. Everything is a file system of Arrow's behind one record; only `sources` cares which of the two it is.

Listing: a URI of a folder or a pattern becomes the URIs of its files, in natural order. A pattern may stand in any
piece of the path; `**` is any number of folders. A web address is one file, whatever characters it holds: web
servers list nothing.
"""

import glob
import os
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

import pyarrow.fs as arrow_fs

from xentcli.addresses import query_split, scheme_of, user_split
from xentcli.errors import Place, UnreadableError
from xentcli.files.expand import is_data
from xentcli.files.remote.refusals import refusing
from xentcli.phrases import natural
from xentcli.record import Record

_S3 = "s3"
_ARROW = (_S3, "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs")
WEB = ("http", "https")
_HUB = "hf"
READ_ONLY = (_HUB, *WEB)
KNOWN = (*_ARROW, *READ_ONLY)

_CONNECT_SECONDS = 5.0
_REQUEST_SECONDS = 10.0
_ATTEMPTS = 3
"""Of each request. What the libraries do by themselves is to try for minutes, or to wait without end."""


class Located(Record):
    """Where a URI leads.

    Attributes:
        system: an Arrow file system.
        path: the path in it.
        spec: the fsspec file system behind it; None where Arrow has one of its own.
    """

    system: Any
    path: str
    spec: Any = None


def located(uri: str) -> Located:
    """Return the file system of a URI and the path in it; whether anything is there is not asked.

    Raises:
        UnreadableError: its kind is not known, it is no valid URI, or a library is missing.
    """
    refuse_unknown(uri)
    scheme = scheme_of(uri)
    if scheme in _ARROW:
        with refusing(uri):
            return _in_s3(uri) if scheme == _S3 else Located(*arrow_fs.FileSystem.from_uri(uri))
    try:
        spec = _spec(scheme)
    except ImportError as error:
        raise UnreadableError(
            f"cannot be opened: {scheme}:// needs the extra 'remote'",
            place=Place(uri),
            help="pip install 'xentcli[remote]'",
        ) from error
    system = arrow_fs.PyFileSystem(arrow_fs.FSSpecHandler(spec))
    return Located(system, uri if scheme in WEB else uri.partition("://")[2], spec)


def refuse_unknown(uri: str) -> None:
    """Raise if a URI's scheme is none of those that can be opened.

    Raises:
        UnreadableError: naming those that can.
    """
    scheme = scheme_of(uri)
    if scheme not in KNOWN:
        raise UnreadableError(
            f"cannot be opened: {scheme}:// is no kind of address that is known here",
            place=Place(uri),
            help=f"known are local paths, file:// and {' '.join(f'{one}://' for one in KNOWN)}",
        )


def _in_s3(uri: str) -> Located:
    place, query = query_split(uri)
    user, place = user_split(place)
    bucket, _, key = place.partition("://")[2].partition("/")
    root = f"s3://{user}{'@' if user else ''}{bucket}{_with_region(query)}"
    return Located(_s3(root), f"{bucket}/{unquote(key)}".rstrip("/"))


def _with_region(query: str) -> str:
    """Return a query that names a region where another endpoint is set: Arrow would ask Amazon for the bucket's."""
    if "region=" in query or not (os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")):
        return query
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return f"{query or '?'}{'&' if query else ''}region={region}"


@lru_cache(maxsize=16)
def _s3(root: str) -> Any:
    """Return the file system of a bucket, with limits to how long it tries; no option of a URI says so."""
    system, _ = arrow_fs.FileSystem.from_uri(root)
    options = system.__reduce__()[1][0]
    return arrow_fs.S3FileSystem(
        **{
            **options,
            "connect_timeout": _CONNECT_SECONDS,
            "request_timeout": _REQUEST_SECONDS,
            "retry_strategy": arrow_fs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
        }
    )


@lru_cache(maxsize=4)
def _spec(scheme: str) -> Any:
    """Return the fsspec file system of a scheme.

    Raises:
        ImportError: it is not installed.
    """
    import fsspec  # noqa: PLC0415  an extra

    if scheme == _HUB:
        import huggingface_hub  # noqa: F401, PLC0415  an extra; fsspec would name another package to install

        return fsspec.filesystem(_HUB)
    import aiohttp  # noqa: PLC0415  an extra

    waits = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=_REQUEST_SECONDS)
    return fsspec.filesystem("http", client_kwargs={"timeout": waits, "trust_env": True})


_PLAIN = "/=+:@,!$&'()~*[]"
"""Characters that a path may hold as they are."""


def listed(uri: str) -> list[str]:
    """Return the URIs of the files that a URI stands for: itself, a folder's, or a pattern's.

    Raises:
        UnreadableError: no file matches, the folder holds none, or it cannot be reached.
    """
    if scheme_of(uri) in WEB:
        return [uri]
    with refusing(uri):
        return _listed(uri)


def _listed(uri: str) -> list[str]:
    place, query = query_split(uri)
    where = located(uri)
    kind = where.system.get_file_info(where.path).type
    folder, pattern = _folder_of(place)
    if kind is arrow_fs.FileType.Directory:
        folder, pattern = place.rstrip("/"), ""
    elif kind is arrow_fs.FileType.File or not pattern:
        return [uri]
    start = located(folder + query)
    names = _names(start.system, start.path, pattern)
    if not names:
        raise UnreadableError("no file matches" if pattern else "the folder holds no data files", place=Place(uri))
    as_written = start.spec is not None  # the Hub's paths know no escapes
    found = [name if as_written else quote(name, safe=_PLAIN) for name in sorted(names, key=natural)]
    return [f"{folder}/{name}{query}" for name in found]


def _folder_of(place: str) -> tuple[str, str]:
    """Return the folder below which a pattern searches, and the pattern; empty if no piece is one."""
    scheme, _, path = place.partition("://")
    pieces = path.split("/")
    first = next((at for at, piece in enumerate(pieces) if at and glob.has_magic(piece)), None)
    if first is None:
        return place, ""
    return f"{scheme}://{'/'.join(pieces[:first])}", "/".join(pieces[first:])


def _names(system: Any, folder: str, pattern: str) -> list[str]:
    """Return the paths, relative to a folder, of the data files in it that match a pattern, or of all without one."""
    deep = not pattern or "/" in pattern or "**" in pattern
    infos = system.get_file_info(arrow_fs.FileSelector(folder, recursive=deep))
    inside = [info.path.removeprefix(folder).lstrip("/") for info in infos if info.is_file]
    pieces = pattern.split("/")
    return [
        name
        for name in inside
        if all(map(is_data, name.split("/"))) and (not pattern or _matches(name.split("/"), pieces))
    ]


def _matches(name: list[str], pattern: list[str]) -> bool:
    """Return whether the pieces of a path match those of a pattern."""
    if not pattern:
        return not name
    if pattern[0] == "**":
        return any(_matches(name[at:], pattern[1:]) for at in range(len(name) + 1))
    return bool(name) and fnmatchcase(name[0], pattern[0]) and _matches(name[1:], pattern[1:])
