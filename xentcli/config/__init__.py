"""The configuration: xent.toml, or [tool.xent] in pyproject.toml, parsed once into frozen types.

Floor 1. `load` finds and reads it; `model` holds what it may say.
"""

from xentcli.config.load import load
from xentcli.config.model import Settings

__all__ = ["Settings", "load"]
