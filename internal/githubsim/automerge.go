package githubsim

import "context"

// tryAutoMerge merges a pull request that was told to merge by itself, if it may now, or puts
// it into the merge queue, where there is one. What still stands in the way leaves it waiting.
func (g *GitHub) tryAutoMerge(ctx context.Context, p *Pull) {
	a := p.AutoMerge
	if a == nil || p.Issue.Closed || p.Draft || len(g.blocked(p)) > 0 {
		return
	}
	if _, queued := p.Repo().queueMethod(p.BaseRef); queued {
		if g.joinQueue(ctx, Actor{User: a.By, App: a.App}, p) == nil {
			p.AutoMerge = nil
		}
		return
	}
	order := mergeOrder{Method: a.Method, Title: nonEmpty(a.Title), Message: nonEmpty(a.Message)}
	_, _ = g.merge(ctx, Actor{User: a.By, App: a.App}, p, order)
}
