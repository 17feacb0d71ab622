package render

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Status is the status comment of a hotfix: where it stands, what is awaited
// from whom, and the commands that make sense now. It changes only when the
// hotfix's own standing does. The marker's Settled is shortened where it is too
// long for GitHub: first conflicts, then picks are left out.
func Status(s hotfix.Status, marker hotfix.StatusMarker) string {
	commands := strings.Join(codes(offers(s)), " · ")
	return finish(overview(s)+"\nCommands: "+commands+" · "+more(aboutStatus)+"\n", naming.Marker(naming.KindStatus, marker))
}

// StatusReply is the answer to /hotfix status: the status comment as it is now,
// without its marker.
func StatusReply(s hotfix.Status) string { return overview(s) }

// overview is headline, remarks, table and problems.
func overview(s hotfix.Status) string {
	var b strings.Builder
	b.WriteString(headline(s) + "\n\n")
	for _, remark := range remarks(s) {
		b.WriteString(remark + "\n\n")
	}
	b.WriteString(table(s))
	b.WriteString(modules(s))
	b.WriteString(problems(s.Problems))
	return b.String()
}

// headline is one line: version, then each environment.
func headline(s hotfix.Status) string {
	parts := make([]string, 0, len(s.Standings)+3)
	switch s.State {
	case hotfix.StateSolved:
		parts = append(parts, "**Solved**")
	case hotfix.StateForced:
		parts = append(parts, "**Closed by force**")
	case hotfix.StateReverted:
		parts = append(parts, "**Reverted**")
	}
	parts = append(parts, "**"+version(s)+"**")
	if s.Landed.Unclear != "" {
		parts = append(parts, "how it was merged is unclear")
	}
	if len(s.Deployable) > 0 {
		parts = append(parts, "waits for Tag & Deploy of "+sentence(codes(s.Deployable)))
	}
	for _, stage := range s.Stages {
		if text := headlineOfStage(s, stage); text != "" {
			parts = append(parts, text)
		}
	}
	for _, standing := range s.Standings {
		if !waitsForDeploy(s, standing) {
			parts = append(parts, headlineOf(standing))
		}
	}
	if s.State == hotfix.StateReady {
		parts = append(parts, "waits for "+naming.Code("/hotfix solved"))
	}
	return strings.Join(parts, " · ")
}

// waitsForDeploy reports whether an environment waits for nothing but the release,
// which the headline says once.
func waitsForDeploy(s hotfix.Status, b hotfix.Standing) bool {
	return len(s.Deployable) > 0 && b.Problem != nil && *b.Problem == WaitsForDeploy(s.Deployable)
}

// version is the hotfix's release, or its number while it has none.
func version(s hotfix.Status) string {
	tags := s.Tags()
	if len(tags) == 0 {
		return "Hotfix " + number(s.Key.Pull)
	}
	return naming.Neutralise(sentence(tags))
}

// remarks are the sentences about who opened and closed the issue against the
// usual course.
func remarks(s hotfix.Status) []string {
	var out []string
	if s.HeldOpenBy != "" {
		out = append(out, naming.Code(s.HeldOpenBy)+" reopened this issue, so it stays open until somebody closes it or says "+naming.Code("/hotfix solved")+".")
	}
	switch {
	case s.ClosedBy != "" && s.State == hotfix.StateReverted:
		out = append(out, naming.Code(s.ClosedBy)+" closed this issue. It stays closed.")
	case s.ClosedBy != "":
		out = append(out, naming.Code(s.ClosedBy)+" closed this issue"+missingThen(s)+". It stays closed; the backports go on.")
	}
	if s.Reopened != nil {
		out = append(out, "GitHub closed this issue by itself"+closer(*s.Reopened)+". It was reopened, because the hotfix was not in every environment yet.")
	}
	if s.Forced != "" || s.ForcedBy != "" {
		out = append(out, naming.Code(s.ForcedBy)+" closed it with "+naming.Code("/hotfix solved --force")+missingThen(s)+": "+quote(s.Forced))
	}
	return out
}

// missingThen is " while QA and Development miss the hotfix", or nothing.
func missingThen(s hotfix.Status) string {
	names := s.Lacking()
	if len(names) == 0 {
		return ""
	}
	for i := range names {
		names[i] = name(names[i])
	}
	verb := " miss"
	if len(names) == 1 {
		verb = " misses"
	}
	return " while " + sentence(names) + verb + " the hotfix"
}

// closer names what GitHub closed an issue by.
func closer(t hotfix.Turn) string {
	switch {
	case t.CloserPull != 0:
		return " when " + number(t.CloserPull) + " was merged"
	case t.CloserCommit != "":
		return " because of commit " + t.CloserCommit.Short()
	}
	return ""
}

// table has one row for each environment, in the order of the pipeline.
func table(s hotfix.Status) string {
	var b strings.Builder
	b.WriteString("| environment | state | proof, or what is awaited |\n|---|---|---|\n")
	row := func(env, state, detail string) {
		b.WriteString("| " + cell(name(env)) + " | " + cell(state) + " | " + cell(detail) + " |\n")
	}
	for _, stage := range slices.Backward(s.Stages) {
		if stage.Environment != s.Landing {
			row(stage.Environment, state(string(stage.State), stage.Problem), stageDetail(s, stage))
		}
	}
	row(s.Landing, state("landed", nil), landed(s))
	for _, standing := range s.Standings {
		row(standing.Environment, state(string(standing.Verdict), standing.Problem), detail(s, standing))
	}
	return b.String()
}

// landed says as what the hotfix reached the landing environment.
func landed(s hotfix.Status) string {
	text := number(s.Key.Pull)
	if s.Landed.Commit != "" {
		text += " as " + s.Landed.Commit.Short()
	}
	if s.Landed.Method != "" {
		text += " (" + string(s.Landed.Method) + ")"
	}
	text += "; " + released(s)
	for _, stage := range s.Stages {
		if stage.Environment == s.Landing { // it is deployed where it landed
			text += ". " + stageDetail(s, stage)
		}
	}
	return text
}

// released says as what the hotfix is released.
func released(s hotfix.Status) string {
	switch {
	case len(s.Versions) == 0 && s.Landed.Unclear == "":
		return "no release, for it touches no application"
	case len(s.Tags()) == 0:
		return "no release tag yet"
	}
	parts := make([]string, len(s.Versions))
	for i, v := range s.Versions {
		parts[i] = tagged(v)
	}
	return strings.Join(parts, "; ")
}

// tagged says as what the hotfix is released in the line of an application.
func tagged(v hotfix.Tagged) string {
	switch {
	case v.Tag == "":
		return "no release tag of " + naming.Code(v.Application) + " yet"
	case v.Release == "":
		return "tag " + naming.Code(v.Tag)
	}
	return "tag " + naming.Code(v.Tag) + ", [release](" + v.Release + ")"
}

// detail is the third column of a lower environment. A problem that is the whole
// hotfix's is told once, below the table.
func detail(s hotfix.Status, b hotfix.Standing) string {
	var text string
	switch {
	case b.Verdict == hotfix.VerdictContained:
		text = upperFirst(proof(b.Proof)) + "."
	case b.Verdict == hotfix.VerdictSkipped:
		text = naming.Code(b.By) + ": " + quote(b.Reason)
	case b.Problem != nil && slices.Contains(s.Problems, *b.Problem):
		text = "See below."
	case b.Problem == nil && (b.Verdict == hotfix.VerdictProposed || b.Verdict == hotfix.VerdictConflicted):
		text = remedy(b)
	default:
		text = upperFirst(endSentence(standingNow(b))) + " " + remedy(b)
	}
	if b.From != "" && b.Verdict != hotfix.VerdictContained {
		text += " Picked as " + number(b.FromPull) + " brought it to " + name(b.From) + "."
	}
	if len(b.LeftOut) > 0 {
		text += " Left out: " + few(codes(b.LeftOut), 5) + "."
	}
	if b.Revert != 0 {
		text += " " + number(b.Revert) + " would take it back from there."
	}
	if len(b.Superseded) > 0 {
		text += " Earlier: " + numbers(b.Superseded) + "."
	}
	return text
}

// numbers lists pull requests.
func numbers(pulls []int) string {
	out := make([]string, len(pulls))
	for i, n := range pulls {
		out[i] = number(n)
	}
	return few(out, 10)
}

// offers are the commands that make sense now, in the order of the table.
func offers(s hotfix.Status) []string {
	if s.State == hotfix.StateSolved || s.State == hotfix.StateForced {
		return []string{"/hotfix reopen", "/hotfix explain"}
	}
	var out []string
	if len(s.Deployable) > 0 {
		out = append(out, "/hotfix deploy")
	}
	for _, b := range s.Standings {
		switch b.Verdict {
		case hotfix.VerdictContained:
			if s.State == hotfix.StateReverted && b.Revert == 0 {
				out = append(out, "/hotfix revert "+b.Branch)
			}
		case hotfix.VerdictSkipped:
			out = append(out, "/hotfix unskip "+b.Branch)
		case hotfix.VerdictConflicted, hotfix.VerdictDeclined, hotfix.VerdictLost:
			out = append(out, "/hotfix retry "+b.Branch, "/hotfix skip "+b.Branch+" <reason>")
		case hotfix.VerdictProposed, hotfix.VerdictWaiting, hotfix.VerdictPending:
			out = append(out, "/hotfix skip "+b.Branch+" <reason>")
		}
	}
	if s.Complete() {
		out = append(out, "/hotfix solved")
	}
	return append(out, "/hotfix explain", "/hotfix help")
}

// FittingStatus is the marker with as much of the settled status as a comment has room
// for: without conflicts, then without the picks and paths, which can be read from the
// merge again, then without any of it. It has to be sealed after that.
func FittingStatus(m hotfix.StatusMarker) hotfix.StatusMarker {
	if m.Settled == nil || fits(m) {
		return m
	}
	settled := *m.Settled
	settled.Standings = withoutConflicts(settled.Standings)
	if m.Settled = &settled; fits(m) {
		return m
	}
	settled.Landed.Picks, settled.Landed.Paths = nil, nil
	if !fits(m) {
		m.Settled = nil
	}
	return m
}

func fits(m hotfix.StatusMarker) bool {
	return utf8.RuneCountInString(naming.Marker(naming.KindStatus, m)) <= maxMarker
}

func withoutConflicts(standings []hotfix.Standing) []hotfix.Standing {
	out := make([]hotfix.Standing, len(standings))
	for i, b := range standings {
		b.Conflicts, b.Unresolved = nil, nil
		out[i] = b
	}
	return out
}
