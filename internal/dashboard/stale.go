package dashboard

import (
	"context"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// stale says of what is shown that it may be out of date, because the last look at
// GitHub failed. Why it failed is for operators.
type stale struct {
	Since time.Time // of what was not looked at
	Again time.Time // when it is tried again
}

// late are the repositories of which the last look failed.
func (p *Pages) late(ctx context.Context) (map[hotfix.RepositoryID]*stale, error) {
	debts, err := p.config.Deliveries.Debts(ctx)
	if err != nil {
		return nil, err
	}
	all := map[hotfix.RepositoryID]*stale{}
	for _, d := range debts {
		if d.Attempts > 0 {
			all[d.Repository] = &stale{Since: d.Since, Again: d.NotBefore}
		}
	}
	return all, nil
}
