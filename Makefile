# The two to know: `make demo` tells the story, `make test` checks everything.

SHELL := /bin/bash

# Tests make thousands of small files. Where there is a folder in memory that
# programs may run from, they do it there, several times faster.
MEMORY := $(shell f=$$(mktemp /dev/shm/hotfixbot.XXXXXX 2>/dev/null) && { printf '#!/bin/sh\n' >$$f; chmod +x $$f; $$f 2>/dev/null && echo /dev/shm; rm -f $$f; })
ifneq ($(MEMORY),)
test test-all test-race test-postgres test-faults soak bench: export TMPDIR ?= $(MEMORY)
endif

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/hotfixbot
	CGO_ENABLED=0 go build -trimpath -o bin/hotfixbot ./cmd/hotfixbot

.PHONY: demo
demo: build ## Play a hotfix from its merge to its end, without account or network
	bin/hotfixbot demo

.PHONY: picture
picture: setup ## Take the README's picture of the page anew
	go test ./internal/browser -run '^TestStory$$' -update

.PHONY: setup
setup: ## Install or name what the tests need, and fetch GitHub's descriptions and axe-core
	bash internal/tools/setup.sh

# What is watched for races: everything but SQLite's own code, which is C,
# translated, and takes its time.
RACE := -race '-gcflags=modernc.org/sqlite/lib=-race=0 -d=checkptr=0'

# Some of the stories are played with the race detector, then all of them without it.
# On a slow or busy machine they may take longer than the 10 minutes that go test
# allows a package by default. A crowd is played with it alone.
.PHONY: test
test: setup ## Run all tests, with the race detector but for most stories
	go vet ./...
	go test $(RACE) -shuffle=on -timeout 45m ./...
	go test -shuffle=on -timeout 45m -skip '^(TestFaults|TestSchedules|TestCrowd)$$' ./internal/e2e
	cd internal/e2e && go test -count=1 -timeout 45m -run '^(TestFaults|TestSchedules)$$'

.PHONY: test-all
test-all: test ## Run all tests, then every story in every way
	HOTFIXBOT_STORIES=all go test -shuffle=on -timeout 90m ./internal/e2e

.PHONY: test-race
test-race: setup ## Play every story, in every way, with the race detector: an hour
	HOTFIXBOT_STORIES=all go test $(RACE) -shuffle=on -timeout 180m ./internal/e2e

.PHONY: test-postgres
test-postgres: setup ## Play every story on PostgreSQL: alone, with a second program that dies, and moved there
	HOTFIXBOT_STORIES=postgres go test -count=1 -shuffle=on -timeout 90m -run '^TestStories$$' ./internal/e2e

# Every request of the eight main stories with every fault, one at random for each
# request of the other stories, then random schedules.
SCHEDULES ?= 1000
.PHONY: test-faults
test-faults: setup ## Play every request with every fault, and SCHEDULES (1000) random schedules: hours
	cd internal/e2e && HOTFIXBOT_FAULTS=all HOTFIXBOT_SCHEDULES=$(SCHEDULES) go test -count=1 -timeout 24h -parallel 4 -run '^(TestFaults|TestSchedules)$$'

SOAK_KILLS ?= 1000
SOAK_REPLICAS ?= 1
.PHONY: soak
soak: setup ## Kill the real program SOAK_KILLS (1000) times while hotfixes flow, SOAK_REPLICAS (1) at once
	cd internal/e2e && SOAK_KILLS=$(SOAK_KILLS) SOAK_REPLICAS=$(SOAK_REPLICAS) go test -count=1 -timeout 6h -run '^TestSoak$$'

# The linter has some 200 modules of its own, so it lives in a module of its own.
.PHONY: lint
lint: ## Run golangci-lint
	go tool -modfile=internal/tools/lint/go.mod golangci-lint run ./...

# One package at a time, each alone on the machine. docs/performance.md tells what each is.
BENCH ?= .
.PHONY: bench
bench: ## Run the benchmarks, or those that BENCH names
	-bash internal/tools/peers/setup.sh
	go test -run '^$$' -bench '$(BENCH)' -benchmem -p 1 -timeout 60m ./...

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (30s)
	bash internal/tools/fuzz.sh
