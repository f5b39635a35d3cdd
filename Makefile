# What a newcomer needs: `make demo` and `make test`. Each sets up all it needs itself.
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
UV_VERSION := 0.13.9
RUN := $(UV) run --no-sync
SETUP := .venv/.synced
# What checks the contracts and the live page needs Node; without it those tests are skipped,
# with the reason.
NODE := tests/contract/npm/node_modules/.package-lock.json tests/browser/node_modules/.package-lock.json
# Of two that are on the path, the first; and the folder we are in is none of them.
WITH_COMPILED := PYTHONPATH=$(CURDIR)/.compiled PYTHONSAFEPATH=1
NODE_SETUP := $(if $(shell command -v npm 2>/dev/null),$(NODE))

.PHONY: help setup demo test lint format bench compiled bench-page bench-peers schemas states released docs dashboards screenshots \
	recordings deadstreams chaos growth plots sbom audit clean

help: ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(SETUP) $(NODE_SETUP) ## install what the other targets need

.uv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 2; }
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(SETUP): pyproject.toml uv.lock $(if $(filter .uv/%,$(UV)),.uv/bin/uv)
	@echo "installing into .venv, once; this may take a minute or two" >&2
	$(UV) sync --locked --all-extras --no-python-downloads --python $(PYTHON) --compile-bytecode --quiet
	@touch $@

$(NODE): %/node_modules/.package-lock.json: %/package.json %/package-lock.json
	npm ci --prefix $* --ignore-scripts --no-audit --no-fund --silent --no-progress
	@touch $@

demo: $(SETUP) ## a talk of two people through a real Kafka, in about a minute
	@$(RUN) caption-worker demo $(ARGS)

test: $(SETUP) $(NODE_SETUP) ## all tests, on a real Kafka and in a real browser, JOBS=2 at once
	@$(RUN) pytest -n $(or $(JOBS),2) --dist loadfile $(ARGS)

lint: $(SETUP) ## ruff, mypy, import-linter
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lint-imports --no-cache
	$(RUN) pytest -q tests/contract

format: $(SETUP) ## format the code
	$(RUN) ruff check --fix-only --quiet
	$(RUN) ruff format

chaos: $(SETUP) ## faults on purpose, judged by the log: SEED=7 MINUTES=5 BROKERS=1
	@nice $(RUN) python -m tests.chaos.run $(if $(SEED),--seed $(SEED)) --minutes $(or $(MINUTES),5) --brokers $(or $(BROKERS),1) $(ARGS)

bench: $(SETUP) ## throughput of one process an agent; COMPILED=1: its rules as in the image
	@$(if $(COMPILED),$(WITH_COMPILED)) $(RUN) caption-worker bench run $(ARGS)

compiled: $(SETUP) ## the worker with its rules compiled, in .compiled; a minute, wants a C compiler
	@$(RUN) python -m tests.compiled.building

schemas: $(SETUP) $(NODE_SETUP) ## write schemas/json, asyncapi.yaml and types anew
	$(RUN) caption-worker schema --out schemas/json
	$(RUN) python -m tests.contract.asyncapi
	$(RUN) python -m tests.contract.generated_types

released: $(SETUP) ## keep schemas and examples of this version for ever
	$(RUN) python -m tests.contract.released

states: $(SETUP) ## record states of a new version
	$(RUN) python -m tests.agents.recorded_states

docs: $(SETUP) ## write the tables of README and docs anew
	$(RUN) python -m tests.contract.readme
	$(RUN) python -m tests.chaos.report
	$(RUN) python -m tests.bench.peers.report

dashboards: $(SETUP) ## write the dashboards, and the rules for Kubernetes, anew
	$(RUN) python -m deploy.grafana
	$(RUN) python -m deploy.kubernetes.rules

deadstreams: $(SETUP) ## what is left of streams that died, as their number grows (STREAMS=40000)
	$(RUN) python -m tests.agents.dead_streams $(STREAMS)

sbom: $(SETUP) ## write sbom.cdx.json: all that an installation holds (CycloneDX)
	$(UV) export --locked --no-dev --all-extras --quiet --format cyclonedx1.5 -o sbom.cdx.json

audit: $(SETUP) ## look for known holes in what is locked; tells loudly what it could not look up
	@$(UV) export --locked --no-dev --all-extras --no-emit-project --quiet -o .audit.txt
	@$(UV) run --isolated --locked --only-group audit --quiet pip-audit --requirement .audit.txt --require-hashes \
		--disable-pip --format json --progress-spinner off | $(PYTHON) .ci/audit.py

screenshots: $(SETUP) $(NODE_SETUP) ## take the pictures of the live page anew
	@$(RUN) python -m tests.browser.screenshots

growth: $(SETUP) ## measure cost, state and restore as streams grow in number, and draw it (half an hour)
	@mkdir -p docs/growth
	$(RUN) caption-worker bench growth --json > docs/growth/growth.json
	$(RUN) caption-worker bench day --streams $(or $(STREAMS),10000) --json > docs/growth/day.json
	$(RUN) caption-worker bench restore --json > docs/growth/restore.json
	$(MAKE) plots

plots: $(SETUP) ## draw docs/images/growth.svg from docs/growth
	@$(UV) run --isolated --locked --only-group plots --quiet python docs/growth/draw.py

bench-peers: $(SETUP) ## the same job by Quix, Bytewax, Faust and plain loops: ARGS=--keep writes docs/PEERS.md
	@$(RUN) python -m tests.bench.peers.run $(ARGS)

bench-page: $(SETUP) $(NODE_SETUP) ## how soon a word is on the live page, in a real browser
	@$(RUN) python -m tests.browser.bench_page $(ARGS)

recordings: $(SETUP) ## write the recordings anew from their talks
	$(RUN) python -m workers.recordings

clean: ## remove what the targets made
	rm -rf .compiled tests/browser/node_modules tests/contract/npm/node_modules .uv .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
