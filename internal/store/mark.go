package store

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Mark is another one after a board changed, something was received, or what is
// owed became different, in this process or in another on the same database. It
// costs one small read.
func (s *Store) Mark(ctx context.Context) (hotfix.Mark, error) {
	var boards, failing, received, owed, held, wakes int64
	err := s.db.QueryRow(ctx, `SELECT
			(SELECT boards FROM changes WHERE id = 1),
			(SELECT count(*) FROM wakes WHERE attempts > 0),
			(SELECT coalesce(max(received_at), 0) FROM deliveries),
			count(*), coalesce(max(not_before), 0), CAST(coalesce(sum(count + attempts), 0) AS BIGINT) FROM wakes`).
		Scan(&boards, &failing, &received, &owed, &held, &wakes)
	if err != nil {
		return hotfix.Mark{}, fmt.Errorf("read whether something changed: %w", err)
	}
	return hotfix.Mark{
		Boards:     fmt.Sprintf("%d-%d", boards, failing),
		Deliveries: fmt.Sprintf("%d-%d-%d-%d", received, owed, held, wakes),
	}, nil
}
