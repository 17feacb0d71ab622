#!/bin/bash
# Makes one large bare repository out of several clones, to measure on:
#
#   internal/tools/monorepo.sh OUT.git FIRST.git OTHER.git...
#
# The newest 400 commits of FIRST (first parents) become its history; each has
# FIRST's files in the folder p0, and the files of the others' tips in p1, p2…
# Objects are not copied: the clones must stay where they are.
set -euo pipefail
out=$1 first=$2
shift 2
git init -q --bare --initial-branch=main "$out"
realpath "$first/objects" "${@/%//objects}" >"$out/objects/info/alternates"
export GIT_DIR=$out GIT_AUTHOR_NAME=alice GIT_AUTHOR_EMAIL=alice@example.com GIT_COMMITTER_NAME=alice GIT_COMMITTER_EMAIL=alice@example.com
others="" n=0
for clone in "$@"; do
	n=$((n + 1))
	others+="040000 tree $(git --git-dir="$clone" rev-parse 'HEAD^{tree}')"$'\tp'"$n"$'\n'
	# The whole history is a part of it: a merge that takes nothing of theirs.
	extra="${extra:-} -p $(git --git-dir="$clone" rev-parse HEAD)"
done
parent="$extra" date=1700000000
for commit in $(git --git-dir="$first" rev-list --first-parent --reverse -n 400 HEAD); do
	tree=$( (printf '040000 tree %s\tp0\n' "$(git rev-parse "$commit^{tree}")"; printf '%s' "$others") | git mktree)
	date=$((date + 60))
	made=$(GIT_AUTHOR_DATE="$date +0000" GIT_COMMITTER_DATE="$date +0000" git commit-tree $parent -m "$commit" "$tree")
	parent="-p $made"
done
git update-ref refs/heads/main "$made"
git repack -q -d -l
