// Package metrics counts what the process does, for Prometheus.
//
// What must always hold: the number of series is bounded, whatever people and GitHub
// do. No label holds a name that somebody can choose freely: no repository, branch,
// person, path or error. What it counts is of this process; what is kept (the queue,
// hotfixes) is read when it is asked for.
//
// It never decides anything, and nothing waits for it.
package metrics

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Kept is what is read when the metrics are asked for.
type Kept interface {
	// Boards are the last honest states of all repositories.
	Boards(ctx context.Context) ([]hotfix.Board, error)
	// Debts lists the repositories that are owed a look.
	Debts(ctx context.Context) ([]hotfix.Debt, error)
}

// Metrics are those of one process.
type Metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	reconciles *prometheus.HistogramVec
}

// New makes the metrics. deliveries tells how many came to each outcome.
func New(kept Kept, deliveries func() map[string]int64, now func() time.Time) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hotfixbot_github_requests_total", Help: "Requests to GitHub's API by route and what became of them.",
		}, []string{"method", "route", "fate"}),
		reconciles: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hotfixbot_reconcile_seconds", Help: "Looks at a repository by what they came to.",
			Buckets: []float64{.1, .3, 1, 3, 10, 30, 100, 300},
		}, []string{"outcome"}),
	}
	m.registry.MustRegister(m.requests, m.reconciles, &snapshot{kept: kept, deliveries: deliveries, now: now},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers in Prometheus's format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// Reconciled counts a look at a repository that ended with err.
func (m *Metrics) Reconciled(took time.Duration, err error) {
	m.reconciles.WithLabelValues(Outcome(err)).Observe(took.Seconds())
}

// Outcome is the fate of a reconcile's error, in a word.
func Outcome(err error) string {
	var later *hotfix.Later
	var due *hotfix.Due
	switch {
	case err == nil, errors.As(err, &due):
		return "done"
	case errors.As(err, &later) && later.Own:
		return "budget"
	case errors.As(err, &later):
		return "later"
	}
	return "failed"
}
