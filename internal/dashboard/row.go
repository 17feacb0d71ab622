package dashboard

import (
	"cmp"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// row is a hotfix in a table.
type row struct {
	Number     int
	Title, URL string
	Path       string // of its own page
	Repository string
	Author     string
	MergedAt   time.Time
	Age        string
	Releases   []release
	Places     []spot // the environments besides the landing one, in the hotfix's order
	State      hotfix.State
	Tone       tone
}

// release is a tag that contains a hotfix, and where it is shown.
type release struct{ Tag, URL string }

// spot is how a hotfix stands in one environment, in one word.
type spot struct {
	Environment string
	Word        string
	Tone        tone
}

func (p *Pages) row(board hotfix.Board, status hotfix.Status) row {
	s := p.site(board)
	r := row{
		Number: status.Key.Pull, Title: status.Title, URL: status.URL, Path: pathOf(status.Key),
		Repository: board.Name, Author: status.Author, MergedAt: status.MergedAt.UTC(),
		Releases: s.releases(status), State: status.State, Tone: toneOfState(status.State),
	}
	if r.URL == "" {
		r.URL = s.pull(r.Number)
	}
	if !r.MergedAt.IsZero() {
		r.Age = age(p.config.Now().Sub(r.MergedAt))
	}
	for _, stage := range status.Stages {
		if stage.Environment != status.Landing {
			r.Places = append(r.Places, spot{stage.Environment, string(stage.State), toneOfStage(stage.State)})
		}
	}
	for _, standing := range status.Standings {
		r.Places = append(r.Places, spot{standing.Environment, string(standing.Verdict), toneOf(standing.Verdict)})
	}
	return r
}

// releases are a hotfix's tags, each with where it is shown: its release, else the
// tag itself.
func (s site) releases(status hotfix.Status) []release {
	var out []release
	for _, v := range status.Versions {
		if v.Tag != "" {
			out = append(out, release{v.Tag, cmp.Or(v.Release, s.tag(v.Tag))})
		}
	}
	return out
}

// age is a length of time as people say it.
func age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute")
	case d < 2*day:
		return plural(int(d/time.Hour), "hour")
	case d < 60*day:
		return plural(int(d/day), "day")
	}
	return plural(int(d/(30*day)), "month")
}
