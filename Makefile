# Every target sets up what it needs; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# The newest Python that is here and can make an environment; students' newer syntax is read by it. make PYTHON=python3.12
# chooses another.
ifndef PYTHON
PYTHON := $(shell for python in python3.14 python3.13 python3.12 python3; do \
	$$python -c 'import ensurepip, venv' 2>/dev/null && { echo $$python; break; }; done)
PYTHON := $(or $(PYTHON),python3)
endif
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# A user's own settings must not change what the kit's commands do.
export PYTHONNOUSERSITE := 1
# Images for containers often set this; then every process of a test run would compile the kit anew.
unexport PYTHONDONTWRITEBYTECODE
READY := $(VENV)/.ready
READY_ALL := $(VENV)/.ready-all
READY_SITE := $(VENV)/.ready-site
SUBMITTED ?= submitted
# The assignment: make release A=another
A ?= conv2d
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check
# uv installs in a third of pip's time. It does not read pip's settings: where an index of one's own is set there, pip installs.
install = VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install --quiet --compile-bytecode -e "$(1)" 2>/dev/null || $(PIP) -e "$(1)"

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "This kit needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) (a minute or two, once)"
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 2; }
	@$(PIP) uv || true
	@$(call install,.[dev])
	@touch $(READY)

.PHONY: setup
setup: $(READY)  ## make .venv and install the kit into it (the other targets do this themselves)

.PHONY: demo
demo: $(READY)  ## the main job on sample students, for both assignments: release, grade, feedback, lab
	@python -m demo.run

.PHONY: release
release: $(READY)  ## build and check the assignment, release it, write dist/conv2d-student.zip (A=another)
	@python -m autograder.authoring.release $(A)

.PHONY: grade
grade: $(READY)  ## grade the notebooks in submitted/ (SUBMITTED=folder JOBS=n A=assignment)
	@python -m autograder grade $(SUBMITTED) --assignment $(A) --jobs $(JOBS)

.PHONY: report
report: $(READY)  ## show the table of the last 'make grade'
	@python -m autograder report results/$(A).jsonl

.PHONY: insight
insight: $(READY)  ## write results/conv2d.html from the last 'make grade': mistakes, scores, tests, whom to speak to
	@python -m autograder insight results/$(A).jsonl results/$(A).html

.PHONY: lab
lab: $(READY)  ## open JupyterLab: the assignment, the labs, nbgrader
	@jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root)

$(READY_SITE): $(READY)
	@$(call install,.[dev,site])
	@touch $(READY_SITE)

.PHONY: site
site: $(READY_SITE)  ## write the course's site to dist/site: labs, assignment, manuals, JupyterLab in the browser
	@python -m coursesite $(if $(WASM_WHEELS),--wasm-wheels $(WASM_WHEELS))

.PHONY: bench
bench: $(READY_ALL)  ## measure everything here: workers, grading, class sizes, the reference, training, the explorer, the labs
	@python -m benchmarks.grading
	@python -m benchmarks.against_nbgrader
	@python -m benchmarks.class_size
	@python -m benchmarks.cluster
	@python -m benchmarks.convolution
	@python -m benchmarks.training
	@python -m benchmarks.explorer
	@python -m benchmarks.labs

# `make quick` counts the lines that its tests run. Python 3.12 and 3.13 count them at almost no cost if they are asked to, later ones by themselves.
CORE = $$(python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")')
# A file's fixtures are made in one process, and what takes longest begins first: see tests/conftest.py.
SPREAD = --dist loadgroup --no-loadscope-reorder

.PHONY: quick
quick: $(READY)  ## lint, then the tests that need no sandbox, browser or patience: in a minute
	@ruff check .
	@ruff format --check .
	@mypy
	@COVERAGE_CORE=$(CORE) pytest -q --cov --cov-report= -n $(JOBS) -m "not sandbox and not slow"
	@echo "$$(coverage report --format=total) % of the kit's lines ran in these tests, in their own processes."

# Two processes more than there are cores: many tests wait, for a time limit or for a page.
.PHONY: test
test: $(READY)  ## lint, then all tests on all cores
	@ruff check .
	@ruff format --check .
	@pytest -q -n $$(( $(JOBS) + 2 )) $(SPREAD)

$(READY_ALL): $(READY)
	@$(call install,.[test-all])
	@{ command -v chromium-headless-shell && command -v mmdebstrap; } >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell mmdebstrap >/dev/null; } \
		|| { command -v chromium && command -v mmdebstrap; } >/dev/null \
		|| { echo "These tests need Chromium and mmdebstrap: apt install chromium-headless-shell mmdebstrap, then again."; exit 2; }
	@touch $(READY_ALL)

.PHONY: test-all
test-all: $(READY_ALL)  ## the tests that need a browser, PostgreSQL, a cluster or a new environment
	@pytest -q -n $$(( $(JOBS) + 1 )) $(SPREAD) tests/browser tests/services tests/installed

.PHONY: fuzz
fuzz: $(READY)  ## altered frames, notebooks and results against their readers (FUZZ_SECONDS=n for each)
	@python -m tests.fuzz --seconds $(or $(FUZZ_SECONDS),300)

.PHONY: format
format: $(READY)  ## mend what ruff can mend
	@ruff check --fix .
	@ruff format .

.PHONY: clean
clean:  ## remove the environment and everything generated
	@rm -rf $(VENV) demo/course results *.egg-info
