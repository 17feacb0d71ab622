package metrics

import (
	"context"
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
	missingAge      = prometheus.NewDesc("hotfixbot_missing_oldest_seconds", "How long ago the first hotfix was merged that an environment lacks.", nil, nil)
)

// snapshot reads what is kept when it is collected.
type snapshot struct {
	kept       Kept
	deliveries func() map[string]int64
	now        func() time.Time
}

// Describe implements prometheus.Collector.
func (s *snapshot) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{deliveriesTotal, queueDepth, queueAge, hotfixes, missing, missingAge} {
		out <- desc
	}
}

// Collect implements prometheus.Collector. What the database does not tell is left
// out, and said in the answer as an error.
func (s *snapshot) Collect(out chan<- prometheus.Metric) {
	for outcome, n := range s.deliveries() {
		out <- prometheus.MustNewConstMetric(deliveriesTotal, prometheus.CounterValue, float64(n), outcome)
	}
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	if debts, err := s.kept.Debts(ctx); err != nil {
		out <- prometheus.NewInvalidMetric(queueDepth, err)
	} else {
		s.queue(out, debts)
	}
	if boards, err := s.kept.Boards(ctx); err != nil {
		out <- prometheus.NewInvalidMetric(hotfixes, err)
	} else {
		s.ledger(out, boards)
	}
}

func (s *snapshot) queue(out chan<- prometheus.Metric, debts []hotfix.Debt) {
	var age time.Duration
	for _, debt := range debts {
		age = max(age, s.now().Sub(debt.Since))
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
					age = max(age, s.now().Sub(status.MergedAt))
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
