package store

import (
	"context"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Receipts lists the deliveries that were received last, newest first, at most
// limit of them.
func (s *Store) Receipts(ctx context.Context, limit int) ([]hotfix.Receipt, error) {
	// A repository that waits for a time alone has a row in wakes, too: nothing
	// that was received is unserved there. A delivery comes a moment before its wake.
	rows, err := s.db.Query(ctx, `SELECT guid, event, action, d.repository, received_at,
			CASE WHEN w.repository IS NULL OR received_at < w.since THEN 'served'
				WHEN w.attempts > 0 THEN 'failed'
				WHEN w.later = 0 AND w.not_before > $1 THEN 'served'
				ELSE 'waiting' END
		FROM deliveries d LEFT JOIN wakes w ON w.repository = d.repository
		ORDER BY received_at DESC, guid LIMIT $2`, s.now(), limit)
	return collect(rows, err, func(row scanner) (r hotfix.Receipt, err error) {
		var at int64
		err = row.Scan(&r.GUID, &r.Event, &r.Action, &r.Repository, &at, &r.State)
		r.ReceivedAt = time.UnixMilli(at).UTC()
		return r, err
	})
}

// Debts lists the repositories that are owed a look now, after a failure, or when
// GitHub or the budget allows it again, longest first. Those in which something will be due are
// left out.
func (s *Store) Debts(ctx context.Context) ([]hotfix.Debt, error) {
	rows, err := s.db.Query(ctx, `SELECT repository, since, why, attempts, not_before, problem FROM wakes
		WHERE attempts > 0 OR later > 0 OR not_before <= $1 ORDER BY since, repository`, s.now())
	return collect(rows, err, func(row scanner) (d hotfix.Debt, err error) {
		var since, notBefore int64
		err = row.Scan(&d.Repository, &since, &d.Why, &d.Attempts, &notBefore, &d.Problem)
		d.Since = time.UnixMilli(since).UTC()
		if notBefore > 0 {
			d.NotBefore = time.UnixMilli(notBefore).UTC()
		}
		return d, err
	})
}
