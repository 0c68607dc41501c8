"""Listing: a URI of a folder or a pattern becomes the URIs of its files, in natural order.

Floor 2. A pattern may stand in any piece of the path; `**` is any number of folders. A web address is one file,
whatever characters it holds: web servers list nothing.
"""

import glob
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

import pyarrow.fs as arrow_fs

from xentcli.addresses import query_split, scheme_of
from xentcli.errors import Place, UnreadableError
from xentcli.files.expand import is_data
from xentcli.files.remote.refusals import refusing
from xentcli.files.remote.systems import WEB, located
from xentcli.phrases import natural

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
