package trail_test

import (
	"bytes"
	"testing"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// A line says what its context knows, and nothing else.
func TestStamp(t *testing.T) {
	var out bytes.Buffer
	log := zerolog.New(&out).Hook(trail.Stamp{})
	ctx := trail.With(t.Context(), trail.Work{Repository: 7, Deliveries: []string{"a", "b"}})
	ctx = trail.Named(ctx, "acme/shop")
	log.Info().Ctx(trail.Hotfix(ctx, 34)).Msg("one")
	log.Info().Ctx(trail.Hotfix(ctx, 0)).Msg("two")
	log.Info().Ctx(trail.With(ctx, trail.Work{Errand: "sweep"})).Msg("three")
	log.Info().Msg("four")
	want := `{"level":"info","repository":7,"name":"acme/shop","hotfix":"7#34","deliveries":["a","b"],"message":"one"}
{"level":"info","repository":7,"name":"acme/shop","deliveries":["a","b"],"message":"two"}
{"level":"info","errand":"sweep","message":"three"}
{"level":"info","message":"four"}
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
