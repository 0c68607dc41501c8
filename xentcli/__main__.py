"""`python -m xentcli` is `xent`."""

from xentcli.cli.main import run

if __name__ == "__main__":
    run()
