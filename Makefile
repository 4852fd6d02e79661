# Every target does its own set-up: a machine with Node >= 20, Go and make is enough.
# npm scripts run under the Node 24 that package.json pins, whatever Node the machine has.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
KEEP ?=

.DEFAULT_GOAL := help
.PHONY: help setup control-plane test-tools build lint test test-unit test-e2e demo transcript picture bench bench-controller package image helm-path clean

help: ## Show the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: node_modules/.install-stamp

node_modules/.install-stamp: package.json package-lock.json
	@command -v node >/dev/null || { echo "Node is missing: install Node 20 or newer."; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: install Node 20 or newer with npm."; exit 1; }
	@echo "Installing packages ..."
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

control-plane: setup ## Build etcd and the Kubernetes API server for tests (minutes once, then cached)
	@node test/controlplane/binaries.ts

test-tools: setup ## Install what only tests need: helm, kube-score, Prometheus, Chromium, buildah
	@node test/tools/tools.ts

build: setup ## Bundle into dist/, which runs without node_modules
	@npm run -s build

lint: setup ## Type-check, format check, lint, generated files
	@npm run -s lint
	@npm run -s gen:check

test-unit: setup ## Run the tests that need no cluster
	@npm run -s test -- --project unit

test-e2e: setup build control-plane test-tools ## Run the tests against a real API server
	@npm run -s test -- --project e2e

test: lint build control-plane test-tools ## Run everything
	@npm run -s test

demo: setup build control-plane ## Break a small cluster, diagnose it, repair it (KEEP=1 leaves it running)
	@node test/demo/demo.ts $(if $(KEEP),--keep)

transcript: setup build control-plane ## Run the demo and put its output into README.md
	@node scripts/record-transcript.ts

picture: setup control-plane test-tools ## Diagnose the demo's cluster and draw docs/images from the HTML report
	@npm run -s picture

bench: setup ## Measure the budgets as ratios and counts
	@npm run -s bench

bench-controller: setup build control-plane ## Measure the built controller with 1,000 Ingresses on a real API server (minutes)
	@npm run -s bench:controller

package: build ## Make the artefacts of a release in release/ (VERSION=x.y.z checks that everything agrees on it)
	@node scripts/package.ts $(VERSION)

image: ## Build the container image with docker (IMAGE=name:tag)
	docker build --build-arg VERSION=$(or $(VERSION),0.0.0) --build-arg REVISION=$$(git rev-parse HEAD) -t $(or $(IMAGE),ingress-doctor) .

helm-path: setup
	@node test/tools/tools.ts helm

clean: ## Remove what was built in the tree
	@rm -rf dist coverage reports release
