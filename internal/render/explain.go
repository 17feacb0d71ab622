package render

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Explain is the answer to /hotfix explain: how the merge was read, which tag
// carries it, what was decided for each environment with its proof, and what is
// awaited.
func Explain(s hotfix.Status) string {
	var b strings.Builder
	b.WriteString("Hotfix " + number(s.Key.Pull) + " " + naming.Code(s.Title) + " by " + naming.Code(s.Author) +
		" landed on " + name(s.Landing) + ".\n\n")
	for _, remark := range remarks(s) {
		b.WriteString(remark + "\n\n")
	}
	b.WriteString("**How the merge was read.** " + reading(s.Landed) + "\n\n")
	b.WriteString("**Release.** " + release(s) + "\n\n**Environments**\n\n")
	for _, stage := range slices.Backward(s.Stages) {
		b.WriteString("- **" + name(stage.Environment) + "** (" + naming.Code(stage.Branch) + "): " + endSentence(stageNow(s, stage)) + "\n")
	}
	for _, standing := range s.Standings {
		b.WriteString(decision(s, standing))
	}
	b.WriteString("\n**Awaited.** " + awaited(s) + "\n")
	b.WriteString(problems(s.Problems))
	return b.String()
}

// reading says which commits carry the hotfix and how that was told.
func reading(l hotfix.Landing) string {
	if l.Unclear != "" {
		return statement(l.Unclear) + " Nothing is propagated until that is clear."
	}
	commits := make([]string, len(l.Picks))
	for i, pick := range l.Picks {
		commits[i] = pick.Commit.Short()
	}
	return statement(l.Evidence) + " Picked: " + few(commits, 20) + "."
}

// release says which tag carries the hotfix, and why that one.
func release(s hotfix.Status) string {
	var parts []string
	for _, v := range s.Versions {
		if v.Tag == "" {
			continue
		}
		text := naming.Code(v.Tag) + ": the release tag that contains " + s.Landed.Commit.Short() + ". It is made once and never moved."
		if v.Release != "" {
			text += " [Release notes](" + v.Release + ")."
		}
		parts = append(parts, text)
	}
	switch {
	case len(s.Deployable) > 0:
		parts = append(parts, "It waits for "+naming.Code("/hotfix deploy")+", which would make "+sentence(codes(s.Deployable))+".")
	case len(s.Versions) == 0 && s.Landed.Unclear == "":
		parts = append(parts, "It touches no application, so it has none of its own.")
	case len(parts) == 0:
		parts = append(parts, "No release tag contains it yet.")
	}
	return strings.Join(parts, " ")
}

// decision is an environment's line of the explanation. Unlike the status
// comment it names the commit of every proof, since it is written once.
func decision(s hotfix.Status, b hotfix.Standing) string {
	text := "- **" + name(b.Environment) + "** (" + naming.Code(b.Branch) + "): "
	if b.Problem != nil && slices.Contains(s.Problems, *b.Problem) {
		return text + string(b.Verdict) + ", see below.\n"
	}
	text += standingNow(b)
	if b.Proof != nil && b.Proof.Kind == hotfix.ProofEmptyPick && b.Proof.Commit != "" {
		text += " (at " + b.Proof.Commit.Short() + ")"
	}
	if b.Verdict == hotfix.VerdictSkipped {
		return text + ": " + quote(b.Reason) + "\n"
	}
	text += "."
	if len(b.Conflicts) > 0 {
		text += " Conflicts: " + few(conflictWords(b.Conflicts), 10) + "."
	}
	if len(b.Superseded) > 0 {
		text += " Earlier backports: " + numbers(b.Superseded) + "."
	}
	return text + "\n"
}

// conflictWords shows each conflict as "`cart.go` (content)".
func conflictWords(conflicts []hotfix.PathConflict) []string {
	out := make([]string, len(conflicts))
	for i, c := range conflicts {
		out[i] = pathOf(c) + " (" + string(c.Kind) + ")"
	}
	return out
}

// pathOf shows a conflict's path; git names none for some.
func pathOf(c hotfix.PathConflict) string {
	if c.Path == "" {
		return "a path that git does not name"
	}
	return naming.Code(c.Path)
}

// awaited says what happens next, and by whom.
func awaited(s hotfix.Status) string {
	switch s.State {
	case hotfix.StateSolved, hotfix.StateForced:
		return "Nothing."
	case hotfix.StateReady:
		return "A person who says " + naming.Code("/hotfix solved") + "."
	}
	if s.Complete() {
		return "Nothing more; the issue is about to be closed."
	}
	var parts []string
	for _, st := range s.Undeployed() {
		parts = append(parts, name(st.Environment)+": "+stageRemedy(s, st))
	}
	for _, b := range s.Missing() {
		if b.Problem == nil || !slices.Contains(s.Problems, *b.Problem) {
			parts = append(parts, name(b.Environment)+": "+remedy(b))
		}
	}
	if len(parts) == 0 {
		return "What is listed below."
	}
	return strings.Join(parts, " ")
}
