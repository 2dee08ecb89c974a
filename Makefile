# What people type. The logic is in xtask: `cargo xtask <name>` does the same.
SHELL := /bin/bash
export PATH := $(PATH):$(HOME)/.cargo/bin
# Compiled code stays outside the checkout and survives it.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/yici/target
xtask := cargo run --quiet --locked --package xtask --

.PHONY: help run test bench check fmt ready
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: ready ## build and serve the demo city on http://127.0.0.1:8080 (DB=postgres://… for PostgreSQL)
	@$(xtask) run $(if $(DB),--db '$(DB)')

test: ready ## everything that must be green before a merge
	@$(xtask) test

bench: ready ## commands per second beside hand-written SQL; takes the machine for some minutes
	@$(xtask) bench $(ARGS)

check: ready ## the quick part of `make test`: format, tidy, clippy, types
	@$(xtask) check

fmt: ready ## format the Rust code
	@$(xtask) fmt

# What has to be there before xtask itself can be compiled.
ready:
	@command -v cargo >/dev/null || { echo 'cargo is missing: install a Rust toolchain with rustup, https://rustup.rs' >&2; exit 1; }
	@command -v cc >/dev/null || if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -q && apt-get install -qy --no-install-recommends build-essential; \
	  else echo 'A C compiler is missing: sudo apt-get install build-essential' >&2; exit 1; fi
