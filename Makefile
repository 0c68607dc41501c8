# The commands that are typed most often. `make setup` first; the others use the environment that it makes.
PYTHON ?= python3
ENV := .venv
RUN := $(ENV)/bin/python

.PHONY: setup test check bench screens

setup: ## an environment with an editable install and all that the tests need
	$(PYTHON) -m venv $(ENV)
	$(RUN) -m pip install --quiet --editable ".[test]"

test: ## the whole suite, on all cores
	$(RUN) -m pytest -q -n auto

check: ## what must pass before a change is merged; it makes environments of its own
	.ci/run

bench: ## start-up, and scoring against other tools
	$(RUN) -m pip install --quiet --editable ".[bench]"
	$(RUN) tests/bench/startup.py
	$(RUN) tests/bench/score.py

screens: ## draw golden screens, tables of documents, the pages of options and metrics and the schema of xent.toml again; read what `git diff` shows before you commit it
	$(RUN) -m xentcli.options > docs/options.md
	$(RUN) -m xentcli.metrics > docs/metrics.md
	$(RUN) -m xentcli.config.schema > xentcli/config/xent.schema.json
	WRITE_SCREENS=1 $(RUN) -m pytest -q --no-cov tests/views/test_screens.py tests/test_codes.py \
		tests/test_readme.py
	git diff --stat
