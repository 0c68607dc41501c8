"""The configuration: xent.toml, or [tool.xent] in pyproject.toml, parsed once into frozen types.

Floor 1. `model` holds what a file may say, `limit` and `margin` the rules of what is judged; `find` looks for a file,
`table` reads it, with the `lines` of its keys or the words for a `broken` one; `settings`, `limits` and `models` each
parse their part of it, and `load` gives the whole. `flags` sets limits from the command line, `shown` tells where each
value came from, `mentions` which files one may name, and `numbers` and `toml` are of values.
"""

from xentcli.config.load import load, load_project
from xentcli.config.model import Project

__all__ = ["Project", "load", "load_project"]
