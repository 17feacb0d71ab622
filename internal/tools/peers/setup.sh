#!/usr/bin/env bash
# Installs what the benchmarks measure hotfixbot beside, pinned, into tmp/peers, which
# git ignores. No script of a package is run. When all is there already, this does nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
to=../../../tmp/peers

command -v npm >/dev/null || { echo "peers: npm is missing; without it only the floors are measured" >&2; exit 1; }
cmp -s package-lock.json "$to/package-lock.json" && cmp -s probot.mjs "$to/probot.mjs" && [ -e "$to/installed" ] && exit
mkdir -p "$to"
cp package.json package-lock.json ./*.mjs "$to"
(cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
touch "$to/installed"
