package bot

import (
	"maps"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// answer takes the oldest open request: 👀 first, then what it asks for, then the
// reply. Nothing is asked for while one is under way, so requests are carried out
// in the order in which they were said.
func answer(s *hotfix.Snapshot) []hotfix.Action {
	if len(s.Requests) == 0 {
		return nil
	}
	request := s.Requests[0]
	if !allowed(s, request) && request.Press != "" {
		return []hotfix.Action{hotfix.IgnorePress{ID: request.Press, Why: render.SaidNotAllowed(request.Comment.Author, request.Allowed, needed(s, request))}}
	}
	if !allowed(s, request) {
		return []hotfix.Action{hotfix.React{Comment: request.Comment.ID, Content: ReactionRefused}}
	}
	if !request.Seen && request.Press == "" {
		return []hotfix.Action{hotfix.React{Comment: request.Comment.ID, Content: ReactionSeen}}
	}
	actions, reply := carryOut(s, request)
	if len(actions) > 0 {
		return actions
	}
	return []hotfix.Action{reply}
}

// allowed reports whether the person may do all that the request asks for.
func allowed(s *hotfix.Snapshot, request hotfix.Request) bool {
	return request.Allowed >= needed(s, request)
}

// needed is the role that all of the request asks for.
func needed(s *hotfix.Snapshot, request hotfix.Request) hotfix.Permission {
	role := hotfix.NoPermission
	for _, c := range request.Commands {
		role = max(role, command.Needs(c, s.Config.Permissions))
	}
	return role
}

// carryOut does the commands of a request one after the other, each seeing what
// those before it changed. It returns what has to be done first, or the reply.
func carryOut(s *hotfix.Snapshot, request hotfix.Request) ([]hotfix.Action, hotfix.Reply) {
	given := hotfix.Answer{
		To: request.Comment.ID, Press: request.Press, Issue: answeredOn(s, request),
		By: request.Comment.Author, At: request.Comment.CreatedAt,
	}
	texts := pressed(request)
	for _, c := range request.Commands {
		seen := *s
		seen.Answers = withAnswer(s.Answers, given)
		outcome := carryOutOne(&seen, request, c)
		if len(outcome.first) > 0 {
			return outcome.first, hotfix.Reply{}
		}
		given.Granted = append(given.Granted, outcome.granted)
		texts = append(texts, outcome.text())
	}
	return nil, hotfix.Reply{Answer: given, Body: render.Reply(given, joinTexts(texts))}
}

// answeredOn is where the reply stands: below the comment, or, for a press, on the
// hotfix's issue.
func answeredOn(s *hotfix.Snapshot, request hotfix.Request) int {
	if h := s.Find(request.Comment.Issue); h != nil && h.Issue != nil && request.Press != "" {
		return h.Issue.Number
	}
	return request.Comment.Issue
}

// pressed names the button that a reply answers, where no comment does.
func pressed(request hotfix.Request) []string {
	if request.Press == "" {
		return []string{}
	}
	return []string{render.Pressed(request.Comment.Author, request.Commands)}
}

// outcome is what one command came to: something to do first, or an answer.
type outcome struct {
	first   []hotfix.Action
	granted hotfix.Granted
	body    string // for people, where it is more than Granted.Said
}

func (o outcome) text() string {
	if o.body != "" {
		return o.body
	}
	return o.granted.Said
}

func carryOutOne(s *hotfix.Snapshot, request hotfix.Request, c hotfix.Command) outcome {
	if c.Problem != "" {
		return no(c, render.SaidUsage(c.Problem))
	}
	if c.Verb == hotfix.VerbHelp {
		return outcome{granted: hotfix.Granted{Command: c, Done: true}, body: command.Help(s.Config.Permissions)}
	}
	if c.Verb == hotfix.VerbDoctor {
		return outcome{granted: hotfix.Granted{Command: c, Done: true}, body: render.Doctor(s.Findings)}
	}
	if c.Verb == hotfix.VerbStart {
		return start(s, request, c)
	}
	hotfixes := hotfixesAt(s, request.Comment.Issue)
	if open := openAt(s, request.Comment.Issue); len(hotfixes) == 0 && open != nil && c.Verb == hotfix.VerbStatus {
		return outcome{granted: hotfix.Granted{Command: c, Done: true}, body: render.ForecastReply(open.Pull, open.Forecasts)}
	}
	if len(hotfixes) == 0 {
		return no(c, render.SaidNotMerged())
	}
	if c.Pull != 0 {
		hotfixes = slices.DeleteFunc(hotfixes, func(h *hotfix.Hotfix) bool { return h.Pull.Number != c.Pull })
		if len(hotfixes) == 0 {
			return no(c, render.SaidNoHotfix())
		}
	}
	if c.Verb == hotfix.VerbPick && len(hotfixes) > 1 {
		return no(c, render.SaidSeveral(numbersOf(hotfixes)))
	}
	return applyAll(s, request, c, hotfixes)
}

// openAt is the open hotfix pull request of a number, or nil.
func openAt(s *hotfix.Snapshot, number int) *hotfix.OpenHotfix {
	for i := range s.Open {
		if s.Open[i].Pull.Number == number {
			return &s.Open[i]
		}
	}
	return nil
}

func numbersOf(hotfixes []*hotfix.Hotfix) []int {
	list := make([]int, len(hotfixes))
	for i, h := range hotfixes {
		list[i] = h.Pull.Number
	}
	return list
}

// applyAll applies a command to each hotfix that it is about and joins what came
// of it.
func applyAll(s *hotfix.Snapshot, request hotfix.Request, c hotfix.Command, hotfixes []*hotfix.Hotfix) outcome {
	joined := outcome{granted: hotfix.Granted{Command: c}}
	var texts, said []string
	var without map[int][]string
	for _, h := range hotfixes {
		o := apply(s, h, request, c)
		if len(o.first) > 0 {
			return o
		}
		if o.granted.Done {
			joined.granted.Done = true
			joined.granted.Command, joined.granted.Chosen = o.granted.Command, o.granted.Chosen
			joined.granted.Hotfixes = append(joined.granted.Hotfixes, h.Pull.Number)
			without = joinWithout(without, o.granted.Without)
		}
		texts, said = append(texts, render.About(h.Pull.Number, len(hotfixes), o.text())), append(said, o.granted.Said)
	}
	joined.granted.Without = without
	joined.granted.Said, joined.body = joinTexts(said), joinTexts(texts)
	return joined
}

// joinWithout adds what one hotfix lacked to what the others did.
func joinWithout(all, one map[int][]string) map[int][]string {
	if all == nil {
		return one
	}
	maps.Copy(all, one)
	return all
}

func joinTexts(texts []string) string {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
	joined := ""
	for i, t := range texts {
		if i > 0 {
			joined += "\n\n"
		}
		joined += t
	}
	return joined
}

func yes(c hotfix.Command, said string) outcome {
	return outcome{granted: hotfix.Granted{Command: c, Done: true, Said: said}}
}

func no(c hotfix.Command, said string) outcome {
	return outcome{granted: hotfix.Granted{Command: c, Said: said}}
}
