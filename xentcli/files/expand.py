"""Expanding: a folder, a glob or a URI of either becomes the names of its files, in natural order.

Floor 2. Names alone: nothing is opened. What programs leave beside data (hidden files, names that start
with an underscore, checksums, lists of classes) is passed over.
"""

import fnmatch
import glob
import os
from collections.abc import Sequence

from xentcli.errors import Place, UnreadableError, XentError
from xentcli.files.blob import STDIN, is_uri
from xentcli.words import natural


def expanded(path: str) -> list[str]:
    """Return the files that a path or URI stands for: itself, a folder's, or a glob's.

    Raises:
        UnreadableError: the folder holds no files, or none matches the glob.
    """
    if path == STDIN:
        return [path]
    if is_uri(path):
        return _of_uri(path)
    if os.path.isdir(path):  # noqa: PTH112  odd names must not raise
        return _of_folder(path)
    if os.path.lexists(path) or not glob.has_magic(path):
        return [path]
    return _of_glob(path)


def stands_among(path: str, inputs: Sequence[str]) -> bool:
    """Whether an existing file is one of the inputs, or stands in a folder or glob that is one."""
    for one in inputs:
        try:
            names = expanded(one)
        except (XentError, OSError, ValueError):
            names = [one]
        if any(same_file(path, name) for name in names):
            return True
    return False


def same_file(one: str, other: str) -> bool:
    """Whether two paths name one existing file."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121  paths as given
    except (OSError, ValueError):
        return False


def real_name(path: str) -> str:
    """Return what a path leads to through all links; a URI, and what can be no path, as it stands."""
    try:
        return path if is_uri(path) else os.path.realpath(path)
    except ValueError:  # a null character
        return path


def _of_folder(path: str) -> list[str]:
    found: list[str] = []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if _is_data(name)]
        found += [os.path.join(folder, name) for name in files if _is_data(name)]  # noqa: PTH118  names alone
    if not found:
        raise UnreadableError("the folder holds no data files", place=Place(path))
    return sorted(found, key=natural)


def _of_glob(pattern: str) -> list[str]:
    found: list[str] = []
    for name in sorted(glob.glob(pattern, recursive=True), key=natural):  # noqa: PTH207  any pattern
        if not _is_data(os.path.basename(name)):  # noqa: PTH119  names alone
            continue
        found += _of_folder(name) if os.path.isdir(name) else [name]  # noqa: PTH112  likewise
    if not found:
        raise UnreadableError("no file matches", place=Place(pattern))
    return list(dict.fromkeys(os.path.normpath(name) for name in found))


def _of_uri(uri: str) -> list[str]:
    """Return the files of a folder or of a pattern (in its last piece) behind a URI.

    A URI that cannot be opened is returned as it is: opening it tells why.
    """
    import pyarrow as pa  # noqa: PLC0415  only URIs need it
    import pyarrow.fs as arrow_fs  # noqa: PLC0415  likewise

    folder, _, pattern = uri.rpartition("/")
    if not glob.has_magic(pattern):
        folder, pattern = uri.rstrip("/"), ""
    try:
        system, path = arrow_fs.FileSystem.from_uri(folder)
        if not pattern and system.get_file_info(path).type is not arrow_fs.FileType.Directory:
            return [uri]
        infos = system.get_file_info(arrow_fs.FileSelector(path, recursive=not pattern))
    except (pa.ArrowException, OSError, ValueError):
        return [uri]
    inside = [info.path.removeprefix(path).lstrip("/") for info in infos if info.is_file]
    kept = [
        name
        for name in inside
        if all(_is_data(piece) for piece in name.split("/")) and (not pattern or fnmatch.fnmatchcase(name, pattern))
    ]
    if not kept:
        raise UnreadableError("holds no data files" if not pattern else "no file matches", place=Place(uri))
    return [f"{folder}/{name}" for name in sorted(kept, key=natural)]


def _is_data(name: str) -> bool:
    """Whether a name is not one of the files that programs leave beside data."""
    return not name.startswith((".", "_")) and not name.endswith((".crc", ".classes.json"))
