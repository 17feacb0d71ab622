package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// talk is the comments of a repository by what they are.
type talk struct {
	status   map[int]statusComment // hotfix pull request → its status comment
	answers  []hotfix.Answer
	reminded map[int]int      // backport pull request → the last stage
	requests []hotfix.Request // that no reply of the bot names
	late     []hotfix.Answer  // to presses that are not known to be answered
}

type statusComment struct {
	comment hotfix.Comment
	marker  hotfix.StatusMarker
}

// sortTalk tells the bot's own texts by their markers, which are believed only
// there, and people's commands.
func sortTalk(comments []hotfix.Comment, presses []hotfix.Intent) talk {
	t := talk{status: map[int]statusComment{}, reminded: map[int]int{}}
	answered, done := map[int64]bool{}, map[string]hotfix.Answer{}
	for _, c := range comments {
		if !c.ByBot {
			continue
		}
		var status hotfix.StatusMarker
		if naming.FindMarker(c.Body, naming.KindStatus, &status) {
			if _, twice := t.status[status.Pull]; !twice {
				t.status[status.Pull] = statusComment{comment: c, marker: status}
			}
		}
		var reminder hotfix.ReminderMarker
		if naming.FindMarker(c.Body, naming.KindReminder, &reminder) && reminder.Pull == c.Issue {
			t.reminded[c.Issue] = max(t.reminded[c.Issue], reminder.Stage)
		}
		// A reply that was edited was not edited by the bot, which never does: it is not
		// believed, and the request is answered again.
		var answer hotfix.Answer
		if !c.Edited && naming.FindMarker(c.Body, naming.KindReply, &answer) {
			answer.Reply = c.ID
			answered[answer.To], done[answer.Press] = true, answer
			t.answers = append(t.answers, answer)
		}
	}
	slices.SortStableFunc(t.answers, func(a, b hotfix.Answer) int { return a.At.Compare(b.At) })
	for _, c := range comments {
		if c.ByBot || c.Machine || c.Edited || answered[c.ID] {
			continue
		}
		if commands := command.Parse(c.Body); len(commands) > 0 {
			t.requests = append(t.requests, hotfix.Request{Comment: c, Commands: commands})
		}
	}
	for _, press := range presses {
		answer, replied := done[press.ID]
		if request, ok := readPress(press); ok && !replied {
			t.requests = append(t.requests, request)
		} else if replied {
			t.late = append(t.late, answer)
		}
	}
	slices.SortStableFunc(t.requests, func(a, b hotfix.Request) int { return a.Comment.CreatedAt.Compare(b.Comment.CreatedAt) })
	return t
}

// readPress is the request that a button press or an action on the page means: the
// command of the same name.
func readPress(press hotfix.Intent) (hotfix.Request, bool) {
	if press.Asked != nil {
		return readAction(press)
	}
	kind, pull, _, ok := naming.ParseCheckID(press.Object)
	commands := command.Parse("/hotfix " + press.Command)
	if !ok || kind != hotfixCheckKind || len(commands) != 1 || !isButton(commands[0]) {
		return hotfix.Request{}, false
	}
	commands[0].Pull = pull
	return hotfix.Request{
		Press: press.ID, Commands: commands,
		Comment: hotfix.Comment{Author: press.Person, Issue: pull, CreatedAt: press.At},
	}, true
}

// readAction is the request that an action on the page means. What the page offers
// is no more than what a button or a command is.
func readAction(action hotfix.Intent) (hotfix.Request, bool) {
	c := *action.Asked
	if action.Pull <= 0 || !isButton(c) && !isForm(c) {
		return hotfix.Request{}, false
	}
	c.Pull = action.Pull
	return hotfix.Request{
		Press: action.ID, Commands: []hotfix.Command{c},
		Comment: hotfix.Comment{Author: action.Person, Issue: action.Pull, CreatedAt: action.At},
	}, true
}

// isForm reports whether a command is one that a form on the page stands for.
func isForm(c hotfix.Command) bool {
	switch {
	case c.Problem != "":
		return false
	case c.Verb == hotfix.VerbSkip:
		return c.Environment != "" && c.Reason != "" && !c.Force
	case c.Verb == hotfix.VerbUnskip, c.Verb == hotfix.VerbRevert:
		return c.Environment != "" && !c.Force
	}
	return c.Verb == hotfix.VerbSolved && c.Force && c.Reason != ""
}

// asked reports whether a person asked something at one of the places.
func (t talk) asked(places []int) bool {
	return slices.ContainsFunc(t.requests, func(r hotfix.Request) bool {
		return slices.Contains(places, r.Comment.Issue)
	})
}

// observeRequests looks closer at the requests that concern a hotfix: whether
// the bot refused them already, and what the person may do now.
func (r *run) observeRequests(ctx context.Context, lists seen) error {
	for _, request := range lists.talk.requests {
		if len(hotfixesAt(r.snap, request.Comment.Issue)) == 0 && openAt(r.snap, request.Comment.Issue) == nil && !wantsStart(request) && !wantsDoctor(request) {
			continue
		}
		if len(r.snap.ConfigProblems) > 0 && !wantsDoctorOnly(request) {
			continue
		}
		refused, err := r.reactions(ctx, &request)
		if err != nil {
			return err
		}
		if refused {
			continue
		}
		r.busy = true // what people may do is in no list
		if request.Allowed, err = r.Permission(ctx, request.Comment.Author); err != nil {
			return fmt.Errorf("ask what %s may do: %w", request.Comment.Author, err)
		}
		if wantsStart(request) || wantsDoctor(request) {
			issue, err := r.Issue(ctx, request.Comment.Issue)
			if err != nil && !isGone(err) {
				return fmt.Errorf("read issue #%d: %w", request.Comment.Issue, err)
			}
			request.On = &issue
		}
		onIssue := request.On != nil && !request.On.IsPull
		if len(hotfixesAt(r.snap, request.Comment.Issue)) == 0 && request.Allowed < hotfix.Triage && !onIssue {
			continue // a stranger's pull request makes no noise before it is merged
		}
		r.snap.Requests = append(r.snap.Requests, request)
		if openAt(r.snap, request.Comment.Issue) != nil && asks(request, hotfix.VerbStatus) { // answered by the forecast
			if err := r.observeForecasts(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// asks reports whether a request holds a command.
func asks(request hotfix.Request, verb hotfix.Verb) bool {
	return slices.ContainsFunc(request.Commands, func(c hotfix.Command) bool { return c.Verb == verb })
}

// reactions reads the bot's reactions on a request, where there can be any.
func (r *run) reactions(ctx context.Context, request *hotfix.Request) (refused bool, err error) {
	if request.Press != "" || request.Comment.Confused+request.Comment.Eyes == 0 {
		return false, nil
	}
	contents, err := r.Reactions(ctx, request.Comment.ID)
	if err != nil {
		return false, fmt.Errorf("read reactions: %w", err)
	}
	request.Seen = slices.Contains(contents, ReactionSeen)
	return slices.Contains(contents, ReactionRefused), nil
}
