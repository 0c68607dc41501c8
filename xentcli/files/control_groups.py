"""Control groups: the limits that Linux sets to the memory of the process: its group's and those of all groups above.

Floor 2. Version 2 has one tree of groups; version 1 has one of its own for memory.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_ROOT = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")


def container_limits() -> Iterator[int]:
    """Yield the bytes that each group which holds the process allows, where it sets a limit."""
    for file in _limit_files():
        try:
            yield int(file.read_text(encoding="ascii"))
        except (OSError, ValueError):  # no such limit; version 2 writes `max` where there is none
            continue


def _limit_files() -> Iterator[Path]:
    """Yield where limits may stand, from the group of the process up to the root of each tree.

    Inside a container the path may be the host's, which is not seen there; its limit then stands at the root.
    """
    versions = {"": (_ROOT, "memory.max"), "memory": (_ROOT / "memory", "memory.limit_in_bytes")}
    groups = _groups()
    for controller, (root, name) in versions.items():
        group = PurePosixPath(groups.get(controller, "/"))
        for one in (group, *group.parents):
            yield root / str(one).lstrip("/") / name


def _groups() -> dict[str, str]:
    """Return the group of the process by controller; that of version 2 has no name."""
    try:
        lines = _MEMBERSHIP.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return {}
    split = [line.split(":", 2) for line in lines if line.count(":") >= 2]
    return {controller: path for _, controllers, path in split for controller in controllers.split(",")}
