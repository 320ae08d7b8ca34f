# The commands a person types. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PORT ?= 8080
CLUSTER ?= own
SECONDS ?= 60

.PHONY: help demo test faults bench fuzz build site setup lint deny unit format clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Start a cluster, an identity provider and Shorepass; Ctrl-C stops all of it
	@PORT=$(PORT) CLUSTER=$(CLUSTER) end2end/demo/run

test: ## Run every check and every test
	@tools/test

faults: ## Break connections, kill portals and reload pages, in long runs: half an hour or more
	@tools/faults

bench: ## Measure, next to other ways into a pod; ONLY=echo,flood PERCENT=5 for less
	@end2end/bench/run

fuzz: ## Feed arbitrary bytes to what reads bytes, each for SECONDS=60
	@tools/fuzz/run $(SECONDS)

build: site ## Build the release binary
	@. tools/environment && cargo build --release -p server && echo "built $$CARGO_TARGET_DIR/release/shorepass"

site: setup ## Build what browsers load, into target/site
	@tools/environment cargo run --quiet -p site

setup: ## Install what is missing for building and testing
	@tools/setup

format: ## Format the sources
	@cargo fmt --all

lint: setup ## Check formatting, lints and dependencies
	@tools/lint

deny: ## Check licences, sources and advisories of dependencies (installs cargo-deny)
	@tools/deny

unit: setup ## Run the tests that need neither cluster nor browser
	@tools/postgresql
	@tools/age
	@tools/unit

clean: ## Remove what was built here; caches outside the checkout stay
	@rm -rf target end2end/node_modules end2end/idp/node_modules app/node_modules
