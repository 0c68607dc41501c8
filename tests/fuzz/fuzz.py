"""Fuzz one target with atheris, in this process: `python fuzz.py TARGET [CORPUS ...] [-libFuzzer=options]`.

`run.py` starts it and watches it; it comes with the extra `fuzz`.
"""

import sys

import atheris

with atheris.instrument_imports(include=["xentcli"]):
    from targets import TARGETS


def main():
    """Fuzz until libFuzzer's options say that it is enough."""
    name, *rest = sys.argv[1:]
    atheris.Setup([sys.argv[0], *rest], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
