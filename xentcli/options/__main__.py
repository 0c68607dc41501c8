"""`python -m xentcli.options` prints `docs/options.md`."""

import sys

from xentcli.options.page import options_page

sys.stdout.write(options_page())
