package trail

import (
	"context"
	"crypto/sha256"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

type (
	tracerKey   struct{}
	identityKey struct{}
)

// Traced is a context in which spans are made; with nil, none are, and a span costs a
// look into the context.
func Traced(ctx context.Context, tracer trace.Tracer) context.Context {
	if tracer == nil {
		return ctx
	}
	return context.WithValue(ctx, tracerKey{}, tracer)
}

// Span begins a span that tells what is worked on in the context. end must be called with
// what came of it and what else is to be told, which must not be a secret.
func Span(ctx context.Context, name string, told ...attribute.KeyValue) (_ context.Context, end func(error, ...attribute.KeyValue)) {
	return begin(ctx, name, trace.SpanKindInternal, told)
}

// Request begins the span of a request to another server.
func Request(ctx context.Context, name string, told ...attribute.KeyValue) (_ context.Context, end func(error, ...attribute.KeyValue)) {
	return begin(ctx, name, trace.SpanKindClient, told)
}

// Delivery begins the span of a webhook's receipt. Its trace is known by the GUID.
func Delivery(ctx context.Context, d hotfix.Delivery) (_ context.Context, end func(error, ...attribute.KeyValue)) {
	if tracer(ctx) == nil {
		return ctx, silent
	}
	ctx = With(ctx, Work{Repository: d.Repository, Deliveries: []string{d.GUID}})
	ctx = context.WithValue(ctx, identityKey{}, identity(d.GUID))
	ctx, end = begin(ctx, "webhook", trace.SpanKindServer, []attribute.KeyValue{
		attribute.String("hotfixbot.event", d.Event), attribute.String("hotfixbot.action", d.Action),
	})
	return context.WithValue(ctx, identityKey{}, nil), end
}

// Served begins the span of what serves the context's deliveries: below the first, and
// linked to the others.
func Served(ctx context.Context, name string) (_ context.Context, end func(error, ...attribute.KeyValue)) {
	if tracer(ctx) == nil {
		return ctx, silent
	}
	served := Of(ctx).Deliveries
	if len(served) == 0 {
		return begin(ctx, name, trace.SpanKindInternal, nil)
	}
	var links []trace.SpanStartOption
	for _, guid := range served[1:] {
		links = append(links, trace.WithLinks(trace.Link{SpanContext: identity(guid)}))
	}
	ctx = trace.ContextWithRemoteSpanContext(ctx, identity(served[0]))
	return begin(ctx, name, trace.SpanKindConsumer, nil, links...)
}

// Identity is how the span has to be called that is begun in a context, if that matters.
func Identity(ctx context.Context) (trace.SpanContext, bool) {
	known, ok := ctx.Value(identityKey{}).(trace.SpanContext)
	return known, ok
}

// identity is the span of a webhook's receipt: of its GUID, so that whoever serves it,
// later and in another process, knows it without being told.
func identity(guid string) trace.SpanContext {
	sum := sha256.Sum256([]byte(guid))
	id, err := trace.TraceIDFromHex(strings.ReplaceAll(guid, "-", ""))
	if err != nil { // GitHub's are UUIDs; those of the page are not
		id = trace.TraceID(sum[:16])
	}
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: id, SpanID: trace.SpanID(sum[16:24]), TraceFlags: trace.FlagsSampled, Remote: true,
	})
}

func tracer(ctx context.Context) trace.Tracer {
	t, _ := ctx.Value(tracerKey{}).(trace.Tracer)
	return t
}

// silent ends what was never begun.
func silent(error, ...attribute.KeyValue) {}

func begin(ctx context.Context, name string, kind trace.SpanKind, told []attribute.KeyValue, more ...trace.SpanStartOption) (context.Context, func(error, ...attribute.KeyValue)) {
	t := tracer(ctx)
	if t == nil {
		return ctx, silent
	}
	ctx, span := t.Start(ctx, name, append(more, trace.WithSpanKind(kind), trace.WithAttributes(append(Of(ctx).attributes(), told...)...))...)
	return ctx, func(err error, told ...attribute.KeyValue) {
		span.SetAttributes(told...)
		if err != nil {
			span.SetStatus(codes.Error, err.Error())
		}
		span.End()
	}
}

// attributes are what a line of the log says, too.
func (w Work) attributes() []attribute.KeyValue {
	var told []attribute.KeyValue
	for name, value := range map[string]string{
		"hotfixbot.errand": w.Errand, "hotfixbot.repository.name": w.Name, "hotfixbot.hotfix": w.Key(),
	} {
		if value != "" {
			told = append(told, attribute.String(name, value))
		}
	}
	if w.Repository != 0 {
		told = append(told, attribute.Int64("hotfixbot.repository", int64(w.Repository)))
	}
	if len(w.Deliveries) > 0 {
		told = append(told, attribute.StringSlice("hotfixbot.deliveries", w.Deliveries))
	}
	return told
}
