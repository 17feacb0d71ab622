package dashboard

import (
	"html"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// askedShown is how many actions a hotfix's page lists, and mostWaiting how many of
// them may wait.
const (
	askedShown  = 10
	mostWaiting = 10
)

// desk is the part of a hotfix's page where people act.
type desk struct {
	Path   string // where forms are sent
	Form   string // what every form repeats
	After  string // the newest action: a form that is sent twice is one action
	Offers []offer
	Notes  []string // why something is not offered
	SignIn string   // where to sign in, for who has not
	Most   int      // characters of a reason
}

// asked is something that a person asked for on the page, and what became of it.
type asked struct {
	At     time.Time
	Person string
	What   text
	Word   string
	Tone   tone
	Lines  []text
	Reply  string // where the bot answered, on GitHub
}

// desk is what the viewer may do; nil where nobody can sign in, or where there is
// nothing to do.
func (p *Pages) desk(c *gin.Context, board hotfix.Board, status hotfix.Status, done []hotfix.Asking) (*desk, error) {
	wanted := offers(status)
	if p.config.SignIn == nil || len(wanted) == 0 {
		return nil, nil
	}
	s := viewerOf(c).session
	if s == nil {
		return &desk{SignIn: signInPath(pathOf(status.Key))}, nil
	}
	roles, err := p.roles(c.Request.Context(), s)
	if err != nil {
		return nil, err
	}
	role := max(roles[board.Repository], hotfix.Read)
	d := &desk{Path: pathOf(status.Key) + "/ask", Form: s.form(), Most: mostReason}
	if len(done) > 0 {
		d.After = done[0].ID
	}
	lacking := map[hotfix.Permission][]string{}
	for _, o := range wanted {
		if needs := needed(board, o.Word); role < needs {
			lacking[needs] = append(lacking[needs], o.Label)
			continue
		}
		d.Offers = append(d.Offers, o)
	}
	for needs := hotfix.Read; needs <= hotfix.Admin; needs++ {
		if labels := lacking[needs]; len(labels) > 0 {
			d.Notes = append(d.Notes, lacks(labels, needs, role))
		}
	}
	return d, nil
}

// lacks says why somebody is not offered something.
func lacks(labels []string, needs, role hotfix.Permission) string {
	return "For “" + strings.Join(labels, "” and “") + "” you need the role " + needs.String() + " in the repository; you have " + role.String() + "."
}

// actionsOf lists what was asked for on a hotfix's page, newest first.
func (p *Pages) actionsOf(c *gin.Context, key hotfix.Key) ([]hotfix.Asking, error) {
	if p.config.SignIn == nil {
		return nil, nil
	}
	return p.config.SignIn.Actions.Actions(c.Request.Context(), key.Repository, key.Pull, askedShown)
}

// asked tells what became of actions.
func (s site) asked(status hotfix.Status, actions []hotfix.Asking) []asked {
	var out []asked
	for _, a := range actions {
		one := asked{At: a.At, Person: a.Person, What: wish(status, *a.Asked), Word: "done", Tone: good}
		switch {
		case !a.Answered:
			one.Word, one.Tone = "waiting", wait
		case a.Refused:
			one.Word, one.Tone = "refused", bad
		case !a.Done:
			one.Word, one.Tone = "not done", act
		}
		if one.Tone != good {
			one.Lines = spoken(a.Said)
		}
		if a.Reply != 0 {
			one.Reply = s.issue(a.Issue) + "#issuecomment-" + strconv.FormatInt(a.Reply, 10)
		}
		out = append(out, one)
	}
	return out
}

// wish is a command in words.
func wish(status hotfix.Status, c hotfix.Command) text {
	where := c.Environment
	for _, b := range status.Standings {
		if b.Branch == c.Environment {
			where = b.Environment
		}
	}
	switch c.Word() {
	case deployWord:
		return plain("Tag & Deploy")
	case retryWord:
		return plain("Retry " + where)
	case skipWord:
		return plain("Skip " + where + ": “" + c.Reason + "”")
	case revertWord:
		return plain("Take back from " + where)
	case unskipWord:
		return plain("Do not skip " + where)
	case forceWord:
		return plain("Mark as solved by force: “" + c.Reason + "”")
	}
	return plain("Mark as solved")
}

// spoken is a reply of the bot's, which is Markdown, as lines of text.
func spoken(reply string) []text {
	var out []text
	for line := range strings.Lines(reply) {
		if line = strings.TrimPrefix(strings.TrimSpace(line), "- "); line != "" {
			out = append(out, prose(unmarked.Replace(html.UnescapeString(line))))
		}
	}
	return out
}

// unmarked takes away what keeps people's words from being Markdown.
var unmarked = strings.NewReplacer(
	`\\`, `\`, "\\`", "`", `\*`, `*`, `\_`, `_`, `\[`, `[`, `\]`, `]`, `\|`, `|`, `\~`, `~`, `\$`, `$`, `\-`, `-`, `\+`, `+`,
	`\.`, `.`, `\)`, `)`, `\#`, `#`, `\=`, `=`, `\:`, `:`, `\/`, `/`, "**", "", "\u2060", "",
)
