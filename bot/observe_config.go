package bot

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// observeConfig reads the configuration of the default branch, or works the
// defaults out from the branches that exist, and from those that a hotfix under
// way was carried to: such an environment is waited for, not forgotten, when its
// branch is deleted.
func (r *run) observeConfig(ctx context.Context, lists seen) error {
	exists := func(branch string) bool {
		_, ok := r.snap.Branches[branch]
		return ok || lists.underway(branch)
	}
	if err := r.knowDefaultBranch(ctx); err != nil {
		return err
	}
	defaults, problems := repoconfig.Defaults(exists)
	data, ok, err := r.configFile(ctx, r.snap.Branches[r.About().DefaultBranch], r.likelyTips(defaults, lists)...)
	if err != nil {
		return fmt.Errorf("read %s: %w", repoconfig.File, err)
	}
	if ok {
		r.snap.Config, r.snap.ConfigProblems = repoconfig.Parse(repoconfig.File, data, exists)
	} else {
		r.snap.Config, r.snap.ConfigProblems = defaults, problems
	}
	r.snap.Config.FromFile = ok
	return nil
}

// knowDefaultBranch is an error while the default branch is not among the branches: it
// was renamed a moment ago, and its file would be taken for missing.
func (r *run) knowDefaultBranch(ctx context.Context) error {
	name, missing := r.About().DefaultBranch, error(nil)
	if r.snap.Branches[name] == "" && len(r.snap.Branches) > 0 {
		missing = &hotfix.Gone{What: "the default branch " + name}
	}
	if err := r.doubt(ctx, "default/"+name, missing); !isGone(err) {
		return err
	}
	return nil
}

// likelyTips are the tips of what are probably environments.
func (r *run) likelyTips(defaults hotfix.Config, lists seen) []hotfix.OID {
	var tips []hotfix.OID
	for _, env := range defaults.Environments {
		tips = append(tips, r.snap.Branches[env.Branch])
	}
	for backport := range lists.waiting() {
		tips = append(tips, r.snap.Branches[backport.Base])
	}
	return tips
}

// configFile is the configuration at a commit, where it never changes. That there is
// none is believed when git says so, too: all else would be another pipeline. Where the
// commit must be fetched, others that will be wanted come in the same request.
func (r *run) configFile(ctx context.Context, commit hotfix.OID, others ...hotfix.OID) (data []byte, ok bool, err error) {
	if commit == "" {
		return nil, false, nil
	}
	var known struct {
		Data  []byte
		There bool
	}
	fact := "config/" + string(commit)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &known); err != nil || ok {
		return known.Data, known.There, err
	}
	if err := r.git.Fetch(ctx, append(others, commit)...); err != nil {
		return nil, false, err
	}
	holds, err := r.git.Holds(ctx, commit, repoconfig.File)
	if err == nil && holds {
		known.Data, known.There, err = r.FileAt(ctx, repoconfig.File, commit)
	}
	if err != nil {
		return nil, false, err
	}
	missing := error(nil)
	if holds && !known.There {
		missing = &hotfix.Gone{What: repoconfig.File}
	}
	if err := r.doubt(ctx, fact, missing); err != nil {
		return nil, false, notGone(err) // what git has is not remembered as missing
	}
	return known.Data, known.There, r.ledger.Remember(ctx, r.About().ID, fact, known)
}

// observeConfigChange reads the configuration of a pull request that changes it.
func (r *run) observeConfigChange(ctx context.Context, g *hotfix.Gated, base hotfix.OID) error {
	fact := fmt.Sprintf("config/%s/%s", base, g.Head)
	var seen struct {
		Changed bool
		Data    []byte
		There   bool
	}
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &seen); err != nil || !ok {
		if err != nil {
			return err
		}
		was, had, err := r.configFile(ctx, base)
		if err != nil {
			return fmt.Errorf("read %s of #%d: %w", repoconfig.File, g.Pull, err)
		}
		if seen.Data, seen.There, err = r.configFile(ctx, g.Head); err != nil {
			return fmt.Errorf("read %s of #%d: %w", repoconfig.File, g.Pull, err)
		}
		if seen.Changed = had != seen.There || string(was) != string(seen.Data); !seen.Changed {
			seen.Data = nil
		}
		if err := r.ledger.Remember(ctx, r.About().ID, fact, seen); err != nil {
			return err
		}
	}
	if g.Config = seen.Changed && seen.There; !g.Config {
		return nil
	}
	_, g.ConfigProblems = repoconfig.Parse(repoconfig.File, seen.Data, nil)
	return nil
}
