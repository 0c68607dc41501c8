"""Expanding: a folder, a glob or a URI of either becomes the names of its files, in natural order.

Floor 2. Names alone: nothing is opened. What programs leave beside data (hidden files, names that start
with an underscore, checksums, lists of classes) is passed over.
"""

import glob
import os
from collections.abc import Sequence

from xentcli.addresses import is_remote, local_path, place_of
from xentcli.errors import Place, UnreadableError, XentError
from xentcli.files.blob import STDIN
from xentcli.phrases import natural


def expanded(path: str) -> list[str]:
    """Return the files that a path or URI stands for: itself, a folder's, or a glob's.

    Raises:
        UnreadableError: the folder holds no files, or none matches the glob.
    """
    if path == STDIN:
        return [path]
    if is_remote(path):
        from xentcli.files.remote.systems import listed  # noqa: PLC0415  only URIs need it

        return listed(path)
    given, path = path, local_path(path)
    if os.path.isdir(path):  # noqa: PTH112  odd names must not raise
        return _of_folder(path)
    if os.path.lexists(path) or not glob.has_magic(path):
        return [given]
    return _of_glob(path)


def stands_among(path: str, inputs: Sequence[str]) -> bool:
    """Whether an existing file is one of the inputs, or stands in a folder or glob that is one."""
    for one in inputs:
        if is_remote(one) != is_remote(path):
            continue
        try:
            names = expanded(one)
        except (XentError, OSError, ValueError):
            names = [one]
        if any(same_file(path, name) for name in names):
            return True
    return False


def same_file(one: str, other: str) -> bool:
    """Whether two paths name one existing file; of URIs, whether they name one place."""
    if is_remote(one) and is_remote(other):
        return real_name(one) == real_name(other)
    try:
        return os.path.samefile(local_path(one), local_path(other))  # noqa: PTH121  paths as given
    except (OSError, ValueError):
        return False


def real_name(path: str) -> str:
    """Return what a path leads to through all links, a URI in one spelling; what can be no path as it stands."""
    try:
        return place_of(path) if is_remote(path) else os.path.realpath(local_path(path))
    except ValueError:  # a null character
        return path


def _of_folder(path: str) -> list[str]:
    found: list[str] = []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if is_data(name)]
        found += [os.path.join(folder, name) for name in files if is_data(name)]  # noqa: PTH118  names alone
    if not found:
        raise UnreadableError("the folder holds no data files", place=Place(path))
    return sorted(found, key=natural)


def _of_glob(pattern: str) -> list[str]:
    found: list[str] = []
    for name in sorted(glob.glob(pattern, recursive=True), key=natural):  # noqa: PTH207  any pattern
        if not is_data(os.path.basename(name)):  # noqa: PTH119  names alone
            continue
        found += _of_folder(name) if os.path.isdir(name) else [name]  # noqa: PTH112  likewise
    if not found:
        raise UnreadableError("no file matches", place=Place(pattern))
    return list(dict.fromkeys(os.path.normpath(name) for name in found))


def is_data(name: str) -> bool:
    """Return whether a name is not one of the files that programs leave beside data."""
    return not name.startswith((".", "_")) and not name.endswith((".crc", ".classes.json"))
