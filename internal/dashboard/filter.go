package dashboard

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// option is a choice in a form.
type option struct {
	Value, Name string
	Chosen      bool
}

// choose marks the chosen one of options; without one it is the first.
func choose(options []option, value string) []option {
	options = slices.Clone(options)
	i := max(slices.IndexFunc(options, func(o option) bool { return o.Value == value }), 0)
	options[i].Chosen = true
	return options
}

var states = []option{
	{Value: "", Name: "any"}, {Value: "flight", Name: "in flight"}, {Value: "open", Name: "open"}, {Value: "ready", Name: "to be confirmed"},
	{Value: "solved", Name: "solved"}, {Value: "forced", Name: "closed by force"}, {Value: "reverted", Name: "reverted"},
}

var ages = []option{
	{Value: "", Name: "at any time"}, {Value: "1d", Name: "within a day"}, {Value: "7d", Name: "within 7 days"}, {Value: "30d", Name: "within 30 days"},
	{Value: "over-3d", Name: "more than 3 days ago"}, {Value: "over-30d", Name: "more than 30 days ago"},
}

// none says of a value that is none of the options which there are; else it is empty.
func none(what, value string, options []option) string {
	var known []string
	for _, o := range options {
		if o.Value == value {
			return ""
		}
		if o.Value != "" {
			known = append(known, o.Value)
		}
	}
	return "There is no " + what + " “" + clip(value) + "”. It is one of: " + strings.Join(known, ", ") + "."
}

// filter is which hotfixes are asked for.
type filter struct{ Repository, State, Age string }

func filterOf(c *gin.Context) filter {
	return filter{strings.TrimSpace(c.Query("repository")), c.Query("state"), c.Query("age")}
}

// problem says what there is no such thing of; else it is empty.
func (f filter) problem() string {
	return cmp.Or(none("state", f.State, states), none("age", f.Age, ages))
}

func (f filter) takes(status hotfix.Status, now time.Time) bool {
	return f.takesState(status) && f.takesAge(now.Sub(status.MergedAt))
}

func (f filter) takesState(status hotfix.Status) bool {
	if f.State == "flight" {
		return !over(status)
	}
	return f.State == "" || string(status.State) == f.State
}

func (f filter) takesAge(age time.Duration) bool {
	limit, over := strings.CutPrefix(f.Age, "over-")
	days, err := strconv.Atoi(strings.TrimSuffix(limit, "d"))
	if err != nil {
		return true
	}
	return (age > time.Duration(days)*24*time.Hour) == over
}

// named are the boards of a repository, or of all that have a word in their name.
func named(boards []hotfix.Board, word string) []hotfix.Board {
	word = strings.ToLower(strings.TrimSpace(word))
	var out []hotfix.Board
	for _, board := range boards {
		name := strings.ToLower(board.Name)
		if word != "" && name == word {
			return []hotfix.Board{board}
		}
		if strings.Contains(name, word) {
			out = append(out, board)
		}
	}
	return out
}

// pager leads to the pages before and after; both are empty where there is one.
type pager struct {
	Before, After string
	Says          string // "21 to 40 of 312 repositories"
}

// cut tells which part of n things stands on the page that is asked for.
func (p *pager) cut(c *gin.Context, n, size int, things string) (from, to int) {
	number, err := strconv.Atoi(c.Query("page"))
	if err != nil || number < 1 || (number-1)*size >= n {
		number = 1
	}
	from, to = (number-1)*size, min(number*size, n)
	at := func(number int) string {
		query := c.Request.URL.Query()
		query.Set("page", strconv.Itoa(number))
		return (&url.URL{Path: c.Request.URL.Path, RawQuery: query.Encode()}).String()
	}
	if number > 1 {
		p.Before = at(number - 1)
	}
	if to < n {
		p.After = at(number + 1)
	}
	p.Says = fmt.Sprintf("%d to %d of %d %s", from+1, to, n, things)
	return from, to
}
