#!/usr/bin/env bash
# Runs every fuzz target of the project, one after the other, for $FUZZTIME each.
# What one finds is written below its package's testdata/fuzz: keep it as a case.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

for package in $(go list ./...); do
	targets=$(go test -list '^Fuzz' "$package" | sed -n '/^Fuzz/p')
	for target in $targets; do
		echo "fuzz: $package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}" "$package"
	done
done
