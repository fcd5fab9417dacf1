# What can be done here. `make` alone lists it.
#
# Everything runs in .venv, which is made from requirements.lock the first time and again only
# when the lock changes. Paths are relative throughout: the folder may have spaces in its name.

PYTHON ?= python3
WORKERS ?= 2
RUN := .venv/bin/python

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run up down status demo travel letters trail reset test check bench lint types docs env

help: ## list the targets
	@echo "make TARGET"
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1  \2/p' Makefile | awk '{ name = $$1; $$1 = ""; printf "  %-8s%s\n", name, $$0 }'

run: env ## start everything in the foreground and follow the logs; Ctrl-C stops all
	@$(RUN) -m devstack run

up: env ## start everything in the background; returns when all is healthy
	@$(RUN) -m devstack up

down: env ## stop what runs in the background
	@$(RUN) -m devstack down

status: env ## tell which processes run and serve
	@$(RUN) -m devstack status

demo: env ## play real accidents on a stack of its own and print the timeline
	@$(RUN) -m devstack demo $(if $(ENGLISH),--english)

travel: env ## move the development clock: make travel DAYS=16, or TO=2022-01-08T10:50:00+08:00
	@$(RUN) -m devstack travel $(if $(TO),--to $(TO),--days $(or $(DAYS),1))

letters: env ## list what was set aside: make letters SERVICE=incidents, and REPLAY="ID ..." does it again
	@$(RUN) -m devstack letters $(or $(SERVICE),incidents) $(if $(REPLAY),--replay $(REPLAY))

trail: env ## verify the audit trails of the stack
	@$(RUN) -m devstack trail

reset: env ## stop, and delete all data
	@$(RUN) -m devstack reset

test: env ## run the tests: make test, or make test ARGS="tests/kernel -k timers"
	@echo "== pytest"
	@$(RUN) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: lint types test ## everything that CI runs

bench: env ## measure speed and memory against the stated ratios
	@$(RUN) -m tools.bench

lint: env ## format, style and import rules
	@echo "== ruff check"
	@$(RUN) -m ruff check .
	@echo "== ruff format --check"
	@$(RUN) -m ruff format --check .
	@echo "== lint-imports"
	@PYTHONPATH=. $(RUN) .venv/bin/lint-imports

types: env ## mypy, strict
	@echo "== mypy"
	@$(RUN) -m mypy

docs: env ## draw docs/ from the code
	@$(RUN) -m tools.docs

# The stamp says which lock is installed; beside it stands for which Python and place .venv was
# made. Another lock is installed over it; another Python or place, or an interruption, begins anew.
# The lock is whole, so nothing is resolved: pip would look at releases newer than the pinned one
# for a name with an extra, and refuse them for want of a hash.
env:
	@lock="$$(cksum < requirements.lock)"; place="$(PYTHON) $$(pwd)"; \
	if [ -e .venv/installing ] || [ "$$(cat .venv/place 2>/dev/null)" != "$$place" ]; then \
	  $(MAKE) --no-print-directory .venv-anew && printf '%s' "$$place" > .venv/place; \
	fi && \
	if [ "$$(cat .venv/lock 2>/dev/null)" != "$$lock" ]; then \
	  $(MAKE) --no-print-directory .venv-install && printf '%s' "$$lock" > .venv/lock; \
	fi

.PHONY: .venv-anew .venv-install

.venv-anew:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@rm -rf .venv
	@echo "making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { \
	  echo "$(PYTHON) cannot make environments; on Debian: apt install python3-venv" >&2; exit 1; }

.venv-install:
	@echo "installing requirements.lock"
	@touch .venv/installing
	@$(RUN) -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	@$(RUN) -m pip check --quiet
	@rm .venv/installing
