# Every command does its own set-up; without a name `make` lists them.
PORT ?= 8000
python := .venv/bin/python
step = @printf '== %s\n'
apps := tests/accounts tests/blueprints tests/history tests/moderation tests/presence
lane = | sed --unbuffered 's/^/$(1) | /'
# Run a target; where it fails, tell the failures of all its lanes once more.
gather = @mkdir -p .run && rm -f $(FAILURES) && FAILURES=$(FAILURES) $(MAKE) --no-print-directory $(1) \
    || { echo "== Failed"; cat $(FAILURES) 2>/dev/null; exit 1; }
page_modules = node --import ./tests/js/served.js --test --test-reporter=dot tests/js/*.test.js tests/js/*/*.test.js
SHELL := bash -o pipefail
FAILURES := $(CURDIR)/.run/failures

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run quick quick-canvas quick-apps quick-others quick-simulation quick-page \
    test test-in-order core-server core-pods core-page test-simulation \
    test-rest test-rest-in-order test-long test-server test-pods test-chromium test-firefox \
    check pods bench simulate fuzz upgrade stress endurance mutations mutate lock clean packages

help: ## this list
	@sed -n 's/^\([a-z -]*\):.*## /  make \1\t/p' Makefile

run: .venv/requirements.stamp ## the canvas on http://localhost:8000 (or PORT), with SQLite
run: export DEBUG ?= 1
run:
	@$(python) manage.py migrate --verbosity=0
	@$(python) manage.py runserver localhost:$(PORT)

quick: .venv/requirements-dev.stamp ## tests that need no service, on SQLite: a minute and a half; it says what it leaves out
	@$(MAKE) --no-print-directory --jobs=4 --keep-going quick-canvas quick-apps quick-others quick-simulation quick-page

quick-canvas:
	@$(python) -m pytest --quick --quiet tests/canvas $(call lane,canvas)

quick-apps:
	@$(python) -m pytest --quick --quiet $(apps) $(call lane,apps)

quick-others:
	@$(python) -m pytest --quick --quiet --ignore=tests/canvas $(apps:%=--ignore=%) --ignore=tests/simulation $(call lane,others)

quick-simulation: # some fresh seeds, and the plans that once went wrong
	@SIMULATED=5 $(python) -m pytest --quick --quiet tests/simulation/test_seeds.py -k "fresh or wrong" $(call lane,simulation)

quick-page:
	@if command -v node >/dev/null; then $(page_modules) $(call lane,page); \
	else echo "page | left out: the tests of the page's modules need node"; fi

test: packages .venv/requirements-dev.stamp ## quick, check, then the core of what needs services: 10 minutes
	$(call gather,test-in-order)

test-in-order: # the quickest first: what is wrong shows within two minutes
	$(step) "Tests that need no service, on SQLite"
	@$(MAKE) --no-print-directory quick
	@$(MAKE) --no-print-directory check
	$(step) "The core of what needs services: the server, pods and the simulation, side by side"
	@$(MAKE) --no-print-directory --jobs=2 --keep-going core-server core-pods test-simulation
	$(step) "The core of the page, by itself: a browser takes all of a small machine"
	@$(MAKE) --no-print-directory core-page

core-server: # what SQLite cannot tell
	@$(python) -m pytest -m "core and not pods and not browser" $(call lane,server)

core-pods:
	@$(python) -m pytest -m "core and pods" $(call lane,pods)

core-page: # Playwright keeps an event loop of its own running, so it has a run of its own
	@$(python) -m pytest -m "core and browser" $(call lane,browser)

test-simulation: # 30 s of fresh seeds, the plans that once went wrong, planted faults
	@$(python) -m pytest --quick tests/simulation $(call lane,simulation)

test-rest: packages .venv/requirements-dev.stamp ## every other test: 32 minutes
	$(call gather,test-rest-in-order)

test-long: test-rest ## the rest, then stress and endurance in short: 40 minutes
	$(step) "Stress, its short form"
	@$(python) -m stress --short
	$(step) "Endurance, its short form"
	@$(python) -m stress.endurance --short

test-rest-in-order:
	$(step) "Tests of delays, by themselves"
	@$(python) -m pytest -m measured
	$(step) "The other tests of the server and of pods, side by side"
	@$(MAKE) --no-print-directory --jobs=2 --keep-going test-server test-pods
	$(step) "The other tests of the page, by themselves"
	@$(MAKE) --no-print-directory --keep-going test-chromium test-firefox

test-server: # `quick` has run what uses no database
	@$(python) -m pytest --rest -m "not core and not measured and not pods and not browser and not firefox and not long" $(call lane,server)
	@TEST_DATABASE=sqlite $(python) -m pytest -m "both_databases and (redis or slow)" $(call lane,sqlite)

test-pods:
	@$(python) -m pytest -m "pods and not core and not measured and not long" $(call lane,pods)

test-chromium:
	@$(python) -m pytest -m "browser and not core" $(call lane,browser)

test-firefox:
	@$(python) -m pytest -m firefox $(call lane,firefox)

check: .venv/requirements-dev.stamp node_modules/.stamp ## style, types, import contracts, migrations, the page
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
	$(step) "Page"
	@npm run --silent check

pods: .venv/requirements.stamp ## three pods, a Redis and a proxy on http://localhost:8000 (or PORT)
	@$(python) scripts/pods

bench: packages .venv/requirements-dev.stamp ## measure beside Node, nchan and others: bench/REPORT.md, 45 minutes
	@$(python) -m bench $(BENCH)

simulate: .venv/requirements-dev.stamp ## pods on a virtual clock, with all faults: SEED=... for one, HOURS=... of fresh ones
simulate: export DEBUG := 1
simulate: export DATABASE_URL := sqlite://:memory:
simulate:
	@$(python) -m simulation $(if $(SEED),--seed $(SEED)) $(if $(HOURS),--hours $(HOURS)) $(if $(KEEP),--keep "$(KEEP)")

fuzz: packages .venv/requirements-dev.stamp ## hostile input and clients, in the long form: SEED=... for one, TESTS=... for some
fuzz: export HOSTILE := long
fuzz: export KEEP := 1
fuzz:
	@$(python) -m pytest $(or $(TESTS),tests/hostile tests/moderation/test_hostile_forms.py)

upgrade: packages .venv/requirements-dev.stamp ## pods of a former version beside this one, and migrations of a large ledger: UPGRADE_ROWS=5000000
	@NO_SKIPS=1 $(python) -m pytest -s tests/upgrade $(call lane,upgrade)

stress: packages .venv/requirements-dev.stamp ## pods, PostgreSQL and Redis fail in every way under load, 2 hours: STRESS="--only redis --rounds 1"
	@$(python) -m stress --write .run/stress.md $(STRESS)

endurance: packages .venv/requirements-dev.stamp ## draw for 20 minutes, connect 10,000 times: what do pods hold that they did not?
	@$(python) -m stress.endurance $(ENDURANCE)

mutations: .venv/requirements-dev.stamp ## break the code on purpose, law by law: each time a test has to turn red; 10 minutes
	@$(python) scripts/mutations $(MUTATIONS)

mutate: .venv/requirements-dev.stamp ## small changes of the core by mutmut, and those that no test sees: MUTATE="canvas.domain.area*", SECONDS=600
	@$(python) scripts/mutate $(or $(SECONDS),1800) $(MUTATE)

lock: .venv/requirements-dev.stamp ## requirements*.txt, with hashes, from the .in files
	@for file in requirements requirements-history requirements-otel requirements-dev; do \
	    .venv/bin/uv pip compile --quiet --universal --python-version 3.11.0 --generate-hashes \
	        --no-header --no-annotate --no-emit-index-url $$file.in -o $$file.txt || exit; \
	done

clean: ## remove what the commands made; your canvas (pixelsite.sqlite3) stays
	rm -rf .venv node_modules .*_cache .hypothesis static-collected
	find . -name __pycache__ -prune -exec rm -rf {} +

packages:
	@scripts/system-packages

node_modules/.stamp: package.json package-lock.json
	@command -v npm >/dev/null || scripts/system-packages
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.venv/%.stamp: %.txt
	@scripts/virtualenv $<
	@touch $@
