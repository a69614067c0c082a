# Every target sets up what it needs; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# A user's own settings must not change what the kit's commands do.
export PYTHONNOUSERSITE := 1
READY := $(VENV)/.ready
SUBMITTED ?= submitted
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "This kit needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) (a minute or two, once)"
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 2; }
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $(READY)

.PHONY: setup
setup: $(READY)  ## make .venv and install the kit into it (the other targets do this themselves)
