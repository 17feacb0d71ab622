package store

import (
	"context"
	"fmt"
)

// Purse hands what is kept of an installation's budget to change and keeps what
// that returns; of one that is not known, nothing is kept. One caller at a time may
// change it, of all processes on the database. change must not use the Store, and
// may be called again.
func (s *Store) Purse(ctx context.Context, installation int64, change func(kept []byte) ([]byte, error)) error {
	err := s.write(ctx, func(tx transaction) error {
		var kept string
		// The update that changes nothing locks the row.
		if err := tx.QueryRow(ctx, `INSERT INTO purses (installation, kept) VALUES ($1, '')
			ON CONFLICT (installation) DO UPDATE SET kept = purses.kept RETURNING kept`, installation).Scan(&kept); err != nil {
			return err
		}
		changed, err := change([]byte(kept))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE purses SET kept = $1 WHERE installation = $2`, string(changed), installation)
		return err
	})
	if err != nil {
		return fmt.Errorf("change the budget of installation %d: %w", installation, err)
	}
	return nil
}

// Spent is what is kept of an installation's budget; of one that is not known, nothing.
func (s *Store) Spent(ctx context.Context, installation int64) ([]byte, error) {
	var kept string
	err := s.db.QueryRow(ctx, `SELECT kept FROM purses WHERE installation = $1`, installation).Scan(&kept)
	if _, err := found(err); err != nil {
		return nil, fmt.Errorf("read the budget of installation %d: %w", installation, err)
	}
	return []byte(kept), nil
}
