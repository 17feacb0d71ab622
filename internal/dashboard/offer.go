package dashboard

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// offer is a form on a hotfix's page. It stands for a command.
type offer struct {
	Word   string // of the command
	Branch string // of the environment that it is about, if any
	Label  string // of its button
	// Opens is on the fold that holds the form, because a reason has to be given;
	// empty for a button alone.
	Opens string
	Hint  string // what the command does, where the label does not say
	// Strong is what goes on with the hotfix.
	Strong bool
}

// offers are the forms for what a person could want of a hotfix as it stands.
func offers(status hotfix.Status) []offer {
	if over(status) {
		return nil
	}
	var out []offer
	if len(status.Deployable) > 0 {
		out = append(out, offer{Word: deployWord, Label: "Tag & Deploy " + strings.Join(status.Deployable, ", "), Strong: true})
	}
	if status.State == hotfix.StateReady {
		out = append(out, offer{Word: solvedWord, Label: "Mark as solved", Strong: true})
	}
	for _, b := range status.Standings {
		switch {
		case status.State != hotfix.StateReverted:
			out = append(out, offersAt(b)...)
		case b.Verdict == hotfix.VerdictContained && b.Revert == 0: // it is carried nowhere any more
			out = append(out, offer{Word: revertWord, Branch: b.Branch, Label: "Take back from " + b.Environment})
		}
	}
	if !status.Complete() {
		out = append(out, offer{
			Word: forceWord, Label: "Mark as solved by force", Opens: "Mark as solved by force",
			Hint: "The issue is closed" + missing(status) + ". That is recorded, with the reason.",
		})
	}
	return out
}

// The words of the commands that are offered.
var (
	deployWord = hotfix.Command{Verb: hotfix.VerbDeploy}.Word()
	retryWord  = hotfix.Command{Verb: hotfix.VerbRetry}.Word()
	skipWord   = hotfix.Command{Verb: hotfix.VerbSkip}.Word()
	revertWord = hotfix.Command{Verb: hotfix.VerbRevert}.Word()
	unskipWord = hotfix.Command{Verb: hotfix.VerbUnskip}.Word()
	solvedWord = hotfix.Command{Verb: hotfix.VerbSolved}.Word()
	forceWord  = hotfix.Command{Verb: hotfix.VerbSolved, Force: true}.Word()
)

// offersAt are those about one environment.
func offersAt(b hotfix.Standing) []offer {
	if b.Verdict == hotfix.VerdictSkipped {
		return []offer{{Word: unskipWord, Branch: b.Branch, Label: "Do not skip " + b.Environment}}
	}
	if b.Verdict.Final() {
		return nil
	}
	skip := offer{
		Word: skipWord, Branch: b.Branch, Label: "Skip " + b.Environment, Opens: "Skip " + b.Environment,
		Hint: b.Environment + " does not need this hotfix. That can be taken back.",
	}
	switch b.Verdict {
	case hotfix.VerdictDeclined, hotfix.VerdictLost, hotfix.VerdictConflicted:
		return []offer{{Word: retryWord, Branch: b.Branch, Label: "Retry " + b.Environment}, skip}
	}
	return []offer{skip}
}

// commandOf is the command that a form stands for. Problem says what is wrong with the
// form, for a person.
func commandOf(status hotfix.Status, word, branch, reason string) (c hotfix.Command, problem string) {
	switch word {
	case deployWord, retryWord, skipWord, unskipWord, revertWord, solvedWord:
		c.Verb = hotfix.Verb(word)
	case forceWord:
		c.Verb, c.Force = hotfix.VerbSolved, true
	default:
		return c, "The page has no such action."
	}
	switch c.Verb {
	case hotfix.VerbRetry, hotfix.VerbSkip, hotfix.VerbUnskip, hotfix.VerbRevert:
		if !standsIn(status, branch) {
			return c, "The hotfix is not carried to such an environment."
		}
		c.Environment = branch
	}
	if c.Force || c.Verb == hotfix.VerbSkip {
		c.Reason = oneLine(reason)
		switch length := len([]rune(c.Reason)); {
		case length == 0:
			return c, "It needs a reason."
		case length > mostReason:
			return c, "The reason is too long: it may have 300 characters."
		}
	}
	return c, ""
}

// mostReason is how long a reason may be, in characters: as much as the bot repeats.
const mostReason = 300

// standsIn tells whether a hotfix is asked about in an environment.
func standsIn(status hotfix.Status, branch string) bool {
	for _, b := range status.Standings {
		if b.Branch == branch {
			return true
		}
	}
	return false
}

// oneLine is a text without line breaks and the like.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
}

// needed is the role that a command asks for in a repository. A board of an earlier
// version does not say: then it is the default.
func needed(board hotfix.Board, word string) hotfix.Permission {
	if role := board.Needs[word]; role > hotfix.NoPermission {
		return role
	}
	if word == deployWord || word == forceWord {
		return hotfix.Maintain
	}
	return hotfix.Write
}
