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

// Sources are asked when the metrics are.
type Sources struct {
	Kept Kept
	// Deliveries and Wakes tell how many came to each outcome since the start.
	Deliveries, Wakes func() map[string]int64
	// Budgets are what is left for each installation.
	Budgets func(ctx context.Context) ([]hotfix.Budget, error)
	Now     func() time.Time
}

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
	git        *prometheus.HistogramVec
	contained  *prometheus.HistogramVec
	solved     *prometheus.HistogramVec
	now        func() time.Time
}

// waits are the bounds of what people's work is part of: from a minute to four weeks.
var waits = []float64{60, 600, 3600, 4 * 3600, 12 * 3600, 86400, 2 * 86400, 4 * 86400, 7 * 86400, 14 * 86400, 28 * 86400}

// New makes the metrics.
func New(from Sources) *Metrics {
	m := &Metrics{
		now:      from.Now,
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hotfixbot_github_requests_total", Help: "Requests to GitHub's API by route and what became of them.",
		}, []string{"method", "route", "fate"}),
		reconciles: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hotfixbot_reconcile_seconds", Help: "Looks at a repository by what they came to.",
			Buckets: []float64{.1, .3, 1, 3, 10, 30, 100, 300},
		}, []string{"outcome"}),
		git: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hotfixbot_git_seconds", Help: "Runs of git, and questions to one that runs on, by what git was to do.",
			Buckets: []float64{.003, .01, .03, .1, .3, 1, 3, 10, 30, 100, 300},
		}, []string{"operation"}),
		contained: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hotfixbot_propagation_seconds", Buckets: waits,
			Help: "Time from a hotfix's merge until an environment contained it, by how far below the landing one that is.",
		}, []string{"below"}),
		solved: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hotfixbot_solved_seconds", Help: "Time from a hotfix's merge until it was solved, by how.", Buckets: waits,
		}, []string{"state"}),
	}
	m.registry.MustRegister(m.requests, m.reconciles, m.git, m.contained, m.solved, &snapshot{Sources: from},
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

// Failed is the outcome of a reconcile that has to be made again because of an error.
const Failed = "failed"

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
	return Failed
}
