# Everything a developer or a shop's technician does, one line each: `make help`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv/bin
LANGUAGE := en-CA
export PYTHONS ?=
READY := .venv/.ready .tools/.ready
PLAYABLE := .venv/.ready .tools/.python
LOCKS := tools/requirements
SETUP = PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m tools.setup

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## get everything that is missing (the other targets do it by themselves)
	@$(SETUP)

.venv/.ready: $(LOCKS)/desktop.lock
	@$(SETUP) --venv

.tools/.ready: $(addprefix $(LOCKS)/,desktop.lock unix-stubs.lock board-stubs.lock circuitpython.lock \
		oauth-server/package-lock.json till-client/package-lock.json)
	@$(SETUP)

.tools/.python: $(LOCKS)/desktop.lock
	@$(SETUP) --run

# Each setting of `make run` is an option of tools.handheld, given when it is set.
FACE = $(if $(filter terminal,$(UI)),,--page --open)
run: $(PLAYABLE) ## hold a handheld in your browser (UI=terminal: here; FLASH= PROFILE= BOARD= PORT= TILL= LANGUAGE=)
	@$(VENV)/python -m tools.handheld $(FACE) --language $(LANGUAGE) $(if $(FLASH),--flash "$(FLASH)") \
		$(if $(PROFILE),--profile "$(PROFILE)") $(if $(BOARD),--board "$(BOARD)") $(if $(PORT),--port "$(PORT)") \
		$(if $(TILL),--till "$(TILL)" --till-port 8440)

demo: $(PLAYABLE) ## watch one scripted checkout: every screen and slip (LANGUAGE=fr-CA; TILL=1: at a till)
	@$(VENV)/python -m $(if $(TILL),tools.till.demo,tools.handheld.demo) --language $(LANGUAGE)

test: $(READY) ## run lint, types and every test, on CPython and MicroPython (PYTHONS=newest: its newest)
	@test -z "$(PYTHONS)" || $(VENV)/python -m tools.micropython
	@$(MAKE) --no-print-directory lint
	@PYTHONDONTWRITEBYTECODE= $(VENV)/python -m pytest

# What a change breaks most often: the rooms without pins, sockets or processes, and one whole
# checkout on each Python.
FAST := amcash base card drivers issuance ledger profile receipt terminal words \
	house/test_imports.py \
	link/test_client.py link/test_http.py link/test_reply_date.py link/test_session.py \
	link/test_token.py workflows/test_checkout.py \
	system/handheld/test_a_day_at_the_till.py::test_forty_dollars_on_a_basket_of_43_35

test-fast: $(READY) ## run in a minute what a change breaks most often; `make test` runs the rest as well
	@$(VENV)/python -m pytest -n 2 --ignore host_tests/ledger/test_power_cut.py $(addprefix host_tests/,$(FAST))
	@echo 'left out: lint and types, TLS, Wi-Fi, CircuitPython, boards, power cuts, wire faults,'
	@echo 'the other workflows, the tools and the budgets: make test'

bench: $(READY) ## print the budgets with this build's figures; fails where one is broken
	@$(VENV)/python -m tools.bench

prove: $(READY) ## run the proofs in full: every cut point, every byte, both Pythons (half an hour)
	@PROVE=1 $(VENV)/python -m pytest --timeout 3600

mutants: $(READY) .tools/mutants/.ready ## change the firmware a little: does a test notice? (MODULE=ledger/ MOST=0)
	@PYTHONPATH=.tools/mutants $(VENV)/python -m tools.mutants --module "$(MODULE)" --most "$(or $(MOST),12)"

.tools/mutants/.ready: $(LOCKS)/mutants.lock | .venv/.ready
	@rm -rf .tools/mutants
	@$(VENV)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		--target .tools/mutants -r $(LOCKS)/mutants.lock
	@touch $@

deploy: .venv/.ready ## copy the firmware to a device: BOARD=esp32s3_handheld PORT=/dev/ttyACM0
	@$(VENV)/python -m tools.deploy --board "$(BOARD)" --port "$(PORT)"

provision: .venv/.ready ## give a device its settings: BOARD= PORT= PROFILE=shop.toml (or CSV=devices.csv)
	@$(VENV)/python -m tools.deploy.provision --board "$(BOARD)" --port "$(PORT)" \
		--profile "$(PROFILE)" --csv "$(CSV)" --inventory "$(INVENTORY)"

flash-all: .venv/.ready ## deploy and provision, one device or many: BOARD= PROFILE=shop.toml CSV=devices.csv
	@$(VENV)/python -m tools.deploy.flash_all --board "$(BOARD)" --port "$(PORT)" \
		--profile "$(PROFILE)" --csv "$(CSV)" --inventory "$(INVENTORY)"

console: .venv/.ready ## see a device's log and its prompt: PORT=/dev/ttyACM0
	@test -n "$(PORT)" || { echo 'console: PORT is missing: PORT=/dev/ttyACM0' >&2; exit 2; }
	@$(VENV)/mpremote connect "$(PORT)" repl \
		|| { echo 'console: `$(VENV)/mpremote connect list` shows which ports are there' >&2; exit 2; }

board: .venv/.ready ## make a new board's folder: NAME=kiosk (FROM=pico2w_pinpad)
	@$(VENV)/python -m tools.new_board --name "$(NAME)" --model "$(FROM)"

size: .venv/.ready ## print what a board's firmware takes on its flash: BOARD=
	@$(VENV)/python -m tools.build --board "$(BOARD)"

rom: .venv/.ready ## make the ROM image of a board's modules, for firmware built with ROMFS: BOARD=
	@$(VENV)/python -m tools.rom --board "$(BOARD)"

package: .venv/.ready ## make a release that mpremote mip installs: BOARD=
	@$(VENV)/python -m tools.deploy.package --board "$(BOARD)"

settings: .venv/.ready ## write the example profile and the list of settings anew from the firmware's table
	@$(VENV)/python -m tools.profile

pictures: $(READY) ## make README's picture and the gallery of every screen and slip anew (minutes)
	@$(VENV)/python -m tools.pictures

lint: $(READY) ## check format, style and types
	@$(VENV)/ruff format --quiet --check . || { echo 'run: make format'; exit 1; }
	@$(VENV)/ruff check --quiet .
	@$(VENV)/python -m tools.dead_code
	@$(VENV)/mypy
	@$(VENV)/python -m tools.board_types

format: .venv/.ready ## put every file into the house's format
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --quiet --fix .

lock: .venv/.ready ## renew the lock files: Python packages, and MicroPython from Debian
	@$(VENV)/python -m tools.requirements
	@$(VENV)/python -m tools.debian.renew

clean: ## remove what setup and tests made
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis build

# `make mutants` keeps Cosmic Ray apart from .venv: nothing else needs it.
.PHONY: board pictures mutants help setup run demo test test-fast bench prove deploy provision flash-all console size rom package settings lint format lock clean
