package forge

import (
	"context"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// The queries below are what REST has no answer for. The first 50 issues that a
// pull request closes are more than anybody links.
const (
	closingQuery = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      closingIssuesReferences(first: 50) { nodes { number repository { databaseId } } }
    }
  }
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

// Closing lists the issues of this repository that a pull request closes, in
// GitHub's order: its closing keywords and the links made by hand.
func (r *Repo) Closing(ctx context.Context, pull int) ([]int, error) {
	thing := "pull request " + numbered(pull)
	var answer struct {
		Repository struct {
			PullRequest struct {
				Closing struct {
					Nodes []*inRepository `json:"nodes"`
				} `json:"closingIssuesReferences"`
			} `json:"pullRequest"`
		} `json:"repository"`
	}
	about := act{doing: "reading what " + thing + " closes", thing: thing, needs: needsPulls + ": read"}
	if err := r.query(ctx, about, closingQuery, pull, &answer); err != nil {
		return nil, err
	}
	var issues []int
	for _, issue := range answer.Repository.PullRequest.Closing.Nodes {
		if issue != nil && issue.Repository.ID == int64(r.about.ID) {
			issues = append(issues, issue.Number)
		}
	}
	return issues, nil
}

// turn is a ClosedEvent or a ReopenedEvent. A linked object that the App may not
// see is null.
type turn struct {
	Type      string    `json:"__typename"`
	CreatedAt time.Time `json:"createdAt"`
	Actor     struct {
		Type  string `json:"__typename"`
		Login string `json:"login"`
		ID    int64  `json:"databaseId"` // only of a Bot
	} `json:"actor"`
	Closer struct {
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

// turn translates an event. GraphQL's login of a bot lacks the "[bot]" that REST
// writes. A closer in another repository is left out: its number would be
// mistaken for one of this repository.
func (r *Repo) turn(t turn) hotfix.Turn {
	made := hotfix.Turn{At: t.CreatedAt, Closed: t.Type == "ClosedEvent", By: t.Actor.Login}
	if t.Actor.Type == "Bot" {
		made.By += "[bot]"
		made.ByBot = t.Actor.ID == r.bot.UserID
	}
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
