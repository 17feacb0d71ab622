package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// publish tells people where everything stands. Each text is rendered anew and
// written only where it differs from what stands there.
func (r *run) publish(ctx context.Context, lists seen, plan hotfix.Plan) error {
	if len(r.snap.ConfigProblems) > 0 {
		return r.publishBroken(ctx, lists)
	}
	untold := len(r.snap.Refused) > 0
	for _, status := range plan.Statuses {
		ctx, h := trail.Hotfix(ctx, status.Key.Pull), r.snap.Find(status.Key.Pull)
		err := r.publishHotfix(ctx, h, status)
		untold = untold || isRefusal(err)
		if err := r.lenient(ctx, "status", err); err != nil {
			return fmt.Errorf("publish hotfix #%d: %w", status.Key.Pull, err)
		}
	}
	if err := r.observeForecasts(ctx); err != nil {
		return err
	}
	for _, open := range r.snap.Open {
		ctx := trail.Hotfix(ctx, open.Pull.Number)
		check := render.HotfixCheck(open.Pull, r.openPlan(open))
		if err := r.lenient(ctx, "check", r.publishCheck(ctx, open.Pull.HeadOID, open.Check, check)); err != nil {
			return fmt.Errorf("publish check of #%d: %w", open.Pull.Number, err)
		}
	}
	if err := r.observeGate(ctx, lists); err != nil {
		return err
	}
	if err := r.publishGate(ctx); err != nil {
		return err
	}
	if err := r.noteUntold(ctx, untold); err != nil {
		return err
	}
	shown := board(r.snap, plan)
	shown.Doers = doers(r.snap, plan, r.tagged)
	return r.ledger.Save(ctx, shown)
}

// publishBroken says on the default branch, on the hotfixes in sight and on the
// page that the configuration is broken and that nothing is done until it is
// mended. The page keeps what was known before.
func (r *run) publishBroken(ctx context.Context, lists seen) error {
	// A repository without a file is not nagged: it may have no hotfixes at all.
	head := r.snap.Branches[r.About().DefaultBranch]
	if head != "" && r.snap.Config.FromFile {
		if err := r.publishCheck(ctx, head, r.snap.ConfigCheck, render.ConfigCheck(r.snap.ConfigProblems)); err != nil {
			return fmt.Errorf("publish configuration check: %w", err)
		}
	}
	for _, open := range r.snap.Open {
		if err := r.publishCheck(ctx, open.Pull.HeadOID, open.Check, render.HotfixCheck(open.Pull, r.openPlan(open))); err != nil {
			return fmt.Errorf("publish check of #%d: %w", open.Pull.Number, err)
		}
	}
	known, _, err := r.ledger.Board(ctx, r.About().ID)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	if err := r.observeBrokenGate(ctx, lists, known); err != nil {
		return err
	}
	if err := r.publishGate(ctx); err != nil {
		return err
	}
	known.Repository, known.Name, known.Public = r.About().ID, r.About().FullName(), !r.About().Private
	known.Problems = []hotfix.Problem{render.BrokenConfig(r.snap.ConfigProblems)}
	return r.ledger.Save(ctx, known)
}

// openPlan is what will happen when a hotfix merges now.
func (r *run) openPlan(open hotfix.OpenHotfix) render.OpenPlan {
	if len(r.snap.ConfigProblems) > 0 {
		return render.OpenPlan{Problems: []hotfix.Problem{render.BrokenConfig(r.snap.ConfigProblems)}}
	}
	return render.OpenPlan{
		Forecasts: open.Forecasts, Manual: r.snap.Config.Release.Trigger != "auto",
		Targets: r.snap.Config.Environments.Below(), NextTags: nextTags(r.snap, open), Apart: isApart(r.snap.Config, open),
	}
}

// publishHotfix writes the check runs and the status comment of one hotfix.
func (r *run) publishHotfix(ctx context.Context, h *hotfix.Hotfix, status hotfix.Status) error {
	actions := buttons(h, status)
	if h.Check != nil || len(actions) > 0 {
		run := withButtons(render.LandedCheck(h.Pull, status), h.Pull.Number, actions)
		if err := r.lenient(ctx, "check", r.publishCheck(ctx, h.Pull.HeadOID, h.Check, run)); err != nil {
			return err
		}
	}
	for i := range h.Targets {
		last := h.Targets[i].Last()
		if last == nil || last.Pull == nil || !last.Pull.Open || len(last.Marker.Conflicts) == 0 {
			continue
		}
		run := render.ConflictCheck(status.Standings[i], unresolved(r.snap, h, &h.Targets[i], last))
		if err := r.lenient(ctx, "check", r.publishCheck(ctx, last.Pull.HeadOID, last.Check, run)); err != nil {
			return err
		}
	}
	return r.publishStatus(ctx, h, status)
}

// publishStatus keeps the one status comment of a hotfix.
func (r *run) publishStatus(ctx context.Context, h *hotfix.Hotfix, status hotfix.Status) error {
	if status.Issue == 0 {
		return nil // it could not be opened, and is tried again at the next wake
	}
	marker, err := r.remembered(ctx, h, status)
	if err != nil {
		return err
	}
	return r.writeStatus(ctx, h, status, render.Status(status, marker))
}

// writeStatus writes the status comment where it says something else.
func (r *run) writeStatus(ctx context.Context, h *hotfix.Hotfix, status hotfix.Status, body string) error {
	if h.Comment != nil && strings.TrimSpace(h.Comment.Body) == strings.TrimSpace(body) {
		return nil
	}
	r.busy = true
	told := func(err error) error {
		if err == nil {
			r.log.Info().Ctx(ctx).Int("issue", status.Issue).Str("state", string(status.State)).Msg("the status was told")
		}
		return err
	}
	if h.Comment != nil {
		return told(r.EditComment(ctx, h.Comment.ID, body))
	}
	key := fmt.Sprintf("status/%d", h.Pull.Number)
	comment, err := r.say(ctx, key, status.Issue, body)
	if r.postponed(key, err) {
		return nil
	}
	if err == nil {
		h.Comment = &comment
	}
	return told(err)
}

// remembered is what the status comment has to remember for later.
func (r *run) remembered(ctx context.Context, h *hotfix.Hotfix, status hotfix.Status) (hotfix.StatusMarker, error) {
	marker := hotfix.StatusMarker{Pull: h.Pull.Number, Tags: maps.Clone(h.Marker.Tags), Released: maps.Clone(h.Marker.Released)}
	for i := range h.Lines {
		rememberLine(&marker, h, &h.Lines[i])
	}
	if len(marker.Tags)+len(marker.Released) > 0 && (h.Comment == nil || !maps.Equal(marker.Tags, h.Marker.Tags) || !maps.Equal(marker.Released, h.Marker.Released)) {
		if err := r.ledger.Remember(ctx, r.About().ID, madeFact(h.Pull.Number), hotfix.StatusMarker{Tags: marker.Tags, Released: marker.Released}); err != nil {
			return marker, err
		}
	}
	marker.Proved, marker.Told = proved(h, status), told(h)
	closed := h.Issue == nil || !h.Issue.Open || h.Issue.IsPull
	if closed && isOver(status) && len(r.snap.Postponed) == 0 { // else there is something left to do
		marker.Settled, marker.Asked = &status, lastAsked(r.snap.Answers, h.Pull.Number)
	}
	marker = render.FittingStatus(marker)
	if marker.Settled == nil && len(marker.Proved) == 0 {
		return marker, nil
	}
	var err error
	marker.Seal, err = r.seal(marker)
	return marker, err
}

// told is, by branch, the open backport that GitHub was told to merge by itself.
func told(h *hotfix.Hotfix) map[string]int {
	var list map[string]int
	if h.Partial { // as for proved
		list = maps.Clone(h.Marker.Told)
	}
	for i := range h.Targets {
		last, branch := h.Targets[i].Last(), h.Targets[i].Environment.Branch
		if last == nil || last.Pull == nil || !last.Pull.Open {
			continue
		}
		if last.Pull.AutoMerge || h.Marker.Told[branch] == last.Pull.Number {
			if list == nil {
				list = map[string]int{}
			}
			list[branch] = last.Pull.Number
		}
	}
	return list
}

// rememberLine notes what was made for a hotfix in a line.
func rememberLine(marker *hotfix.StatusMarker, h *hotfix.Hotfix, line *hotfix.Line) {
	if line.Release != nil {
		marker.Released = noted(marker.Released, line.Application, true)
	}
	if ownTag(h, line) {
		marker.Tags = noted(marker.Tags, line.Application, line.Holding.Name)
	}
}

func noted[T any](all hotfix.ByApplication[T], application string, value T) hotfix.ByApplication[T] {
	if all == nil {
		all = hotfix.ByApplication[T]{}
	}
	all[application] = value
	return all
}

// proved is, by branch, the commit at which an environment was found to contain the
// hotfix: the first one, as long as the branch has it.
func proved(h *hotfix.Hotfix, status hotfix.Status) map[string]hotfix.OID {
	known := map[string]hotfix.OID{}
	if h.Partial { // what was not looked at is as it was
		maps.Copy(known, h.Marker.Proved)
	}
	for i, st := range status.Stages {
		if h.Stages[i].Before || st.State == hotfix.StageDeployed && h.Holding() != nil {
			known[st.Branch] = h.Landing.Commit
		}
	}
	for i, st := range status.Standings {
		was, found := h.Marker.Proved[st.Branch], h.Targets[i].Proved
		switch {
		case found != "":
			known[st.Branch] = found
		case was != "":
			known[st.Branch] = was
		case st.Verdict == hotfix.VerdictContained && st.Proof.Commit != "":
			known[st.Branch] = st.Proof.Commit
		}
	}
	return known
}

// checkKey names the creation of a check run.
func checkKey(commit hotfix.OID, check string) string {
	return fmt.Sprintf("check/%s/%s", commit, check)
}

// publishCheck creates or updates one check run where it says something else.
func (r *run) publishCheck(ctx context.Context, commit hotfix.OID, now *hotfix.CheckRun, want hotfix.CheckRun) error {
	want.Commit = commit
	if now == nil {
		r.busy = true
		delete(r.fresh, commit)
		return r.eventually(ctx, checkKey(commit, want.Name), func() error {
			_, err := r.CreateCheckRun(ctx, want)
			return err
		})
	}
	same := now.Conclusion == want.Conclusion && now.Title == want.Title && now.ExternalID == want.ExternalID &&
		strings.TrimSpace(now.Summary) == strings.TrimSpace(want.Summary)
	if same {
		return nil
	}
	want.ID = now.ID
	r.busy = true
	return r.UpdateCheckRun(ctx, want)
}

// needs is what the commands of the page ask for.
func needs(p hotfix.Permissions) map[string]hotfix.Permission {
	roles := map[string]hotfix.Permission{}
	for _, c := range []hotfix.Command{
		{Verb: hotfix.VerbDeploy}, {Verb: hotfix.VerbRetry}, {Verb: hotfix.VerbSkip}, {Verb: hotfix.VerbUnskip},
		{Verb: hotfix.VerbSolved}, {Verb: hotfix.VerbSolved, Force: true}, {Verb: hotfix.VerbRevert},
	} {
		roles[c.Word()] = command.Needs(c, p)
	}
	return roles
}

// board is the ledger of the repository.
func board(s *hotfix.Snapshot, plan hotfix.Plan) hotfix.Board {
	b := hotfix.Board{
		Repository: s.Repository.ID, Name: s.Repository.FullName(), Public: !s.Repository.Private, Notes: s.Config.Notes,
		Needs: needs(s.Config.Permissions),
	}
	unsolved := slices.ContainsFunc(plan.Statuses, func(st hotfix.Status) bool {
		return st.State != hotfix.StateSolved && st.State != hotfix.StateForced
	})
	for _, app := range s.Config.Applications {
		b.Applications = append(b.Applications, app.Name)
	}
	landing, _ := s.Config.Environments.Landing()
	for _, env := range s.Environments {
		env.Red = unsolved && env.Branch == landing.Branch
		b.Environments = append(b.Environments, env)
	}
	for _, settled := range s.Settled {
		b.Hotfixes = append(b.Hotfixes, settled.Status)
	}
	b.Hotfixes = append(b.Hotfixes, plan.Statuses...)
	slices.SortFunc(b.Hotfixes, func(x, y hotfix.Status) int { return x.Key.Pull - y.Key.Pull })
	return b
}
