# Every command does its own set-up; without a name `make` lists them.
PORT ?= 8000
python := .venv/bin/python
step = @printf '== %s\n'
SHELL := bash

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test test-pods test-rest check pods bench clean packages

help: ## this list
	@sed -n 's/^\([a-z ]*\):.*## /  make \1\t/p' Makefile

run: .venv/requirements.stamp ## the canvas on http://localhost:8000 (or PORT), with SQLite
run: export DEBUG ?= 1
run:
	@$(python) manage.py migrate --verbosity=0
	@$(python) manage.py runserver localhost:$(PORT)

test: packages check ## check, then every test: on PostgreSQL and Redis, SQLite, a browser, Node
	@$(MAKE) --no-print-directory --jobs=2 test-pods test-rest

test-pods: # beside the others: outages are mostly waited for
	@set -o pipefail; $(python) -m pytest -m pods | sed --unbuffered 's/^/    pods | /'

test-rest:
	$(step) "Tests on PostgreSQL"
	@set -o pipefail; $(python) -m pytest -m "not pods and not browser" | sed --unbuffered ''
	$(step) "Tests in a browser" # apart: Playwright keeps an event loop of its own running
	@$(python) -m pytest -m browser
	$(step) "Tests of both databases on SQLite"
	@TEST_DATABASE=sqlite $(python) -m pytest -m both_databases
	$(step) "Tests of the page's modules"
	@node --test tests/js/*.test.js

check: .venv/requirements-dev.stamp ## style, types, import contracts, migrations
check: export DEBUG := 1
check: export DATABASE_URL := sqlite://:memory:
check:
	$(step) "Style"
	@for script in .ci/run $$(grep -l bash scripts/*); do bash -n $$script || exit; done
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet
	$(step) "Types"
	@.venv/bin/mypy
	$(step) "Import contracts"
	@.venv/bin/lint-imports
	$(step) "Migrations"
	@$(python) manage.py makemigrations --check --dry-run

pods: .venv/requirements.stamp ## three pods, a Redis and a proxy on http://localhost:8000 (or PORT)
	@$(python) scripts/pods

bench: ## not yet
	@echo "make $@: not yet, see the issue tracker." >&2; exit 1

clean: ## remove what the commands made; your canvas (pixelsite.sqlite3) stays
	rm -rf .venv .*_cache .hypothesis static-collected
	find . -name __pycache__ -prune -exec rm -rf {} +

packages:
	@scripts/system-packages

.venv/requirements-dev.stamp: requirements.txt
.venv/%.stamp: %.txt
	@scripts/virtualenv $<
	@touch $@
