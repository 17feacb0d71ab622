package store

import (
	"context"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// SeenUntil is when GitHub's list of sendings was last looked at; zero: never.
func (s *Store) SeenUntil(ctx context.Context) (time.Time, error) {
	var until int64
	err := s.db.QueryRow(ctx, `SELECT until FROM sendings_seen WHERE id = 1`).Scan(&until)
	if ok, err := found(err); !ok {
		return time.Time{}, err
	}
	return time.UnixMilli(until).UTC(), nil
}

// NoteSendings writes down what a look at GitHub's list at a time saw: the newest
// sending of each delivery that was missed, and the GUIDs of those that arrived. A
// delivery that is stored was not missed, whatever GitHub thinks: its answer was
// lost. What had nothing happen to it since forget is dropped. After three days of
// outage that is a great many: until is noted when all of them are.
func (s *Store) NoteSendings(ctx context.Context, at time.Time, missed []hotfix.Sending, arrived []string, forget time.Time) error {
	if err := inParts(ctx, s, missed, noteMissed); err != nil {
		return err
	}
	err := inParts(ctx, s, arrived, func(ctx context.Context, tx transaction, guid string) error {
		_, err := tx.Exec(ctx, `DELETE FROM missed WHERE guid = $1`, guid)
		return err
	})
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx transaction) error {
		if _, err := tx.Exec(ctx, `DELETE FROM missed WHERE since < $1 AND next_at < $1
			OR EXISTS (SELECT 1 FROM deliveries WHERE deliveries.guid = missed.guid)`, forget.UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO sendings_seen (id, until) VALUES (1, $1)
			ON CONFLICT (id) DO UPDATE SET until = excluded.until`, at.UnixMilli())
		return err
	})
}

// inParts writes many things, some in each transaction.
func inParts[T any](ctx context.Context, s *Store, all []T, write func(context.Context, transaction, T) error) error {
	for some := range slices.Chunk(all, atOnce) {
		err := s.write(ctx, func(tx transaction) error {
			for _, one := range some {
				if err := write(ctx, tx, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func noteMissed(ctx context.Context, tx transaction, sending hotfix.Sending) error {
	press := 0
	if (hotfix.Missed{Event: sending.Event, Action: sending.Action}).Press() {
		press = 1
	}
	_, err := tx.Exec(ctx, `INSERT INTO missed (guid, sending, event, action, press, since)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guid) DO UPDATE SET sending = excluded.sending`,
		sending.GUID, sending.ID, sending.Event, sending.Action, press, sending.At.UnixMilli())
	return err
}

// Missed lists the deliveries that GitHub may be asked for now: button presses
// first, then by age.
func (s *Store) Missed(ctx context.Context, now time.Time, limit int) ([]hotfix.Missed, error) {
	rows, err := s.db.Query(ctx, `SELECT guid, sending, event, action, asked FROM missed
		WHERE next_at <= $1 ORDER BY press DESC, since, guid LIMIT $2`, now.UnixMilli(), limit)
	return collect(rows, err, func(row scanner) (m hotfix.Missed, err error) {
		err = row.Scan(&m.GUID, &m.Sending, &m.Event, &m.Action, &m.Asked)
		return m, err
	})
}

// Ask writes down that a missed delivery is about to be asked for, and not again
// before a time. Ok is false when somebody else has asked for it, or it arrived.
func (s *Store) Ask(ctx context.Context, m hotfix.Missed, next time.Time) (ok bool, err error) {
	err = s.write(ctx, func(tx transaction) error {
		rows, err := tx.Exec(ctx, `UPDATE missed SET asked = asked + 1, next_at = $1 WHERE guid = $2 AND asked = $3`,
			next.UnixMilli(), m.GUID, m.Asked)
		ok = rows == 1
		return err
	})
	return ok, err
}

// GiveUp forgets a missed delivery that was asked for often enough. Ok is as with Ask.
func (s *Store) GiveUp(ctx context.Context, m hotfix.Missed) (ok bool, err error) {
	err = s.write(ctx, func(tx transaction) error {
		rows, err := tx.Exec(ctx, `DELETE FROM missed WHERE guid = $1 AND asked = $2`, m.GUID, m.Asked)
		ok = rows == 1
		return err
	})
	return ok, err
}
