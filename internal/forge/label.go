package forge

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/go-github/v60/github"
)

// looks are the colour and the description of the labels that the bot makes; any
// other name gets plain ones.
var looks = map[string]github.Label{
	"hotfix":   {Color: github.String("d73a4a"), Description: github.String("Shipped to production; must reach every environment")},
	"backport": {Color: github.String("0e8a16"), Description: github.String("Carries a hotfix to another environment")},
}

// AddLabels adds labels to an issue or pull request; those that the repository
// lacks are made.
func (r *Repo) AddLabels(ctx context.Context, number int, labels ...string) error {
	if len(labels) == 0 {
		return nil
	}
	if err := r.MakeLabels(ctx, labels...); err != nil {
		return err
	}
	labelling := writing("labelling "+numbered(number), numbered(number), needsIssues)
	// go-github sends a bare array, which GitHub's description does not have.
	url := fmt.Sprintf("repos/%s/%s/issues/%d/labels", r.about.Owner, r.about.Name, number)
	req, err := r.client.NewRequest(http.MethodPost, url, map[string][]string{"labels": labels})
	if err != nil {
		return labelling.fate(err)
	}
	_, err = r.client.Do(ctx, req, nil)
	return labelling.fate(err)
}

// MakeLabels makes those labels that the repository lacks.
func (r *Repo) MakeLabels(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := r.makeLabel(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// makeLabel makes a label unless it is there. GitHub would make it by itself, in
// grey, when it is added; a label that a person made is left as it is.
func (r *Repo) makeLabel(ctx context.Context, name string) error {
	there, err := r.exists(ctx, reading("the label "+name, needsIssues), "labels/"+url.PathEscape(name))
	if err != nil || there {
		return err
	}
	label := looks[name]
	if label.Color == nil {
		label.Color = github.String("ededed")
	}
	label.Name = &name
	_, _, err = r.client.Issues.CreateLabel(ctx, r.about.Owner, r.about.Name, &label)
	if taken(err) { // made by somebody else just now, or not shown yet
		return nil
	}
	if unprocessable(err) { // a name that GitHub does not want
		again, readErr := r.exists(ctx, reading("the label "+name, needsIssues), "labels/"+url.PathEscape(name))
		if readErr != nil || again {
			return readErr
		}
	}
	return writing("making the label "+name, r.about.FullName(), needsIssues).fate(err)
}
