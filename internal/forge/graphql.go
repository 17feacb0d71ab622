package forge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// graphqlAnswer is what GraphQL answers, with status 200 even when it refuses.
type graphqlAnswer struct {
	Data   json.RawMessage `json:"data"`
	Errors []graphqlError  `json:"errors"`
}

type graphqlError struct {
	Type    string `json:"type"` // "NOT_FOUND", "FORBIDDEN", "UNPROCESSABLE", "RATE_LIMITED", …; empty for trouble on GitHub's side
	Message string `json:"message"`
	Path    []any  `json:"path"`
}

// query asks GraphQL for one object below repository: every query takes $owner,
// $name and $number.
func (r *Repo) query(ctx context.Context, a act, query string, number int, into any) error {
	return r.ask(ctx, a, query, map[string]any{"owner": r.about.Owner, "name": r.about.Name, "number": number}, into)
}

// ask sends a query or a mutation to GraphQL.
func (r *Repo) ask(ctx context.Context, a act, query string, variables map[string]any, into any) error {
	body := map[string]any{"query": query, "variables": variables}
	ctx = context.WithValue(ctx, within{}, nameInLine(r.about.Owner, r.about.Name))
	if strings.HasPrefix(query, "query") {
		ctx = context.WithValue(ctx, asking{}, true)
	}
	req, err := r.client.NewRequest(http.MethodPost, r.app.graphql, body)
	if err != nil {
		return a.fate(err)
	}
	var answer graphqlAnswer
	resp, err := r.client.Do(ctx, req, &answer)
	if err != nil {
		return a.fate(err)
	}
	for _, e := range answer.Errors {
		if err := r.graphqlFate(a, e, resp.Header); err != nil {
			return err
		}
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		return fmt.Errorf("%s: reading GraphQL's answer: %w", a.doing, err)
	}
	return nil
}

// graphqlFate is the fate that one error of an answer means, or nil when the
// answer can be used without what it is about.
func (r *Repo) graphqlFate(a act, e graphqlError, header http.Header) error {
	// Deeper than repository.issue, or a mutation's object, lies what is linked to it, maybe in a repository
	// that the App may not see.
	linked := len(e.Path) > 2
	switch {
	case e.Type == "RATE_LIMITED":
		return r.graphqlLater(header)
	case linked && (e.Type == "NOT_FOUND" || e.Type == "FORBIDDEN"):
		return nil
	case e.Type == "NOT_FOUND":
		return &hotfix.Gone{What: a.thing}
	case e.Type == "FORBIDDEN" || e.Type == "INSUFFICIENT_SCOPES":
		return &hotfix.Refusal{What: a.doing + " was refused by GitHub: " + clip(e.Message), Remedy: a.remedy(header), Topic: hotfix.TopicMissingPermission, Reason: clip(e.Message)}
	case e.Type == "UNPROCESSABLE": // a mutation that GitHub will not make as things are
		return &hotfix.Refusal{What: a.doing + " was refused by GitHub: " + clip(e.Message), Topic: hotfix.TopicRefused, Reason: clip(e.Message)}
	}
	return fmt.Errorf("%s: GraphQL answered %q: %s", a.doing, e.Type, clip(e.Message))
}

func (r *Repo) graphqlLater(header http.Header) error {
	now := r.app.now()
	at, told := waitUntil(header, now)
	if !told {
		at = now.Add(backOff)
	}
	return &hotfix.Later{At: at, Why: "GitHub's rate limit for GraphQL is used up"}
}
