package main

import (
	"context"
	"os"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/tracing"
)

// lastSpans is how long the spans that are left at the end may take to be sent.
const lastSpans = 2 * time.Second

// trace has spans sent where the variables of OpenTelemetry say so; they are the
// library's, and not among the settings. finish must be called.
func trace(ctx context.Context, config *app.Config) (finish func(), err error) {
	if !tracing.Wanted(os.Getenv) {
		return func() {}, nil
	}
	spans, err := tracing.New(ctx, version, config.Log)
	if err != nil {
		return nil, err
	}
	config.Tracer = spans.Tracer()
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSpans)
		defer cancel()
		if err := spans.Close(ctx); err != nil {
			config.Log.Warn().Err(err).Msg("the last traces were not sent")
		}
	}, nil
}
