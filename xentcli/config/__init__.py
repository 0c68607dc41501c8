"""The configuration: xent.toml, or [tool.xent] in pyproject.toml, parsed once into frozen types.

Floor 1. `model` holds what a file may say, `limit` the rules of what is judged; `find` looks for a file, `table` reads
it, with the lines of its keys and the options that all commands share; `models` parses who is judged and by what, and
`load` gives the whole. `flags` sets limits from the command line, `shown` tells where each value came from, `mentions`
which files one may name; `toml` is of values, and of texts that are none; `schema` is for editors.
"""

from xentcli.config.load import load, load_project
from xentcli.config.model import Project

__all__ = ["Project", "load", "load_project"]
