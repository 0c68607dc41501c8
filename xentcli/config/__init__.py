"""The configuration: xent.toml, or [tool.xent] in pyproject.toml, parsed once into frozen types.

Floor 1. `model` holds what a file may say; `find` looks for one, `table` reads it, with the `lines` of its keys or
the words for a `broken` one; `settings`, `limits` and `models` each parse their part of it, and `load` gives the
whole. `flags` sets limits from the command line, `shown` tells where each value came from, `mentions` which files it
may name, and `toml` writes values.
"""

from xentcli.config.load import load, load_project
from xentcli.config.model import Project, Settings

__all__ = ["Project", "Settings", "load", "load_project"]
