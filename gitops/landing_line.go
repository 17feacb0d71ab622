package gitops

import (
	"context"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// line tells a squash from a rebase, where the merge left no merge commit.
func (l *landing) line(ctx context.Context) (hotfix.Landing, error) {
	if len(l.own) <= 1 && !l.merged.Cut {
		return l.single()
	}
	if answer, err := l.squashByPatch(ctx); err != nil || len(answer.Picks) > 0 {
		return answer, err
	}
	if err := l.listAll(ctx); err != nil {
		return hotfix.Landing{}, err
	}
	for _, question := range []func(context.Context) (hotfix.Landing, error){
		l.rebaseByPatch, l.rebaseByReplay, l.squashByReplay,
	} {
		if answer, err := question(ctx); err != nil || len(answer.Picks) > 0 {
			return answer, err
		}
	}
	return hotfix.Landing{
		Commit: l.merged.Commit,
		Unclear: "neither " + l.merged.Commit.Short() + " alone nor the commits before it add up to the pull request's " +
			counted(len(l.own), "commit") + "; choose the commits by hand",
	}, nil
}

// listAll asks git for the commits that GitHub does not list. It finds them where
// they follow each other without merges, and are not more than can be picked.
func (l *landing) listAll(ctx context.Context) error {
	if !l.merged.Cut || l.merged.MergeBase == "" {
		return nil
	}
	commits, err := l.job.between(ctx, l.merged.MergeBase, l.merged.Head)
	if err != nil || commits == nil {
		return err
	}
	l.merged.Commits, l.merged.Cut = commits, false
	return l.readOwn(ctx)
}

// single is a pull request with at most one commit that changes something: what
// landed is one commit either way, and only the word for it is to be found.
func (l *landing) single() (hotfix.Landing, error) {
	method, why := hotfix.MergedBySquash, "has another message or author than the pull request's commit"
	if len(l.own) == 0 {
		why = "stands alone: the pull request's own commits change nothing"
	} else if l.copied(l.merged.Commit) {
		method, why = hotfix.MergedByRebase, "has the message and the author of the pull request's commit"
	}
	return l.told(method, []hotfix.Pick{l.mainline()}, "%s is the one commit that landed; it %s", l.merged.Commit.Short(), why)
}

// squashByPatch holds when the landed commit is the whole difference that the
// pull request shows. Then it carries everything, whatever came before it.
func (l *landing) squashByPatch(ctx context.Context) (hotfix.Landing, error) {
	if l.merged.MergeBase == "" {
		return hotfix.Landing{}, nil
	}
	whole := hotfix.Pick{Commit: l.merged.Head, Base: l.merged.MergeBase}
	ids, err := l.job.patchIDs(ctx, []hotfix.Pick{whole, l.mainline()})
	if err != nil || ids[0] == "" || ids[0] != ids[1] {
		return hotfix.Landing{}, err
	}
	return l.told(hotfix.MergedBySquash, []hotfix.Pick{l.mainline()},
		"%s has the same patch as the whole pull request", l.merged.Commit.Short())
}

// rebaseByPatch pairs the landed commits with the pull request's from the last
// to the first. Commits without a partner must have been dropped because their
// change was there already.
func (l *landing) rebaseByPatch(ctx context.Context) (hotfix.Landing, error) {
	if l.merged.Cut {
		return hotfix.Landing{}, nil
	}
	chain, err := l.chain(ctx)
	if err != nil || len(chain) == 0 {
		return hotfix.Landing{}, err
	}
	ids, err := l.job.patchIDs(ctx, slices.Concat(l.own, chain))
	if err != nil {
		return hotfix.Landing{}, err
	}
	own, landed := ids[:len(l.own)], ids[len(l.own):]
	next := len(chain) - 1
	for i := len(own) - 1; i >= 0; i-- {
		if next >= 0 && own[i] == landed[next] {
			next--
			continue
		}
		dropped, err := l.contained(ctx, l.own[i], chain, next)
		if err != nil || !dropped {
			return hotfix.Landing{}, err
		}
	}
	picks := chain[next+1:]
	// A commit is also contained where its own copy, altered, has landed.
	if len(picks) == 0 || len(picks) < len(own) && l.copied(picks[0].Base) {
		return hotfix.Landing{}, nil
	}
	return l.rebased(picks, "the %s up to %s %s the same patches as the pull request's, in order%s",
		counted(len(picks), "commit"), l.merged.Commit.Short(), have(len(picks)), l.droppedWords(len(picks)))
}

// rebased are the landed commits, or one pick from the first to the last of them.
func (l *landing) rebased(picks []hotfix.Pick, evidence string, args ...any) (hotfix.Landing, error) {
	if l.merged.Squash && len(picks) > 1 {
		picks = []hotfix.Pick{{Commit: picks[len(picks)-1].Commit, Base: picks[0].Base}}
		evidence += "; the configuration asks for one commit"
	}
	return l.told(hotfix.MergedByRebase, picks, evidence, args...)
}

// contained reports whether a pick changes nothing where it was left out: on
// what had landed before its successors.
func (l *landing) contained(ctx context.Context, p hotfix.Pick, chain []hotfix.Pick, next int) (bool, error) {
	at := chain[0].Base
	if next >= 0 {
		at = chain[next].Commit
	}
	if at == "" {
		return false, nil
	}
	s, err := l.replay(ctx, at, []hotfix.Pick{p})
	return s.clean && len(s.trees) == 0, err
}

// rebaseByReplay finds by author and message (a rebase keeps both) how many commits may have landed, and replays the pull request below them: each
// step must give exactly the landed tree. It holds where context has moved so
// that patches differ.
func (l *landing) rebaseByReplay(ctx context.Context) (hotfix.Landing, error) {
	if l.merged.Cut {
		return hotfix.Landing{}, nil
	}
	chain, err := l.chain(ctx)
	if err != nil {
		return hotfix.Landing{}, err
	}
	from := len(chain)
	for from > 0 && l.copied(chain[from-1].Commit) {
		from--
	}
	picks := chain[from:]
	if len(picks) == 0 || picks[0].Base == "" {
		return hotfix.Landing{}, nil
	}
	s, err := l.replay(ctx, picks[0].Base, l.own)
	if err != nil || !s.clean || !slices.Equal(s.trees, l.trees(picks)) {
		return hotfix.Landing{}, err
	}
	return l.rebased(picks, "replaying the pull request below them gives exactly the %s up to %s%s",
		counted(len(picks), "commit"), l.merged.Commit.Short(), l.droppedWords(len(picks)))
}

// squashByReplay does what a squash does: it merges the pull request into the
// parent of what landed. It says nothing while that parent could be one of the
// pull request's own commits, rebased, which takes all of them to tell.
func (l *landing) squashByReplay(ctx context.Context) (hotfix.Landing, error) {
	if len(l.parents) == 0 || l.merged.Cut || l.copied(l.parents[0]) {
		return hotfix.Landing{}, nil
	}
	picks := l.own
	if l.merged.MergeBase != "" {
		picks = []hotfix.Pick{{Commit: l.merged.Head, Base: l.merged.MergeBase}}
	}
	s, err := l.replay(ctx, l.parents[0], picks)
	if err != nil || !s.clean || s.tree != l.job.commits[l.merged.Commit].tree {
		return hotfix.Landing{}, err
	}
	return l.told(hotfix.MergedBySquash, []hotfix.Pick{l.mainline()},
		"merging the whole pull request into the commit before %s gives exactly its content", l.merged.Commit.Short())
}

// copied reports whether a loaded commit has author, date and message of one of
// the pull request's commits, as its rebased copy would.
func (l *landing) copied(id hotfix.OID) bool {
	c := l.job.commits[id]
	return slices.ContainsFunc(l.own, func(p hotfix.Pick) bool {
		own := l.job.commits[p.Commit]
		return own.author == c.author && strings.TrimSpace(own.message) == strings.TrimSpace(c.message)
	})
}

// chain is the last commits of the branch up to the landed one, oldest first, as
// many as the pull request has, without those that change nothing. It ends at a
// merge, which no rebase makes.
func (l *landing) chain(ctx context.Context) ([]hotfix.Pick, error) {
	if l.branch != nil {
		return l.branch, nil
	}
	depth := len(l.own) + l.empty + 1
	if err := l.job.fetchHistory(ctx, l.merged.Commit, depth); err != nil {
		return nil, err
	}
	ids, err := l.job.firstParents(ctx, l.merged.Commit, depth)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		c := l.job.commits[id]
		if len(l.branch) == len(l.own) || len(c.parents) > 1 || i+1 == len(ids) && len(c.parents) > 0 {
			break
		}
		p := hotfix.Pick{Commit: id}
		base := emptyTree
		if len(c.parents) == 1 {
			p.Base = c.parents[0]
			base = l.job.commits[p.Base].tree
		}
		if c.tree != base {
			l.branch = append(l.branch, p)
		}
	}
	slices.Reverse(l.branch)
	return l.branch, nil
}

func (l *landing) trees(picks []hotfix.Pick) (trees []hotfix.OID) {
	for _, p := range picks {
		trees = append(trees, l.job.commits[p.Commit].tree)
	}
	return trees
}

func (l *landing) droppedWords(landed int) string {
	if dropped := len(l.own) - landed; dropped > 0 {
		return "; " + counted(dropped, "commit") + " changed nothing and did not land"
	}
	return ""
}

func have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}
