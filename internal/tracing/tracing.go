// Package tracing sends spans by OTLP over HTTP, where the standard variables of
// OpenTelemetry name a receiver (OTEL_EXPORTER_OTLP_ENDPOINT and those beside it).
//
// What must always hold: without a receiver nothing is made, kept or sent. A receiver
// that is away holds nothing up; its spans are dropped. The trace of a webhook has its
// GUID as its id, so that every process finds it without asking another.
//
// It never decides what is worth a span: see package trail.
package tracing

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// Tracing makes and sends spans.
type Tracing struct{ provider *sdk.TracerProvider }

// Wanted reports whether the environment names a receiver of traces.
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/
func Wanted(env func(name string) string) bool {
	if env("OTEL_SDK_DISABLED") == "true" || env("OTEL_TRACES_EXPORTER") == "none" {
		return false
	}
	return env("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

// New reads the environment and sends spans from now on. It makes no request yet. Close
// must be called. What the library has to complain of goes into the log: it has one
// place for that in a process.
func New(ctx context.Context, version string, log zerolog.Logger) (*Tracing, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithAttributes(
		attribute.String("service.name", "hotfixbot"), attribute.String("service.version", version),
	), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("traces: OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		log.Warn().Err(err).Msg("traces cannot be sent; they are dropped")
	}))
	return &Tracing{sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about), sdk.WithIDGenerator(ids{}))}, nil
}

// Tracer makes the spans.
func (t *Tracing) Tracer() trace.Tracer { return t.provider.Tracer("github.com/hotfixbot/hotfixbot") }

// Close sends what is left, until ctx ends.
func (t *Tracing) Close(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// ids are random, but for the span of a webhook.
type ids struct{}

// NewIDs implements sdk.IDGenerator.
func (i ids) NewIDs(ctx context.Context) (id trace.TraceID, span trace.SpanID) {
	if known, ok := trail.Identity(ctx); ok {
		return known.TraceID(), known.SpanID()
	}
	_, _ = rand.Read(id[:]) // it never fails: https://pkg.go.dev/crypto/rand#Read
	return id, i.NewSpanID(ctx, id)
}

// NewSpanID implements sdk.IDGenerator.
func (ids) NewSpanID(context.Context, trace.TraceID) (span trace.SpanID) {
	_, _ = rand.Read(span[:])
	return span
}
