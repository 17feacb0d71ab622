package store

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
)

// checkTables says whether the tables are those of this version, and what helps
// where they are not. Nothing is changed.
func (s *Store) checkTables(ctx context.Context) error {
	wanted, err := wantedTables()
	if err != nil {
		return err
	}
	var one int
	if err := s.db.QueryRow(ctx, `SELECT 1`).Scan(&one); err != nil {
		return err // it is not reached at all
	}
	rows, err := s.db.Query(ctx, `SELECT version_id FROM goose_db_version WHERE is_applied`)
	applied, err := collect(rows, err, func(row scanner) (version int64, err error) {
		return version, row.Scan(&version)
	})
	if err != nil {
		return fmt.Errorf("it has no tables of hotfixbot that can be read (%w); hotfixbot serve makes them at its start", err)
	}
	for _, version := range applied {
		if version > 0 && !slices.Contains(wanted, version) { // 0 is goose's own
			return fmt.Errorf("it was made by a newer hotfixbot (table version %d); use that one", version)
		}
	}
	for _, version := range wanted {
		if !slices.Contains(applied, version) {
			return fmt.Errorf("it was made by an older hotfixbot (table version %d is missing); "+
				"start hotfixbot serve of this version once, which upgrades it", version)
		}
	}
	return nil
}

// wantedTables are the versions that this program's migrations make.
func wantedTables() ([]int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var versions []int64
	for _, file := range files {
		version, err := goose.NumericComponent(file)
		if err != nil {
			return nil, err
		}
		versions = append(versions, version)
	}
	return versions, nil
}
