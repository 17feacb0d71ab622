package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// story is one hotfix with everything that is known of it.
type story struct {
	row
	Repository, RepositoryURL string
	Anchor                    hotfix.RepositoryID
	Issue                     int
	IssueURL                  string
	Remarks                   []text
	Steps                     []step
	Problems                  []notice
	History                   []line
}

// line is one line of the history.
type line struct {
	At       time.Time
	Where    string // an environment; empty for the whole hotfix
	From, To string
	Tone     tone
}

// hotfix is the page of one hotfix with its history.
func (p *Pages) hotfix(c *gin.Context) {
	repository, wrong := strconv.ParseInt(c.Param("repository"), 10, 64)
	pull, alsoWrong := strconv.Atoi(c.Param("pull"))
	if wrong != nil || alsoWrong != nil {
		p.fail(c, http.StatusNotFound, "A hotfix's address is /hotfixes/, the repository's number, a slash and the pull request's number.")
		return
	}
	board, ok, err := p.config.Boards.Board(c.Request.Context(), hotfix.RepositoryID(repository))
	if err != nil {
		p.broken(c, err)
		return
	}
	i := slices.IndexFunc(board.Hotfixes, func(s hotfix.Status) bool { return s.Key.Pull == pull })
	if !ok || i < 0 {
		p.fail(c, http.StatusNotFound, "No such hotfix is known. It may belong to a repository in which the bot is not installed any more.")
		return
	}
	history, err := p.config.Boards.History(c.Request.Context(), board.Repository, pull)
	if err != nil {
		p.broken(c, err)
		return
	}
	told := p.story(board, board.Hotfixes[i], history)
	p.show(c, http.StatusOK, "hotfix.html", page{Title: "#" + strconv.Itoa(pull) + " " + told.Title, Body: told})
}

func (p *Pages) story(board hotfix.Board, status hotfix.Status, history []hotfix.Event) story {
	s := p.site(board.Name)
	told := story{
		row: s.row(status, nil), Repository: board.Name, RepositoryURL: s.root, Anchor: board.Repository,
		Issue: status.Issue, IssueURL: s.issue(status.Issue),
		Remarks: s.remarks(status), Steps: s.steps(status), Problems: notices(status.Problems),
	}
	for _, event := range history {
		told.History = append(told.History, lineOf(event))
	}
	return told
}

func lineOf(e hotfix.Event) line {
	l := line{At: e.At.UTC(), Where: e.Environment, From: e.From, To: e.To, Tone: toneOf(hotfix.Verdict(e.To))}
	if e.Environment == "" {
		l.Tone = toneOfState(hotfix.State(e.To))
	}
	return l
}
