package forge

import (
	"context"
	"fmt"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Reports names what anybody has reported on a commit: check runs, with the App that
// made them, and statuses, which name no App.
func (r *Repo) Reports(ctx context.Context, commit hotfix.OID) ([]hotfix.RequiredCheck, error) {
	about := act{doing: "reading the checks of " + commit.Short(), thing: "commit " + commit.Short(), needs: needsChecks + ": read and Commit statuses: read"}
	runs, err := pages(func(page github.ListOptions) ([]*github.CheckRun, *github.Response, error) {
		found, resp, err := r.client.Checks.ListCheckRunsForRef(ctx, r.about.Owner, r.about.Name, string(commit),
			&github.ListCheckRunsOptions{Filter: github.String("latest"), ListOptions: page})
		if err != nil {
			return nil, resp, err
		}
		return found.CheckRuns, resp, nil
	})
	if err != nil {
		return nil, about.fate(err)
	}
	var reports []hotfix.RequiredCheck
	for _, run := range runs {
		reports = append(reports, hotfix.RequiredCheck{Name: run.GetName(), App: run.GetApp().GetID()})
	}
	var combined struct {
		Statuses []struct {
			Context string `json:"context"`
		} `json:"statuses"`
	}
	// The first hundred are more than anybody has.
	if _, err := r.get(ctx, &combined, "commits/%s/status?per_page=%d", commit, perPage); err != nil {
		return nil, about.fate(fmt.Errorf("statuses: %w", err))
	}
	for _, status := range combined.Statuses {
		reports = append(reports, hotfix.RequiredCheck{Name: status.Context})
	}
	return reports, nil
}
