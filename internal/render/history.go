package render

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Because is what a line of history stands on, in a few words of Markdown: the
// release, the pull request, the proof, the commit, the person and the reason.
func Because(e hotfix.Event) string {
	g := e.Ground
	var parts []string
	if len(g.Tags) > 0 {
		parts = append(parts, "released as "+few(codes(g.Tags), 5))
	}
	if g.Pull != 0 {
		parts = append(parts, number(g.Pull))
	}
	if g.Proof != "" && (g.Proof != hotfix.ProofMerged || g.Pull == 0) {
		parts = append(parts, proofWords[g.Proof])
	}
	if g.Commit != "" {
		parts = append(parts, commitWord(e)+" "+g.Commit.Short())
	}
	if g.Person != "" {
		parts = append(parts, "by "+naming.Code(g.Person))
	}
	if g.Reason != "" {
		parts = append(parts, strings.TrimSuffix(quote(g.Reason), "."))
	}
	return strings.Join(parts, ", ")
}

// commitWord is what a commit is to a line.
func commitWord(e hotfix.Event) string {
	switch {
	case e.Environment == "" && e.To == string(hotfix.StateOpen):
		return "landed as"
	case e.To == string(hotfix.StateReverted), e.To == string(hotfix.VerdictLost):
		return "with"
	}
	return "at"
}

// proofWords is a kind of proof in a few words.
var proofWords = map[hotfix.ProofKind]string{
	hotfix.ProofEmptyPick: "picking it there changes nothing",
	hotfix.ProofMerged:    "what it changed is there",
	hotfix.ProofResolved:  "a person resolved the conflicts",
	hotfix.ProofEdited:    "a person changed it before the merge",
	hotfix.ProofEarlier:   "picking it changed nothing then, and it was not undone since",
}

// Problems lists what holds a whole repository up; empty for none.
func Problems(list []hotfix.Problem) string { return strings.TrimPrefix(problems(list), "\n") }
