# The two to know: `make demo` tells the story, `make test` checks everything.

SHELL := /bin/bash

# Tests make thousands of small files. Where there is a folder in memory that
# programs may run from, they do it there, several times faster.
MEMORY := $(shell f=$$(mktemp /dev/shm/hotfixbot.XXXXXX 2>/dev/null) && { printf '#!/bin/sh\n' >$$f; chmod +x $$f; $$f 2>/dev/null && echo /dev/shm; rm -f $$f; })
ifneq ($(MEMORY),)
test test-all bench: export TMPDIR ?= $(MEMORY)
endif

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/hotfixbot
	CGO_ENABLED=0 go build -trimpath -o bin/hotfixbot ./cmd/hotfixbot

.PHONY: demo
demo: build ## Play a hotfix from its merge to its end, without account or network
	bin/hotfixbot demo

.PHONY: setup
setup: ## Install or name what the tests need, and fetch GitHub's descriptions
	bash internal/tools/setup.sh

# Whose memory accesses are watched for races: our own. To watch those of the
# libraries, too, takes three times as long. What orders accesses (locks, channels,
# atomics) is seen wherever it happens.
RACE := -race '-gcflags=all=-race=0 -d=checkptr=0' '-gcflags=github.com/hotfixbot/hotfixbot/...=-race=1'

# The stories are played a part at a time: the race detector's memory of all of them
# in one process is slower than they are.
#
# On a slow or busy machine the stories may take longer than the 10 minutes that go
# test allows a package by default.
.PHONY: test
test: setup ## Run all tests; of the ways to deliver webhooks, a sample of the odd ones
	go vet ./...
	go test $(RACE) -shuffle=on -timeout 45m $$(go list ./... | grep -v /internal/e2e)
	for part in a-b c d-e f-l m-o p-r s-t ^a-t; do go test $(RACE) -shuffle=on -timeout 45m -run "TestStories/^[$$part]" ./internal/e2e || exit 1; done

.PHONY: test-all
test-all: test ## Run all tests, then every story in every way
	HOTFIXBOT_STORIES=all go test -shuffle=on -timeout 90m ./internal/e2e

# The linter has some 200 modules of its own, so it lives in a module of its own.
.PHONY: lint
lint: ## Run golangci-lint
	go tool -modfile=internal/tools/lint/go.mod golangci-lint run ./...

.PHONY: bench
bench: ## Run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (30s)
	bash internal/tools/fuzz.sh
