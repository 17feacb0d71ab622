package metrics

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// readWithin bounds how long the database may take.
const readWithin = 5 * time.Second

var (
	deliveriesTotal = prometheus.NewDesc("hotfixbot_deliveries_total", "Webhooks by what they were answered.", []string{"outcome"}, nil)
	queueDepth      = prometheus.NewDesc("hotfixbot_queue_repositories", "Repositories that are owed a look.", nil, nil)
	queueAge        = prometheus.NewDesc("hotfixbot_queue_oldest_seconds", "How long the first of them has been owed it.", nil, nil)
	hotfixes        = prometheus.NewDesc("hotfixbot_hotfixes", "Hotfixes by state.", []string{"state"}, nil)
	missing         = prometheus.NewDesc("hotfixbot_missing", "Environments that lack a hotfix, by verdict.", []string{"verdict"}, nil)
	wakesTotal      = prometheus.NewDesc("hotfixbot_wakes_total", "Wakes of repositories by what became of them.", []string{"fate"}, nil)
	writesLeft      = prometheus.NewDesc("hotfixbot_budget_writes", "Requests that create content that an installation may make now.", []string{"installation"}, nil)
	pointsLeft      = prometheus.NewDesc("hotfixbot_budget_points", "Points for requests that an installation may spend now.", []string{"installation"}, nil)
	githubLimit     = prometheus.NewDesc("hotfixbot_github_limit", "Requests that GitHub allows an installation in an hour.", []string{"installation"}, nil)
	githubLeft      = prometheus.NewDesc("hotfixbot_github_remaining", "Requests of those that are left, as GitHub said last.", []string{"installation"}, nil)
	missingAge      = prometheus.NewDesc("hotfixbot_missing_oldest_seconds", "How long ago the first hotfix was merged that an environment lacks.", nil, nil)
)

// snapshot reads what is kept when it is collected.
type snapshot struct{ Sources }

// Describe implements prometheus.Collector.
func (s *snapshot) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{deliveriesTotal, wakesTotal, writesLeft, pointsLeft, githubLimit, githubLeft, queueDepth, queueAge, hotfixes, missing, missingAge} {
		out <- desc
	}
}

// Collect implements prometheus.Collector. What the database does not tell is left
// out, and said in the answer as an error.
func (s *snapshot) Collect(out chan<- prometheus.Metric) {
	for outcome, n := range s.Deliveries() {
		out <- prometheus.MustNewConstMetric(deliveriesTotal, prometheus.CounterValue, float64(n), outcome)
	}
	for fate, n := range s.Wakes() {
		out <- prometheus.MustNewConstMetric(wakesTotal, prometheus.CounterValue, float64(n), fate)
	}
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	if budgets, err := s.Budgets(ctx); err != nil {
		out <- prometheus.NewInvalidMetric(writesLeft, err)
	} else {
		s.budget(out, budgets)
	}
	if debts, err := s.Kept.Debts(ctx); err != nil {
		out <- prometheus.NewInvalidMetric(queueDepth, err)
	} else {
		s.queue(out, debts)
	}
	if boards, err := s.Kept.Boards(ctx); err != nil {
		out <- prometheus.NewInvalidMetric(hotfixes, err)
	} else {
		s.ledger(out, boards)
	}
}

// mostInstallations bounds the series of an App that everybody may install: those with
// the least left are told.
const mostInstallations = 50

func (s *snapshot) budget(out chan<- prometheus.Metric, budgets []hotfix.Budget) {
	slices.SortStableFunc(budgets, func(a, b hotfix.Budget) int {
		return cmp.Or(cmp.Compare(a.Writes, b.Writes), cmp.Compare(a.Points, b.Points), cmp.Compare(a.Remaining, b.Remaining))
	})
	for _, b := range budgets[:min(len(budgets), mostInstallations)] {
		gauge := func(desc *prometheus.Desc, value int) {
			out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(value), strconv.FormatInt(b.Installation, 10))
		}
		if b.Paced {
			gauge(writesLeft, b.Writes)
			gauge(pointsLeft, b.Points)
		}
		if b.Told {
			gauge(githubLimit, b.Limit)
			gauge(githubLeft, b.Remaining)
		}
	}
}

func (s *snapshot) queue(out chan<- prometheus.Metric, debts []hotfix.Debt) {
	var age time.Duration
	for _, debt := range debts {
		age = max(age, s.Now().Sub(debt.Since))
	}
	out <- prometheus.MustNewConstMetric(queueDepth, prometheus.GaugeValue, float64(len(debts)))
	out <- prometheus.MustNewConstMetric(queueAge, prometheus.GaugeValue, age.Seconds())
}

func (s *snapshot) ledger(out chan<- prometheus.Metric, boards []hotfix.Board) {
	states, lacking := map[string]int{}, map[string]int{}
	var age time.Duration
	for _, board := range boards {
		for _, status := range board.Hotfixes {
			states[string(status.State)]++
			for _, standing := range status.Standings {
				if !standing.Verdict.Final() {
					lacking[string(standing.Verdict)]++
					age = max(age, s.Now().Sub(status.MergedAt))
				}
			}
		}
	}
	for state, n := range states {
		out <- prometheus.MustNewConstMetric(hotfixes, prometheus.GaugeValue, float64(n), state)
	}
	for verdict, n := range lacking {
		out <- prometheus.MustNewConstMetric(missing, prometheus.GaugeValue, float64(n), verdict)
	}
	out <- prometheus.MustNewConstMetric(missingAge, prometheus.GaugeValue, age.Seconds())
}
