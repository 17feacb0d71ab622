#!/usr/bin/env bash
# Makes ready what the tests need beside Go. On Debian as root, what is missing
# is installed; elsewhere it is named, and nothing is done. Then GitHub's own
# descriptions and axe-core are fetched, pinned and checked, into the user's cache.
# When all is there already, this does nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Each tool with the reason why it is needed and Debian's packages for it.
missing=()  # "tool: reason", for people
packages=() # for apt-get
lacks() {
	missing+=("$1: $2")
	packages+=("${@:3}")
}

compiles() {
	command -v gcc >/dev/null && echo '#include <stdlib.h>' | gcc -x c -c -o /dev/null - 2>/dev/null
}

# git_is_new tells whether git is 2.39 or newer: older ones have no merge-tree
# that writes trees.
git_is_new() {
	local version
	version=$(git version 2>/dev/null) && version=${version#git version } || return 1
	[ "$(printf '2.39\n%s\n' "${version%% *}" | sort -V | head -n 1)" = 2.39 ]
}

has_browser() {
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# has_postgres looks where the tests do: in PATH and where Debian puts it.
has_postgres() {
	command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# install_postgres installs the programs alone: the tests make their own cluster, and
# Debian's package would make and start another.
install_postgres() {
	local settings=/etc/postgresql-common/createcluster.conf
	apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
	cp -p $settings $settings.kept
	echo 'create_main_cluster = false' >>$settings
	apt-get install -y -qq --no-install-recommends postgresql >/dev/null
	mv $settings.kept $settings
}

command -v make >/dev/null || lacks make "the commands of this project" make
compiles || lacks gcc "with the C library's headers, for the race detector" gcc libc6-dev
git_is_new || lacks git "2.39 or newer, for all work on repositories" git
command -v npm >/dev/null || lacks npm "fetches GitHub's descriptions and axe-core" npm
has_browser || lacks chromium "a real browser, which looks at the page" chromium
has_postgres || lacks postgresql "14 or newer, a database that several processes share" postgresql
if [ -e /etc/debian_version ] && [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then
	lacks ca-certificates "for https" ca-certificates
fi

if [ ${#missing[@]} -gt 0 ]; then
	if [ ! -e /etc/debian_version ] || [ "$(id -u)" -ne 0 ]; then
		echo "setup: this machine lacks what the tests need; install it and try again:" >&2
		printf '  %s\n' "${missing[@]}" >&2
		if [ -e /etc/debian_version ]; then
			echo "  as root: apt-get install ${packages[*]}" >&2
		fi
		exit 1
	fi
	printf 'setup: installing %s\n' "${missing[@]}"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	has_postgres || install_postgres
	apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
	git_is_new || { echo "setup: git is older than 2.39 even after the installation; install a newer one" >&2; exit 1; }
fi

if ! command -v go >/dev/null; then
	echo "setup: go is missing; install the version that go.mod names: https://go.dev/dl" >&2
	exit 1
fi
go run ./internal/contract/fetch
