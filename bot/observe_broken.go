package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// observeBroken looks at what can be said where people look although the
// configuration cannot be believed: pull requests that are hotfixes by the
// default rules. Nothing is done for them. Who asks the doctor is answered.
func (r *run) observeBroken(ctx context.Context, lists seen) error {
	if head := r.snap.Branches[r.About().DefaultBranch]; head != "" && r.snap.Config.FromFile {
		check, err := r.checkRun(ctx, head, render.ConfigCheckName)
		if err != nil {
			return err
		}
		r.snap.ConfigCheck = check
	}
	usual, _ := repoconfig.Defaults(func(string) bool { return true })
	for _, pull := range lists.pulls {
		adopted := pull.HasLabel(usual.Hotfix.Label) && pull.Merged
		if pull.ByBot || adopted || !pull.Open && !pull.Merged ||
			!repoconfig.IsHotfixBranch(usual.Hotfix.Branches, pull.Head) {
			continue
		}
		check, err := r.checkRun(ctx, pull.HeadOID, render.HotfixCheckName)
		if err != nil {
			return err
		}
		r.snap.Open = append(r.snap.Open, hotfix.OpenHotfix{Pull: pull, Check: check})
	}
	if err := r.observeRequests(ctx, lists); err != nil {
		return err
	}
	return r.observeDoctor(ctx)
}

// observeBrokenGate looks at the open proposals while the configuration cannot be
// believed. The one that mends it is told whether it does, and none is held up for
// good by a required gate that nobody answers.
func (r *run) observeBrokenGate(ctx context.Context, lists seen, known hotfix.Board) error {
	if !r.snap.Config.FromFile {
		return nil // nobody asked for a gate yet
	}
	var err error
	if r.snap.Config.Gate, err = r.lastGate(ctx); err != nil {
		return err
	}
	r.snap.Environments = r.knownEnvironments(known)
	for _, pull := range r.openPulls(lists) {
		env, ok := r.environmentOf(pull.Base)
		if !ok {
			continue
		}
		g := hotfix.Gated{Pull: pull.Number, Head: pull.HeadOID, Base: env.Environment, Unknown: ptr(render.BrokenConfig(r.snap.ConfigProblems))}
		if err := r.observeMending(ctx, &g, env); err != nil {
			return fmt.Errorf("configuration of #%d: %w", pull.Number, err)
		}
		r.snap.Gated = append(r.snap.Gated, g)
	}
	r.snap.Gated = oneForEachHead(r.snap.Gated)
	return nil
}

// maxConfigs is how many versions of the configuration are looked at, newest first, for
// the last one that could be read.
const maxConfigs = 10

// lastGate is what the last configuration that could be read said of the gate: where it
// was off, nobody waits for its answer. Empty where none of them could be.
func (r *run) lastGate(ctx context.Context) (string, error) {
	head, gate := r.snap.Branches[r.About().DefaultBranch], ""
	fact := "gate/before/" + string(head)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &gate); err != nil || ok {
		return gate, err
	}
	history, err := r.History(ctx, head, repoconfig.File, maxConfigs)
	if err != nil {
		return "", notGone(err)
	}
	for _, c := range history {
		data, ok, err := r.configFile(ctx, c.OID)
		if err != nil {
			return "", fmt.Errorf("read %s before: %w", repoconfig.File, err)
		}
		if config, problems := repoconfig.Parse(repoconfig.File, data, nil); ok && len(problems) == 0 {
			gate = config.Gate
			break
		}
	}
	return gate, r.ledger.Remember(ctx, r.About().ID, fact, gate)
}

// observeMending reads the configuration that a proposal to the default branch brings.
func (r *run) observeMending(ctx context.Context, g *hotfix.Gated, env hotfix.EnvironmentState) error {
	if env.Branch != r.About().DefaultBranch {
		return nil
	}
	base, err := r.mergeBase(ctx, g, env)
	if err != nil || base == "" {
		return err
	}
	return r.observeConfigChange(ctx, g, base)
}

// knownEnvironments are those of the last good configuration, and the default
// branch, as they stand now.
func (r *run) knownEnvironments(known hotfix.Board) []hotfix.EnvironmentState {
	list := slices.Clone(known.Environments)
	usual := r.About().DefaultBranch
	if !slices.ContainsFunc(list, func(env hotfix.EnvironmentState) bool { return env.Branch == usual }) {
		list = append(list, hotfix.EnvironmentState{Environment: hotfix.Environment{Name: usual, Branch: usual}})
	}
	for i := range list {
		list[i].Tip = r.snap.Branches[list[i].Branch]
		list[i].Absent = list[i].Tip == ""
	}
	return list
}
