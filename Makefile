# make help lists the targets. The loops over modules are in internal/tools,
# the checks that CI makes in .ci/run.

.DEFAULT_GOAL := help
.PHONY: help test race lint docs performance bench fuzz cover ci

TOOLS := go run ./internal/tools

BENCH     ?= .
BENCHTIME ?= 100ms
FUZZTIME  ?= 10s

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## Run every test of every module
	go test work

race: ## The same with the race detector, failing on skipped tests
	.ci/run test

lint: ## gofmt, go vet, go mod tidy -diff, golangci-lint, workflow checks
	.ci/run format layout vet modules lint workflows

docs: ## Write the generated parts of all Markdown files anew, and check links
	$(TOOLS) generate
	$(TOOLS) links

performance: ## Run all benchmarks and write docs/performance.md
	go run ./internal/bench

bench: ## Run the benchmarks (BENCH=regexp, BENCHTIME=100ms)
	$(TOOLS) each go test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem ./...

fuzz: ## Run each fuzz target for FUZZTIME=10s
	$(TOOLS) fuzz -time $(FUZZTIME)

cover: ## Print each module's statement coverage and write coverage.html
	$(TOOLS) cover -html coverage.html

ci: ## All that CI runs
	.ci/run
