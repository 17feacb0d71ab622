package forge

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// The queries below are what REST has no answer for. The first 50 issues that a
// pull request closes are more than anybody links.
const (
	linksOfPulls = `query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {%s
  }
}`
	linksOfPull = `
    pull%[1]d: pullRequest(number: %[1]d) {
      mergedBy { __typename login }
      closingIssuesReferences(first: 50) { nodes { number repository { databaseId } } }
    }`

	turnsQuery = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      timelineItems(last: 100, itemTypes: [CLOSED_EVENT, REOPENED_EVENT]) {
        nodes {
          __typename
          ... on ClosedEvent {
            createdAt
            actor { __typename login ... on Bot { databaseId } }
            closer {
              __typename
              ... on PullRequest { number repository { databaseId } }
              ... on Commit { oid }
            }
          }
          ... on ReopenedEvent {
            createdAt
            actor { __typename login ... on Bot { databaseId } }
          }
        }
      }
    }
  }
}`
)

// inRepository is the part of a linked object that says where it is.
type inRepository struct {
	Number     int `json:"number"`
	Repository struct {
		ID int64 `json:"databaseId"`
	} `json:"repository"`
}

// pullLinks is a pull request as linksOfPull asks for it.
type pullLinks struct {
	MergedBy actor `json:"mergedBy"`
	Closing  struct {
		Nodes []*inRepository `json:"nodes"`
	} `json:"closingIssuesReferences"`
}

// Links are what pull requests are linked to, by their numbers: the issues of this
// repository that each closes, by keyword or by hand, and who merged it. They are one
// request.
func (r *Repo) Links(ctx context.Context, pulls ...int) (map[int]hotfix.Links, error) {
	var things []string
	var fields strings.Builder
	for _, pull := range pulls {
		things = append(things, numbered(pull))
		fmt.Fprintf(&fields, linksOfPull, pull)
	}
	var answer struct {
		Repository map[string]pullLinks `json:"repository"`
	}
	thing := "pull request " + strings.Join(things, ", ")
	about := act{doing: "reading what " + thing + " closes", thing: thing, needs: needsPulls + ": read"}
	variables := map[string]any{"owner": r.about.Owner, "name": r.about.Name}
	linksQuery := fmt.Sprintf(linksOfPulls, fields.String())
	if err := r.ask(ctx, about, linksQuery, variables, &answer); err != nil {
		return nil, err
	}
	all := map[int]hotfix.Links{}
	for _, pull := range pulls {
		all[pull] = r.linksOf(answer.Repository[fmt.Sprintf("pull%d", pull)])
	}
	return all, nil
}

func (r *Repo) linksOf(p pullLinks) hotfix.Links {
	links := hotfix.Links{MergedBy: p.MergedBy.login()}
	for _, issue := range p.Closing.Nodes {
		if issue != nil && issue.Repository.ID == int64(r.about.ID) {
			links.Closes = append(links.Closes, issue.Number)
		}
	}
	return links
}

// actor is an account in GraphQL.
type actor struct {
	Type  string `json:"__typename"`
	Login string `json:"login"`
	ID    int64  `json:"databaseId"` // only of a Bot
}

// login is the account's name as REST has it: GraphQL's of a bot lacks the "[bot]".
func (a actor) login() string {
	if a.Type == "Bot" {
		return a.Login + "[bot]"
	}
	return a.Login
}

// turn is a ClosedEvent or a ReopenedEvent. A linked object that the App may not
// see is null.
type turn struct {
	Type      string    `json:"__typename"`
	CreatedAt time.Time `json:"createdAt"`
	Actor     actor     `json:"actor"`
	Closer    struct {
		Type string `json:"__typename"`
		OID  string `json:"oid"`
		inRepository
	} `json:"closer"`
}

// turns are an issue's closings and reopenings, oldest first, the last 100.
func (r *Repo) turns(ctx context.Context, number int) ([]hotfix.Turn, error) {
	var answer struct {
		Repository struct {
			Issue struct {
				Timeline struct {
					Nodes []*turn `json:"nodes"`
				} `json:"timelineItems"`
			} `json:"issue"`
		} `json:"repository"`
	}
	about := act{doing: "reading who closed " + numbered(number), thing: numbered(number), needs: needsIssues + ": read"}
	if err := r.query(ctx, about, turnsQuery, number, &answer); err != nil {
		return nil, err
	}
	var turns []hotfix.Turn
	for _, t := range answer.Repository.Issue.Timeline.Nodes {
		if t != nil {
			turns = append(turns, r.turn(*t))
		}
	}
	return turns, nil
}

// turn translates an event. A closer in another repository is left out: its number would be
// mistaken for one of this repository.
func (r *Repo) turn(t turn) hotfix.Turn {
	made := hotfix.Turn{At: t.CreatedAt, Closed: t.Type == "ClosedEvent", By: t.Actor.login()}
	made.ByBot = t.Actor.Type == "Bot" && t.Actor.ID == r.bot.UserID
	switch t.Closer.Type {
	case "PullRequest":
		if t.Closer.Repository.ID == int64(r.about.ID) {
			made.CloserPull = t.Closer.Number
		}
	case "Commit":
		made.CloserCommit = hotfix.OID(t.Closer.OID)
	}
	return made
}
