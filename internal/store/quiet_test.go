package store

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// The same message is not said again for a while, whoever says it.
func TestQuiet(t *testing.T) {
	var out bytes.Buffer
	handler := newQuiet(slog.NewTextHandler(&out, nil))
	start := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
	for _, said := range []struct {
		after   time.Duration
		message string
	}{{0, "no jobs"}, {time.Second, "no jobs"}, {time.Second, "no leader"}, {quietFor - 1, "no jobs"}, {quietFor, "no jobs"}} {
		record := slog.NewRecord(start.Add(said.after), slog.LevelError, said.message, 0)
		ok(t, handler.WithGroup("river").WithAttrs([]slog.Attr{slog.Int("n", 1)}).Handle(t.Context(), record))
	}
	if jobs, leader := strings.Count(out.String(), "no jobs"), strings.Count(out.String(), "no leader"); jobs != 2 || leader != 1 {
		t.Errorf("said:\n%s", out.String())
	}
}
