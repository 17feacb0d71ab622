package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Accept stores a delivery and wakes the repositories that it concerns, in one
// transaction that is on disk when Accept returns nil. A GUID that is known
// stores nothing more and wakes again; fresh is false then.
func (s *Store) Accept(ctx context.Context, d hotfix.Delivery, wakes ...hotfix.RepositoryID) (fresh bool, err error) {
	body, err := pack(d.Body)
	if err != nil {
		return false, err
	}
	first := min(len(wakes), atOnce)
	a := &accepting{Delivery: d, body: body, wakes: wakes[:first], done: make(chan struct{})}
	if fresh, err = s.entrance.join(ctx, a, s.acceptAll); err != nil {
		return false, fmt.Errorf("accept delivery %s: %w", d.GUID, err)
	}
	s.wakeRest(ctx, d, wakes[first:])
	return fresh, nil
}

// wakeRest wakes the many repositories of one delivery, as an installation's, without
// keeping others out. The delivery is stored: what fails here is the sweep's.
func (s *Store) wakeRest(ctx context.Context, d hotfix.Delivery, rest []hotfix.RepositoryID) {
	if len(rest) == 0 {
		return
	}
	w := s.wakeOf(d, tally{})
	for some := range slices.Chunk(rest, atOnce) {
		err := s.write(ctx, func(tx transaction) error {
			for _, id := range slices.Sorted(slices.Values(some)) {
				if err := s.heard(ctx, tx, d, id); err != nil {
					return err
				}
			}
			return s.wakeAll(ctx, tx, w, some)
		})
		if err != nil {
			s.log.Warn().Ctx(ctx).Err(err).Str("delivery", d.GUID).Msg("not all repositories were woken; the sweep looks at them")
			return
		}
		s.counted(w.fates)
	}
	s.change.announce()
}

// acceptAll stores the deliveries that came together. Those who run beside each other
// take everything in the same order, so that nobody waits for the other.
func (s *Store) acceptAll(ctx context.Context, all []*accepting) error {
	slices.SortStableFunc(all, func(a, b *accepting) int { return strings.Compare(a.GUID, b.GUID) })
	fates := tally{}
	err := s.write(ctx, func(tx transaction) (err error) {
		clear(fates)
		for _, a := range all {
			if a.fresh, err = insertDelivery(ctx, tx, a.Delivery, a.body); err != nil {
				return err
			}
			if a.fresh && a.Intent != nil {
				if err := insertPress(ctx, tx, a.Delivery); err != nil {
					return err
				}
			}
		}
		return s.wakeTogether(ctx, tx, all, fates)
	})
	if err == nil {
		s.counted(fates)
	}
	return err
}

// wakeTogether wakes each repository once for all deliveries that concern it.
func (s *Store) wakeTogether(ctx context.Context, tx transaction, all []*accepting, fates tally) error {
	wakes, last := map[hotfix.RepositoryID]wake{}, map[hotfix.RepositoryID]hotfix.Delivery{}
	for _, a := range all {
		for _, id := range a.wakes {
			w := s.wakeOf(a.Delivery, fates)
			if before, two := wakes[id]; two {
				w.since, w.urgent = min(w.since, before.since), w.urgent || before.urgent
				w.guid = before.guid + " " + a.GUID
				fates.note(wakeJoined)
			}
			wakes[id], last[id] = w, a.Delivery
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wakes)) { // as in wakeAll
		if err := s.heard(ctx, tx, last[id], id); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wakes)) {
		if err := s.wake(ctx, tx, wakes[id], id); err != nil {
			return err
		}
	}
	return nil
}

// heard notes that a delivery came for a repository: also when it came before.
func (s *Store) heard(ctx context.Context, tx transaction, d hotfix.Delivery, id hotfix.RepositoryID) error {
	last, err := json.Marshal(d.GUID + " at " + d.ReceivedAt.UTC().Format(time.RFC3339Nano))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO facts (repository, fact, value, used_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (repository, fact) DO UPDATE SET value = excluded.value, used_at = excluded.used_at`,
		id, hotfix.HeardFact, string(last), s.now())
	return err
}

// atOnce is how many repositories one transaction is about, where they are many: so
// that it is short, and deliveries get in between.
const atOnce = 100

// Wake makes sure that each repository is reconciled after now. It is on disk
// when Wake returns nil. why stands on the page.
func (s *Store) Wake(ctx context.Context, why string, ids ...hotfix.RepositoryID) error {
	return s.wakeFor(ctx, wake{why: why, since: s.now()}, ids)
}

// WakeAgain does so for a delivery that was accepted before.
func (s *Store) WakeAgain(ctx context.Context, guid string, ids ...hotfix.RepositoryID) error {
	return s.wakeFor(ctx, wake{why: "replay of " + guid, guid: guid, since: s.now()}, ids)
}

func (s *Store) wakeFor(ctx context.Context, w wake, ids []hotfix.RepositoryID) error {
	w.fates = tally{}
	for some := range slices.Chunk(ids, atOnce) {
		err := s.write(ctx, func(tx transaction) error { return s.wakeAll(ctx, tx, w, some) })
		if err != nil {
			return fmt.Errorf("wake for %s: %w", w.why, err)
		}
		s.counted(w.fates)
	}
	s.change.announce()
	return nil
}

// wake is one wake of some repositories.
type wake struct {
	why    string
	guid   string // of the delivery or the action on the page that it came with, if one did; of several with blanks between
	since  int64  // when it came
	urgent bool   // a person waits for an answer
	fates  tally
}

// wakeOf is the wake that a delivery brings. It came now at the latest: the clock may have
// been ahead.
func (s *Store) wakeOf(d hotfix.Delivery, fates tally) wake {
	return wake{
		why: "delivery " + d.GUID, guid: d.GUID, since: min(d.ReceivedAt.UnixMilli(), s.now()), urgent: d.Awaited(),
		fates: fates,
	}
}

func (s *Store) wakeAll(ctx context.Context, tx transaction, w wake, ids []hotfix.RepositoryID) error {
	clear(w.fates)                                         // the transaction may be made again
	for _, id := range slices.Sorted(slices.Values(ids)) { // in one order, so that two callers never wait for each other
		if err := s.wake(ctx, tx, w, id); err != nil {
			return err
		}
	}
	return nil
}

// mostNamed bounds how much of the log's lines the GUIDs of deliveries may take, in
// characters: about 32 of them. Those of more are found by their repository alone.
const mostNamed = "1200"

// wake counts the wake. It lifts the back-off of a failure, since something has
// happened. It does not lift a *hotfix.Later, whose time is known to be too early to
// ask again; only one that the bot chose itself, and only when a person waits.
func (s *Store) wake(ctx context.Context, tx transaction, w wake, id hotfix.RepositoryID) error {
	var notBefore, urgent, job int64
	if w.urgent {
		urgent = 1
	}
	guid := w.guid
	if guid != "" {
		guid += " "
	}
	err := tx.QueryRow(ctx, `INSERT INTO wakes (repository, count, why, since, urgent, deliveries) VALUES ($1, 1, $2, $3, $4, $5)
		ON CONFLICT (repository) DO UPDATE SET count = wakes.count + 1, why = excluded.why,
			since = CASE WHEN excluded.since < wakes.since THEN excluded.since ELSE wakes.since END,
			urgent = CASE WHEN excluded.urgent = 1 THEN 1 ELSE wakes.urgent END,
			not_before = CASE WHEN wakes.later = 1 OR wakes.later = 2 AND excluded.urgent = 0 THEN wakes.not_before ELSE 0 END,
			deliveries = CASE WHEN length(wakes.deliveries) < `+mostNamed+` THEN wakes.deliveries || excluded.deliveries ELSE wakes.deliveries END
		RETURNING not_before, job`, id, w.why, w.since, urgent, guid).Scan(&notBefore, &job)
	if err != nil {
		return err
	}
	if notBefore > s.now() {
		w.fates.note(wakeHeld)
		return nil
	}
	if queued, err := waits(ctx, tx, job, id); queued || err != nil {
		w.fates.note(wakeJoined)
		return err
	}
	made, err := s.enqueueOnce(ctx, tx, id)
	if made {
		w.fates.note(wakeBegun)
	} else {
		w.fates.note(wakeJoined)
	}
	return err
}

func insertDelivery(ctx context.Context, tx transaction, d hotfix.Delivery, body []byte) (fresh bool, err error) {
	rows, err := tx.Exec(ctx, `INSERT INTO deliveries (guid, event, action, installation, repository, received_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (guid) DO NOTHING`,
		d.GUID, d.Event, d.Action, d.Installation, d.Repository, d.ReceivedAt.UnixMilli(), body)
	return rows == 1, err
}

// Delivery is a stored delivery; ok is false when there is none, or none any
// more. Its Intent is left out: see Presses.
func (s *Store) Delivery(ctx context.Context, guid string) (d hotfix.Delivery, ok bool, err error) {
	var at int64
	var body []byte
	err = s.db.QueryRow(ctx, `SELECT guid, event, action, installation, repository, received_at, body
		FROM deliveries WHERE guid = $1`, guid).
		Scan(&d.GUID, &d.Event, &d.Action, &d.Installation, &d.Repository, &at, &body)
	if ok, err = found(err); !ok {
		return hotfix.Delivery{}, false, err
	}
	d.ReceivedAt = time.UnixMilli(at).UTC()
	d.Body, err = unpack(body)
	return d, err == nil, err
}

// packers are compressors to be used again: a new one takes longer than a delivery.
var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one of gzip's own
	return w
}}

func pack(body []byte) ([]byte, error) {
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	packed := bytes.NewBuffer(make([]byte, 0, len(body)/4))
	w.Reset(packed)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err := w.Close()
	return packed.Bytes(), err
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
