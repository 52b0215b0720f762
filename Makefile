# Every command does its own set-up; without a name `make` lists them.
PORT ?= 8000
python := .venv/bin/python
step = @printf '== %s\n'
people := tests/accounts tests/blueprints tests/moderation tests/presence
lane = | sed --unbuffered 's/^/$(1) | /'
page_modules = node --import ./tests/js/served.js --test --test-reporter=dot tests/js/*.test.js tests/js/*/*.test.js
SHELL := bash -o pipefail

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: fuzz test-long-hostile test-long-upgrade help run quick quick-canvas quick-people quick-others quick-simulation quick-page test test-all test-server test-pods test-page test-chromium test-firefox test-simulation test-long check pods bench simulate stress endurance mutations mutate lock clean packages

help: ## this list
	@sed -n 's/^\([a-z ]*\):.*## /  make \1\t/p' Makefile

run: .venv/requirements.stamp ## the canvas on http://localhost:8000 (or PORT), with SQLite
run: export DEBUG ?= 1
run:
	@$(python) manage.py migrate --verbosity=0
	@$(python) manage.py runserver localhost:$(PORT)

quick: .venv/requirements-dev.stamp ## tests that need no service, on SQLite: 3 minutes and a quarter; it says what it leaves out
	@$(MAKE) --no-print-directory --jobs=4 --keep-going quick-canvas quick-people quick-others quick-simulation quick-page

quick-canvas:
	@$(python) -m pytest --quick --quiet tests/canvas $(call lane,canvas)

quick-people:
	@$(python) -m pytest --quick --quiet $(people) $(call lane,people)

quick-others:
	@$(python) -m pytest --quick --quiet --ignore=tests/canvas $(people:%=--ignore=%) --ignore=tests/simulation $(call lane,others)

quick-simulation: # some fresh seeds, and the plans that once went wrong
	@SIMULATED=5 $(python) -m pytest --quick --quiet tests/simulation/test_seeds.py -k "fresh or wrong" $(call lane,simulation)

quick-page:
	@if command -v node >/dev/null; then $(page_modules) $(call lane,page); \
	else echo "page | left out: the tests of the page's modules need node"; fi

test: packages check ## check, then every test: on SQLite, PostgreSQL and Redis, a browser, Node
test: export FAILURES := $(CURDIR)/.run/failures
test:
	@mkdir -p .run && rm -f $(FAILURES)
	@$(MAKE) --no-print-directory test-all || { echo "== Failed"; cat $(FAILURES) 2>/dev/null; exit 1; }

test-all:
	$(step) "Tests that need no service, on SQLite: the quickest first"
	@$(MAKE) --no-print-directory quick
	$(step) "Tests of delays, by themselves"
	@$(python) -m pytest -m measured
	$(step) "Tests of the server and of pods, side by side"
	@$(MAKE) --no-print-directory --jobs=2 --keep-going test-server test-pods test-simulation
	$(step) "Tests of the page, by themselves: a browser takes all of a small machine"
	@$(MAKE) --no-print-directory --keep-going test-page

test-server: # `quick` has run what uses no database
	@$(python) -m pytest --rest -m "not measured and not pods and not browser and not firefox and not long" --ignore-glob="tests/simulation/test_[ps]*" $(call lane,server)
	@TEST_DATABASE=sqlite $(python) -m pytest -m "both_databases and (redis or slow)" $(call lane,sqlite)

test-pods:
	@$(python) -m pytest -m "pods and not measured and not long" $(call lane,pods)

test-simulation: # 30 s of fresh seeds, the plans that once went wrong, planted faults
	@$(python) -m pytest --quick tests/simulation $(call lane,simulation)

test-page: test-chromium test-firefox

test-chromium: # Playwright keeps an event loop of its own running, so it has a run of its own
	@$(python) -m pytest -m browser $(call lane,browser)

test-firefox:
	@$(python) -m pytest -m firefox $(call lane,firefox)

test-long: packages .venv/requirements-dev.stamp ## what takes longer than make test: stress and endurance in short, hostile input at length, an upgrade; 40 minutes
	$(step) "Stress, its short form"
	@$(python) -m stress --short
	$(step) "Endurance, its short form"
	@$(python) -m stress.endurance --short
	$(step) "Hostile input, its long form"
	@$(MAKE) --no-print-directory test-long-hostile
	$(step) "Beside a former version, and the migration of a large ledger"
	@$(MAKE) --no-print-directory test-long-upgrade

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

bench: packages .venv/requirements-dev.stamp ## measure beside Node, nchan and others: bench/REPORT.md, 20 minutes
	@$(python) -m bench $(BENCH)

simulate: .venv/requirements-dev.stamp ## pods on a virtual clock, with all faults: SEED=... for one, HOURS=... of fresh ones
simulate: export DEBUG := 1
simulate: export DATABASE_URL := sqlite://:memory:
simulate:
	@$(python) -m simulation $(if $(SEED),--seed $(SEED)) $(if $(HOURS),--hours $(HOURS)) $(if $(KEEP),--keep "$(KEEP)")

fuzz: packages .venv/requirements-dev.stamp ## hostile input and clients, in the long form: SEED=... for one, TESTS=... for some files
fuzz: export HOSTILE := long
fuzz: export KEEP := 1
fuzz:
	@$(python) -m pytest $(or $(TESTS),tests/hostile)

test-long-hostile: packages .venv/requirements-dev.stamp
	@HOSTILE=long $(python) -m pytest tests/hostile tests/moderation/test_hostile_forms.py $(call lane,hostile)

test-long-upgrade: packages .venv/requirements-dev.stamp # beside a former version; a large ledger: UPGRADE_ROWS=5000000
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
