package tracing_test

import (
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/tracing"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

func TestWantedByTheStandardVariables(t *testing.T) {
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, false},
		{map[string]string{endpoint: "http://127.0.0.1:4318"}, true},
		{map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, true},
		{map[string]string{endpoint: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, false},
		{map[string]string{endpoint: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, false},
	} {
		if got := tracing.Wanted(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %t", c.env, got)
		}
	}
}

// Without a receiver a span is nothing.
func TestNothingIsTracedWithoutATracer(t *testing.T) {
	ctx := trail.Traced(t.Context(), nil)
	if cost := testing.AllocsPerRun(100, func() {
		_, end := trail.Span(ctx, "git fetch")
		end(nil)
	}); cost > 0 {
		t.Errorf("it takes %v allocations", cost)
	}
}
