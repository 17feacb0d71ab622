package redelivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// hub is a GitHub and a ledger in memory.
type hub struct {
	now      time.Time
	sendings []hotfix.Sending // newest first
	asked    []int64
	refuse   map[int64]error

	until  time.Time
	missed map[string]*row
	stored map[string]bool
}

type row struct {
	hotfix.Missed
	since, next time.Time
}

func newHub() *hub {
	return &hub{now: start, missed: map[string]*row{}, stored: map[string]bool{}, refuse: map[int64]error{}}
}

// send adds a sending; ids grow with time.
func (h *hub) send(guid, event, action string, arrived bool) {
	s := hotfix.Sending{ID: int64(len(h.sendings) + 1), GUID: guid, Event: event, Action: action, At: h.now, Arrived: arrived}
	h.sendings = append([]hotfix.Sending{s}, h.sendings...)
}

func (h *hub) Sendings(_ context.Context, since time.Time) ([]hotfix.Sending, error) {
	var list []hotfix.Sending
	for _, s := range h.sendings {
		if !s.At.Before(since) {
			list = append(list, s)
		}
	}
	return list, nil
}

// Redeliver fails again, as the receiver's address is wrong.
func (h *hub) Redeliver(_ context.Context, id int64) error {
	if err := h.refuse[id]; err != nil {
		return err
	}
	h.asked = append(h.asked, id)
	for _, s := range h.sendings {
		if s.ID == id {
			h.send(s.GUID, s.Event, s.Action, false)
			break
		}
	}
	return nil
}

func (h *hub) SeenUntil(context.Context) (time.Time, error) { return h.until, nil }

func (h *hub) NoteSendings(_ context.Context, at time.Time, missed []hotfix.Sending, arrived []string, forget time.Time) error {
	for _, s := range missed {
		if known := h.missed[s.GUID]; known != nil {
			known.Sending = s.ID
		} else if !h.stored[s.GUID] {
			h.missed[s.GUID] = &row{hotfix.Missed{GUID: s.GUID, Sending: s.ID, Event: s.Event, Action: s.Action}, s.At, time.Time{}}
		}
	}
	for _, guid := range arrived {
		delete(h.missed, guid)
	}
	for guid, r := range h.missed {
		if r.since.Before(forget) && r.next.Before(forget) {
			delete(h.missed, guid)
		}
	}
	h.until = at
	return nil
}

func (h *hub) Missed(_ context.Context, now time.Time, limit int) ([]hotfix.Missed, error) {
	var list []hotfix.Missed
	for _, r := range h.missed {
		if !r.next.After(now) {
			list = append(list, r.Missed)
		}
	}
	slices.SortFunc(list, func(a, b hotfix.Missed) int { return strings.Compare(a.GUID, b.GUID) })
	return list[:min(limit, len(list))], nil
}

func (h *hub) Ask(_ context.Context, m hotfix.Missed, next time.Time) (bool, error) {
	r := h.missed[m.GUID]
	if r == nil || r.Asked != m.Asked {
		return false, nil
	}
	r.Asked, r.next = r.Asked+1, next
	return true, nil
}

func (h *hub) GiveUp(_ context.Context, m hotfix.Missed) (bool, error) {
	r := h.missed[m.GUID]
	if r == nil || r.Asked != m.Asked {
		return false, nil
	}
	delete(h.missed, m.GUID)
	return true, nil
}

func (h *hub) look(t *testing.T) int {
	t.Helper()
	look := Look{
		GitHub: h, Ledger: h, Wanted: func(event string) bool { return event != "star" },
		Now: func() time.Time { return h.now }, Log: zerolog.Nop(),
	}
	n, err := look.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What never arrived is asked for, by its newest sending; what arrived in the end,
// is stored, or is of no use is not.
func TestOnlyWhatWasMissedIsAskedFor(t *testing.T) {
	h := newHub()
	h.stored["answer-lost"] = true
	h.send("missed", "push", "", false)
	h.send("missed", "push", "", false)
	h.send("late", "push", "", false)
	h.send("late", "push", "", true)
	h.send("answer-lost", "push", "", false)
	h.send("useless", "star", "created", false)
	h.send("fine", "push", "", true)
	if n := h.look(t); n != 1 || !slices.Equal(h.asked, []int64{2}) {
		t.Errorf("%d were asked for: %v", n, h.asked)
	}
	if n := h.look(t); n != 0 {
		t.Errorf("%d were asked for again at once", n)
	}
}

// A receiver that never answers is not asked for ever, even when it is down for
// days in between.
func TestAskingEnds(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, 20 * time.Hour, 70 * time.Hour} {
		h := newHub()
		h.send("a", "push", "", false)
		for range 30 * 24 * time.Hour / step {
			h.look(t)
			h.now = h.now.Add(step)
		}
		if n := len(h.asked); n == 0 || n > len(Waits) {
			t.Errorf("looking every %s: asked %d times", step, n)
		}
		if len(h.missed) > 0 {
			t.Errorf("looking every %s: what was given up comes up again and again", step)
		}
	}
}

// What GitHub does not have any more keeps nothing else from being asked for; what
// is only out of reach for now ends the look.
func TestTrouble(t *testing.T) {
	h := newHub()
	for _, guid := range []string{"a", "b", "c"} {
		h.send(guid, "push", "", false)
	}
	h.refuse[1] = &hotfix.Gone{What: "delivery 1"}
	h.refuse[3] = errors.New("connection reset")
	look := Look{GitHub: h, Ledger: h, Wanted: func(string) bool { return true }, Now: func() time.Time { return h.now }, Log: zerolog.Nop()}
	if n, err := look.Do(t.Context()); err == nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if fmt.Sprint(h.asked) != "[2]" {
		t.Errorf("asked for %v", h.asked)
	}
}
