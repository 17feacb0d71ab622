// Package doctor looks at an installation of hotfixbot and says, check by check, what
// is well, what is not, and what to do about it.
//
// What must always hold:
//
//   - A check that fails, hangs or cannot be made keeps no other from being made: each
//     has a time limit of its own (Run).
//   - What a finding says stands in one table (Kinds), and so in docs/doctor.md.
//   - No secret stands in a finding: the doctor is told whether there are any, not
//     which.
//
// It changes nothing in any repository. Of an App it has the newest webhook sent once
// more, which is the one way to see whether webhooks arrive.
//
// It owns its ports and knows no GitHub client, no git program and no database.
package doctor

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Limit is how long a check may take.
const Limit = 30 * time.Second

// Check is one thing to look at. Do returns at least one finding, and ends with its
// context.
type Check struct {
	Name  string        // "clock"
	Limit time.Duration // default: Limit
	Do    func(ctx context.Context) []hotfix.Finding
}

// atOnce is how many checks are made at once.
const atOnce = 4

// Run makes the checks and tells what they found in their order, as soon as it is
// known. A check that does not end in its time is told as such, and left behind.
func Run(ctx context.Context, checks []Check, tell func(hotfix.Finding)) {
	results := make([]chan []hotfix.Finding, len(checks))
	places := make(chan struct{}, atOnce)
	var group sync.WaitGroup
	for i, check := range checks {
		results[i] = make(chan []hotfix.Finding, 1)
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			results[i] <- check.run(ctx)
		})
	}
	for _, result := range results {
		for _, finding := range <-result {
			tell(finding)
		}
	}
	group.Wait()
}

// run makes a check in its time.
func (c Check) run(ctx context.Context) []hotfix.Finding {
	limit := c.Limit
	if limit == 0 {
		limit = Limit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan []hotfix.Finding, 1)
	go func() { done <- c.Do(ctx) }()
	select {
	case found := <-done:
		return found
	case <-ctx.Done():
	}
	select { // what ended with its context says more
	case found := <-done:
		return found
	case <-time.After(time.Second):
		return []hotfix.Finding{found("no-answer", "check", c.Name, "time", fmt.Sprint(limit))}
	}
}

// Worst is the worst state of findings: failed, warning or ok. What was skipped tells
// nothing.
func Worst(findings []hotfix.Finding) hotfix.FindingState {
	worst := hotfix.FindingOK
	for _, f := range findings {
		if f.State == hotfix.FindingFailed {
			return f.State
		}
		if f.State == hotfix.FindingWarning {
			worst = f.State
		}
	}
	return worst
}
