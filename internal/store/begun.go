package store

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Begun lists the markers of intents that were never settled: what was begun and
// never seen to end.
func (s *Store) Begun(ctx context.Context, repo hotfix.RepositoryID) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT marker FROM creations WHERE repository = $1 ORDER BY marker`, repo)
	if err != nil {
		return nil, fmt.Errorf("read intents: %w", err)
	}
	defer rows.Close()
	var markers []string
	for rows.Next() {
		var marker string
		if err := rows.Scan(&marker); err != nil {
			return nil, fmt.Errorf("read an intent: %w", err)
		}
		markers = append(markers, marker)
	}
	return markers, rows.Err()
}
