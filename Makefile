# Everything a developer or a shop's technician does, one line each: `make help`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv/bin
LANGUAGE := en-CA
READY := .venv/.ready .tools/.ready

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## get everything that is missing (the other targets do it by themselves)

.venv/.ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11'; exit 1; }
	@echo 'setting up .venv (about a minute, once) ...'
	@$(PYTHON) -m venv .venv
	@$(VENV)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.tools/.ready: tools/debian.py tools/micropython.py tools/zbar.py requirements-stubs.lock | .venv/.ready
	@$(VENV)/python -m tools.micropython
	@$(VENV)/python -m tools.zbar
	@rm -rf .tools/stubs
	@$(VENV)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		--target .tools/stubs -r requirements-stubs.lock
	@mkdir -p .tools && touch $@

run: $(READY) ## use the simulated handheld in this terminal, with an emulated platform
	@$(VENV)/python -m tools.handheld --language $(LANGUAGE)

demo: $(READY) ## watch one scripted checkout: every screen and slip (LANGUAGE=fr-CA for French)
	@$(VENV)/python -m tools.handheld.demo --language $(LANGUAGE)

test: $(READY) ## run lint, types and every host test, on CPython and on MicroPython
	@$(MAKE) --no-print-directory lint
	@$(VENV)/python -m pytest

lint: $(READY) ## check format, style and types
	@$(VENV)/ruff format --quiet --check . || { echo 'run: make format'; exit 1; }
	@$(VENV)/ruff check --quiet .
	@$(VENV)/mypy
	@$(VENV)/mypy --config-file firmware/mypy.ini

format: .venv/.ready ## put every file into the house's format
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --quiet --fix .

lock: .venv/.ready ## renew requirements.lock from pyproject.toml
	@$(VENV)/pip-compile --quiet --upgrade --no-emit-find-links --no-emit-index-url \
		--no-emit-trusted-host --no-emit-options --strip-extras --allow-unsafe \
		--generate-hashes --all-extras -o requirements.lock pyproject.toml

clean: ## remove what setup and tests made
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis build

.PHONY: help setup run demo test lint format lock clean
