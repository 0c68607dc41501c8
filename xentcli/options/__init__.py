"""The options: each is declared once, and everything that knows options reads its declaration.

Floor 1. `option` says what a declaration holds, `table` declares all in groups, `commands` says which command has which
groups, `forms` what a report may look like, and `signature` gives them to the public functions. The command line with
its help, the configuration with its schema, and `docs/options.md` are made from these, too: `python -m
xentcli.options` prints that page.
"""
