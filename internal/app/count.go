package app

import (
	"context"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// The rooms are made before the metrics that count what they do.

// ran counts a run of git.
func (a *App) ran(operation string, took time.Duration) { a.metrics.Git(operation, took) }

// moved counts where hotfixes came to.
func (a *App) moved(board hotfix.Board, events []hotfix.Event) { a.metrics.Moved(board, events) }

// budgets are what is left for each installation.
func (a *App) budgets(ctx context.Context) ([]hotfix.Budget, error) { return a.forge.Budgets(ctx) }

// outcomes are how many webhooks came to each outcome.
func (a *App) outcomes() map[string]int64 {
	counts := map[string]int64{}
	for outcome, n := range a.hooks.Counts() {
		counts[string(outcome)] = n
	}
	return counts
}
