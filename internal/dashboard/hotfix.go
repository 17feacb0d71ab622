package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// story is one hotfix with everything that is known of it.
type story struct {
	row
	RepositoryPath string
	Stale          *stale
	Issue          int
	IssueURL       string
	Remarks        []text
	Way            []step
	Awaits         []await
	Problems       []notice
	Places         []place
	Reading        text // how the merge was read
	Modules        *captioned
	Desk           *desk
	Asked          []asked
	History        []entry
}

// hotfix is the page of one hotfix with its history.
func (p *Pages) hotfix(c *gin.Context) {
	mark, one, ok := p.hotfixNow(c)
	if !ok {
		return
	}
	told, err := p.story(c, one.board, one.status)
	if err != nil {
		p.broken(c, err)
		return
	}
	p.show(c, http.StatusOK, "hotfix.html", page{
		Title: "#" + strconv.Itoa(one.status.Key.Pull) + " " + told.Title, Live: liveBoards, Mark: mark.Boards, Body: told,
	})
}

// hotfixNow is the hotfix of the address, if the viewer may see it; else it has answered.
func (p *Pages) hotfixNow(c *gin.Context) (mark hotfix.Mark, one found, ok bool) {
	repository, wrong := strconv.ParseInt(c.Param("repository"), 10, 64)
	pull, alsoWrong := strconv.Atoi(c.Param("pull"))
	if wrong != nil || alsoWrong != nil {
		p.fail(c, http.StatusNotFound, "A hotfix's address is /hotfixes/, the repository's number, a slash and the pull request's number.")
		return mark, one, false
	}
	mark, boards, ok := p.boardsSeen(c)
	if !ok {
		return mark, one, false
	}
	one, ok = find(boards, hotfix.Key{Repository: hotfix.RepositoryID(repository), Pull: pull})
	if !ok {
		p.fail(c, http.StatusNotFound, "No such hotfix is known. It may belong to a repository in which the bot is not installed any more.")
	}
	return mark, one, ok
}

// find is the hotfix of that key.
func find(boards []hotfix.Board, key hotfix.Key) (found, bool) {
	for _, board := range boards {
		for _, status := range board.Hotfixes {
			if status.Key.Pull == key.Pull && board.Repository == key.Repository {
				return found{board, status}, true
			}
		}
	}
	return found{}, false
}

func (p *Pages) story(c *gin.Context, board hotfix.Board, status hotfix.Status) (story, error) {
	ctx := c.Request.Context()
	history, err := p.config.Boards.History(ctx, board.Repository, status.Key.Pull)
	if err != nil {
		return story{}, err
	}
	late, err := p.late(ctx)
	if err != nil {
		return story{}, err
	}
	actions, err := p.actionsOf(c, status.Key)
	if err != nil {
		return story{}, err
	}
	desk, err := p.desk(c, board, status, actions)
	if err != nil {
		return story{}, err
	}
	s := p.site(board)
	told := story{
		row: p.row(board, status), RepositoryPath: "/?" + url.Values{"repository": {board.Name}}.Encode(), Stale: late[board.Repository],
		Issue: status.Issue, IssueURL: s.issue(status.Issue),
		Remarks: s.remarks(status), Way: s.way(status), Awaits: s.awaits(status), Problems: notices(status.Problems),
		Places: s.places(board, status), Reading: s.reading(status.Landed), History: s.entries(history),
		Desk: desk, Asked: s.asked(status, actions),
	}
	if m := touchedBy([]hotfix.Status{status}, standingIn(status)); m != nil {
		told.Modules = &captioned{Modules: m}
	}
	return told, nil
}

// standingIn are the lower environments that a hotfix was asked about.
func standingIn(status hotfix.Status) hotfix.Pipeline {
	var out hotfix.Pipeline
	for _, b := range status.Standings {
		out = append(out, hotfix.Environment{Name: b.Environment, Branch: b.Branch})
	}
	return out
}

// reading says which commits carry the hotfix and how that was told.
func (s site) reading(l hotfix.Landing) text {
	if l.Unclear != "" {
		return prose(l.Unclear).say(" Nothing is propagated until that is clear.")
	}
	if l.Evidence == "" {
		return nil
	}
	t := plain(fullStop(l.Evidence)) // it may begin with a commit's id
	for i, pick := range l.Picks {
		switch i {
		case 0:
			t = t.say(" Picked: ")
		case 20:
			return t.say(" and " + strconv.Itoa(len(l.Picks)-i) + " more.")
		default:
			t = t.say(", ")
		}
		t = t.commit(s, pick.Commit)
	}
	return t.stop()
}

// remarks are the sentences about who opened and closed the issue against the
// usual course.
func (s site) remarks(status hotfix.Status) []text {
	var out []text
	if status.HeldOpenBy != "" {
		out = append(out, plain(status.HeldOpenBy+" reopened the issue, so it stays open until somebody closes it or says ").code("/hotfix solved").say("."))
	}
	if status.ClosedBy != "" {
		out = append(out, plain(status.ClosedBy+" closed the issue before every environment had the hotfix. It stays closed; the backports go on."))
	}
	if turn := status.Reopened; turn != nil {
		out = append(out, plain("GitHub closed the issue by itself"+closer(*turn)+". It was reopened, because the hotfix was not in every environment yet."))
	}
	if status.State == hotfix.StateForced {
		out = append(out, plain(person(status.ForcedBy)+" closed it with ").code("/hotfix solved --force").say(missing(status)+": “"+status.Forced+"”"))
	}
	return out
}

// missing is " while QA misses the hotfix", or nothing.
func missing(status hotfix.Status) string {
	names := status.Lacking()
	switch len(names) {
	case 0:
		return ""
	case 1:
		return " while " + names[0] + " misses the hotfix"
	}
	return " while " + strings.Join(names, ", ") + " miss the hotfix"
}

// closer names what GitHub closed an issue by.
func closer(turn hotfix.Turn) string {
	switch {
	case turn.CloserPull != 0:
		return " when #" + strconv.Itoa(turn.CloserPull) + " was merged"
	case turn.CloserCommit != "":
		return " because of commit " + turn.CloserCommit.Short()
	}
	return ""
}
