package bot

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// wantsStart reports whether a request holds a command that needs no hotfix.
func wantsStart(request hotfix.Request) bool { return asks(request, hotfix.VerbStart) }

// start makes the hotfix branch of an issue where Production runs, and tells how to
// check it out (P3).
func start(s *hotfix.Snapshot, request hotfix.Request, c hotfix.Command) outcome {
	if request.On == nil || request.On.IsPull {
		return no(c, render.SaidStartOnIssue())
	}
	landing, _ := s.Config.Environments.Landing()
	production := s.Environments[0]
	at := production.Tip
	if tag, ok := s.Tags[production.First().Tag]; ok {
		at = tag.Commit
	}
	if at == "" {
		return no(c, render.SaidProblem(render.MissingBranch(production.Environment)))
	}
	title := request.On.Title
	if len(c.Args) > 0 {
		title = strings.Join(c.Args, " ")
	}
	action := hotfix.StartBranch{Issue: request.On.Number, Branch: naming.Start(s.Config.Hotfix.Branches, request.On.Number, title), Commit: at}
	if problem, refused := s.Refused[action.Key()]; refused {
		return no(c, render.SaidProblem(problem))
	}
	tip, exists := s.Branches[action.Branch]
	if !exists {
		return outcome{first: []hotfix.Action{action}}
	}
	label := hotfix.AddLabel{Number: request.On.Number, Label: s.Config.Hotfix.Label}
	if _, refused := s.Refused[label.Key()]; !refused && !request.On.HasLabel(label.Label) {
		return outcome{first: []hotfix.Action{label}} // by it the branch's name means this issue
	}
	o := yes(c, render.SaidStarted(action.Branch))
	o.body = render.StartedReply(action.Branch, production, landing)
	if tip != at { // somebody works there
		o = yes(c, render.SaidStartedEarlier(action.Branch))
		o.body = render.StartedEarlierReply(action.Branch, tip, landing)
	}
	return o
}
