package bot

import (
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// What the page may ask for is what a button or a command is, whole and with its reason.
func TestReadAction(t *testing.T) {
	for _, tc := range []struct {
		name string
		pull int
		c    hotfix.Command
		want bool
	}{
		{"deploy", 34, hotfix.Command{Verb: hotfix.VerbDeploy}, true},
		{"retry", 34, hotfix.Command{Verb: hotfix.VerbRetry, Environment: "qa"}, true},
		{"skip", 34, hotfix.Command{Verb: hotfix.VerbSkip, Environment: "qa", Reason: "no"}, true},
		{"skip without a reason", 34, hotfix.Command{Verb: hotfix.VerbSkip, Environment: "qa"}, false},
		{"skip of nothing", 34, hotfix.Command{Verb: hotfix.VerbSkip, Reason: "no"}, false},
		{"unskip", 34, hotfix.Command{Verb: hotfix.VerbUnskip, Environment: "qa"}, true},
		{"solved", 34, hotfix.Command{Verb: hotfix.VerbSolved}, true},
		{"force", 34, hotfix.Command{Verb: hotfix.VerbSolved, Force: true, Reason: "late"}, true},
		{"force without a reason", 34, hotfix.Command{Verb: hotfix.VerbSolved, Force: true}, false},
		{"force of something else", 34, hotfix.Command{Verb: hotfix.VerbSkip, Environment: "qa", Reason: "no", Force: true}, false},
		{"no command", 34, hotfix.Command{Verb: hotfix.VerbRetry, Problem: "unreadable"}, false},
		{"a command that is no form", 34, hotfix.Command{Verb: hotfix.VerbPick, Environment: "qa", Args: []string{"a"}}, false},
		{"no hotfix", 0, hotfix.Command{Verb: hotfix.VerbDeploy}, false},
	} {
		request, ok := readAction(hotfix.Intent{ID: "form", Person: "bob", At: noon, Asked: &tc.c, Pull: tc.pull})
		if ok != tc.want || ok && (request.Press != "form" || request.Comment.Author != "bob" || request.Commands[0].Pull != tc.pull) {
			t.Errorf("%s: %v %+v", tc.name, ok, request)
		}
	}
}

// Who may not is told why where they asked, and nowhere else.
func TestAnActionOfSomebodyWhoMayNot(t *testing.T) {
	s, _ := underway()
	request := asked(s, 34, hotfix.Write, "/hotfix solved --force late")
	request.Press = "form"
	actions := Decide(s).Actions
	if len(actions) != 1 {
		t.Fatalf("wants %s", hotfix.Describe(actions))
	}
	ignored, ok := actions[0].(hotfix.IgnorePress)
	if !ok || ignored.ID != "form" || !strings.Contains(ignored.Why, "`maintain`") || !strings.Contains(ignored.Why, "`bob` has `write`") {
		t.Errorf("wants %+v", actions[0])
	}
}

// An action whose reply stands on GitHub is not carried out again, although the process
// ended before that was noted; it is noted now.
func TestAReplyThatWasNotNotedIsNotedLater(t *testing.T) {
	given := hotfix.Answer{Press: "form", Issue: 1034, By: "bob", At: noon, Granted: []hotfix.Granted{{Command: hotfix.Command{Verb: hotfix.VerbRetry}, Done: true, Said: "tried again"}}}
	reply := hotfix.Comment{ID: 77, Issue: 1034, ByBot: true, Body: "said\n" + naming.Marker(naming.KindReply, given)}
	command := hotfix.Command{Verb: hotfix.VerbRetry}
	action := hotfix.Intent{ID: "form", Person: "bob", At: noon, Asked: &command, Pull: 34}
	talk := sortTalk([]hotfix.Comment{reply}, []hotfix.Intent{action})
	if len(talk.requests) != 0 || len(talk.late) != 1 || talk.late[0].Press != "form" {
		t.Fatalf("%+v", talk)
	}
	if got := talk.late[0].Response(); got != (hotfix.Response{Done: true, Said: "tried again", Issue: 1034, Reply: 77}) {
		t.Errorf("%+v", got)
	}
	reply.ByBot = false // somebody else's words are no reply
	if talk := sortTalk([]hotfix.Comment{reply}, []hotfix.Intent{action}); len(talk.requests) != 1 {
		t.Errorf("%+v", talk)
	}
}
