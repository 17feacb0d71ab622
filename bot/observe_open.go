package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// observeOpen looks at the open hotfix pull requests.
func (r *run) observeOpen(ctx context.Context, lists seen) error {
	older, err := r.olderPulls(ctx, lists)
	if err != nil {
		return err
	}
	for _, pull := range slices.Concat(lists.pulls, older) {
		if !pull.Open || !isHotfix(r.snap.Config, pull) {
			continue
		}
		check, err := r.checkRun(ctx, pull.HeadOID, render.HotfixCheckName)
		if err != nil {
			return err
		}
		r.snap.Open = append(r.snap.Open, hotfix.OpenHotfix{Pull: pull, Check: check})
	}
	slices.SortFunc(r.snap.Open, func(a, b hotfix.OpenHotfix) int { return a.Pull.Number - b.Pull.Number })
	return nil
}

// observeForecasts works out what carrying each open hotfix to each environment
// would come to (P9). It is asked for when everything else is at rest.
func (r *run) observeForecasts(ctx context.Context) error {
	for i := range r.snap.Open {
		open := &r.snap.Open[i]
		if len(open.Forecasts) > 0 {
			continue // somebody asked for it
		}
		ctx := trail.Hotfix(ctx, open.Pull.Number)
		h, err := r.asLanded(ctx, open.Pull)
		if isGone(err) || isRefusal(err) { // its check says what happens on merge all the same
			r.log.Warn().Ctx(ctx).Err(err).Msg("no forecast")
			continue
		}
		if err != nil {
			return fmt.Errorf("forecast of #%d: %w", open.Pull.Number, err)
		}
		open.Paths = h.Landing.Paths
		targets, err := r.targetsOf(ctx, h, seen{})
		if err != nil {
			return err
		}
		for _, env := range targets {
			if env.Absent {
				continue
			}
			forecast, err := r.forecast(ctx, h, env)
			if err != nil {
				return fmt.Errorf("forecast of #%d for %s: %w", open.Pull.Number, env.Name, err)
			}
			open.Forecasts = append(open.Forecasts, forecast)
		}
	}
	return nil
}

// asLanded is an open hotfix as if it had been squashed into its base now.
func (r *run) asLanded(ctx context.Context, pull hotfix.Pull) (*hotfix.Hotfix, error) {
	pull.MergedAt = pull.CreatedAt
	base := r.snap.Branches[pull.Base]
	compared, err := r.compare(ctx, base, pull.HeadOID)
	if err != nil {
		return nil, err
	}
	h := &hotfix.Hotfix{Pull: pull, Landing: hotfix.Landing{Commit: base}}
	if compared.Base == "" || compared.Base == pull.HeadOID {
		return h, nil // nothing in common, or nothing new
	}
	h.Landing.Picks = []hotfix.Pick{{Commit: pull.HeadOID, Base: compared.Base}}
	h.Landing.Paths, err = r.changed(ctx, compared.Base, pull.HeadOID)
	return h, err
}

// changed lists the paths that differ between two commits. They never change.
func (r *run) changed(ctx context.Context, from, to hotfix.OID) ([]string, error) {
	var paths []string
	fact := fmt.Sprintf("changed/%s/%s", from, to)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &paths); err != nil || ok {
		return paths, err
	}
	paths, err := r.git.Changed(ctx, from, to)
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %w", from.Short(), to.Short(), err)
	}
	return paths, r.ledger.Remember(ctx, r.About().ID, fact, paths)
}

// forecast is what carrying a hotfix to an environment would come to.
func (r *run) forecast(ctx context.Context, h *hotfix.Hotfix, env hotfix.EnvironmentState) (hotfix.Forecast, error) {
	forecast := hotfix.Forecast{Environment: env.Environment, Outcome: hotfix.Contained}
	if len(h.Landing.Picks) == 0 {
		return forecast, nil
	}
	what := carries(r.snap, h, source{landing: h.Landing}, hotfix.Choice{}, false)
	replay, err := r.outcome(ctx, h, what.Picks, what.Union, env.Tip, env.Environment)
	if isRefusal(err) {
		forecast.Problem, forecast.Outcome = ptr(problemOf(err)), ""
		return forecast, nil
	}
	if err != nil {
		return forecast, err
	}
	forecast.Outcome, forecast.Conflicts = replay.Outcome, replay.Conflicts
	forecast.Missing, err = r.prerequisites(ctx, h, what, replay, env)
	return forecast, err
}
