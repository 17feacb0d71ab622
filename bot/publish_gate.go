package bot

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// publishGate writes the check runs of proposals.
func (r *run) publishGate(ctx context.Context) error {
	for _, g := range r.snap.Gated {
		if g.Later {
			continue // its check keeps what it said
		}
		if g.Config {
			if err := r.lenient(ctx, "check", r.publishProposal(ctx, g.Head, render.ConfigPullCheck(g.ConfigProblems))); err != nil {
				return fmt.Errorf("publish configuration check of #%d: %w", g.Pull, err)
			}
		}
		if err := r.lenient(ctx, "check", r.publishVerdict(ctx, g)); err != nil {
			return fmt.Errorf("publish gate of #%d: %w", g.Pull, err)
		}
	}
	return nil
}

// publishVerdict writes the gate's check run. Without a gate nothing is said.
func (r *run) publishVerdict(ctx context.Context, g hotfix.Gated) error {
	if r.snap.Config.Gate == "off" {
		return r.takeBack(ctx, g)
	}
	return r.publishProposal(ctx, g.Head, render.GateCheck(g, r.snap.Config.Gate == "enforce"))
}

// takeBack says of a proposal that an earlier gate failed that there is none any more.
func (r *run) takeBack(ctx context.Context, g hotfix.Gated) error {
	said := ""
	fact := saidFact(g.Head, render.GateCheckName)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &said); err != nil || !ok || said == passed {
		return err
	}
	now, err := r.checkRun(ctx, g.Head, render.GateCheckName)
	if err != nil {
		return err
	}
	if now != nil && now.Conclusion == "failure" {
		return r.publishProposal(ctx, g.Head, render.NoGateCheck())
	}
	return r.ledger.Remember(ctx, r.About().ID, fact, passed)
}

// passed stands for what a check run was last told where that holds nothing up.
const passed = "passed"

// saidFact names what a check run on a proposal was last told.
func saidFact(head hotfix.OID, check string) string { return fmt.Sprintf("said/%s/%s", head, check) }

// publishProposal writes a check run on a proposal. A repository may have hundreds
// of them, so one that was last told just this is not even looked at.
func (r *run) publishProposal(ctx context.Context, head hotfix.OID, want hotfix.CheckRun) error {
	text, err := json.Marshal(want)
	if err != nil {
		return fmt.Errorf("name a check run: %w", err)
	}
	fact, says, said := saidFact(head, want.Name), digest(text), ""
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &said); err != nil || ok && said == says {
		return err
	}
	var now *hotfix.CheckRun
	if !r.unchecked(head, want.Name) {
		if now, err = r.checkRun(ctx, head, want.Name); err != nil {
			return err
		}
	}
	postponed := len(r.snap.Postponed)
	if err := r.publishCheck(ctx, head, now, want); err != nil || len(r.snap.Postponed) > postponed {
		return err // or it is not known yet whether it was made
	}
	return r.ledger.Remember(ctx, r.About().ID, fact, says)
}

// unchecked reports whether a commit cannot have such a check run yet: it was made in
// this reconcile, and none was ever begun for it.
func (r *run) unchecked(head hotfix.OID, check string) bool {
	_, begun := r.begun[onceMarker(checkKey(head, check))]
	return r.fresh[head] && !begun
}
