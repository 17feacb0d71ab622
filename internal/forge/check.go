package forge

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	needsChecks = "Checks"
	// mostAnnotations is what GitHub takes in one request.
	mostAnnotations = 50
)

// CheckRuns lists the App's own latest check runs on a commit, with their
// annotations. GitHub does not tell their buttons.
func (r *Repo) CheckRuns(ctx context.Context, commit hotfix.OID) ([]hotfix.CheckRun, error) {
	list, err := pages(func(page github.ListOptions) ([]*github.CheckRun, *github.Response, error) {
		found, resp, err := r.client.Checks.ListCheckRunsForRef(ctx, r.about.Owner, r.about.Name, string(commit),
			&github.ListCheckRunsOptions{AppID: &r.app.id, Filter: github.String("latest"), ListOptions: page})
		if err != nil {
			return nil, resp, err
		}
		return found.CheckRuns, resp, nil
	})
	if err != nil {
		thing := "commit " + commit.Short()
		return nil, act{doing: "reading the checks of " + thing, thing: thing, needs: needsChecks + ": read"}.fate(err)
	}
	var runs []hotfix.CheckRun
	for _, c := range list {
		run := checkRun(c)
		if c.GetOutput().GetAnnotationsCount() > 0 {
			if run.Annotations, err = r.annotations(ctx, run); err != nil {
				return nil, err
			}
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// annotations lists those of a check run.
func (r *Repo) annotations(ctx context.Context, run hotfix.CheckRun) ([]hotfix.Annotation, error) {
	list, err := pages(func(page github.ListOptions) ([]*github.CheckRunAnnotation, *github.Response, error) {
		return r.client.Checks.ListCheckRunAnnotations(ctx, r.about.Owner, r.about.Name, run.ID, &page)
	})
	if err != nil {
		thing := "check " + run.Name
		return nil, act{doing: "reading the annotations of " + thing, thing: thing, needs: needsChecks + ": read"}.fate(err)
	}
	annotations := make([]hotfix.Annotation, 0, len(list))
	for _, a := range list {
		annotations = append(annotations, hotfix.Annotation{
			Path: a.GetPath(), Line: a.GetStartLine(), Column: a.GetStartColumn(), Message: a.GetMessage(),
		})
	}
	return annotations, nil
}

// CreateCheckRun makes a check run. Its id is set in the answer.
func (r *Repo) CreateCheckRun(ctx context.Context, run hotfix.CheckRun) (hotfix.CheckRun, error) {
	options := github.CreateCheckRunOptions{
		Name: run.Name, HeadSHA: string(run.Commit), Status: &run.Status,
		Conclusion: present(run.Conclusion), ExternalID: present(run.ExternalID),
		Output: output(run, first(run.Annotations)), Actions: actions(run),
	}
	c, _, err := r.client.Checks.CreateCheckRun(ctx, r.about.Owner, r.about.Name, options)
	if err != nil {
		return hotfix.CheckRun{}, writing("making the check "+run.Name, "commit "+run.Commit.Short(), needsChecks).fate(err)
	}
	run.ID = c.GetID()
	return run, r.annotate(ctx, run, run.Annotations[len(first(run.Annotations)):])
}

// UpdateCheckRun changes a check run; its buttons and annotations become those of
// run. GitHub adds annotations to those that are there and takes none away (docs,
// "Update a check run"): only new ones are sent, and where one has to go, a new
// check run of the same name takes the old one's place.
func (r *Repo) UpdateCheckRun(ctx context.Context, run hotfix.CheckRun) error {
	there, err := r.annotations(ctx, run)
	if err != nil {
		return err
	}
	wanted := map[hotfix.Annotation]bool{}
	for _, a := range run.Annotations {
		wanted[sent(a)] = true
	}
	if slices.ContainsFunc(there, func(a hotfix.Annotation) bool { return !wanted[a] }) {
		_, err := r.CreateCheckRun(ctx, run)
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(run.Annotations), func(a hotfix.Annotation) bool {
		return slices.Contains(there, sent(a))
	})
	if err := r.patchCheckRun(ctx, run, first(fresh)); err != nil {
		return err
	}
	return r.annotate(ctx, run, fresh[len(first(fresh)):])
}

// annotate sends annotations beyond those that fit into the first request.
func (r *Repo) annotate(ctx context.Context, run hotfix.CheckRun, more []hotfix.Annotation) error {
	for some := range slices.Chunk(more, mostAnnotations) {
		if err := r.patchCheckRun(ctx, run, some); err != nil {
			return err
		}
	}
	return nil
}

// checkUpdate is what an update sends. The buttons are always among it: whether
// GitHub takes them away when they are left out is documented nowhere, and go-github
// leaves out an empty list.
type checkUpdate struct {
	github.UpdateCheckRunOptions
	Actions []*github.CheckRunAction `json:"actions"`
}

func (r *Repo) patchCheckRun(ctx context.Context, run hotfix.CheckRun, annotations []hotfix.Annotation) error {
	updating := writing("updating the check "+run.Name, "check "+run.Name, needsChecks)
	url := fmt.Sprintf("repos/%s/%s/check-runs/%d", r.about.Owner, r.about.Name, run.ID)
	req, err := r.client.NewRequest(http.MethodPatch, url, checkUpdate{
		UpdateCheckRunOptions: github.UpdateCheckRunOptions{
			Name: run.Name, Status: &run.Status,
			Conclusion: present(run.Conclusion), ExternalID: present(run.ExternalID),
			Output: output(run, annotations),
		},
		Actions: actions(run),
	})
	if err != nil {
		return updating.fate(err)
	}
	_, err = r.client.Do(ctx, req, nil)
	return updating.fate(err)
}

// actions are the buttons as they are sent; never nil.
func actions(run hotfix.CheckRun) []*github.CheckRunAction {
	list := make([]*github.CheckRunAction, 0, len(run.Actions))
	for _, a := range run.Actions {
		list = append(list, &github.CheckRunAction{Label: a.Label, Description: a.Description, Identifier: a.Identifier})
	}
	return list
}

func checkRun(c *github.CheckRun) hotfix.CheckRun {
	return hotfix.CheckRun{
		ID: c.GetID(), Name: c.GetName(), Commit: hotfix.OID(c.GetHeadSHA()), ExternalID: c.GetExternalID(),
		Status: c.GetStatus(), Conclusion: c.GetConclusion(),
		Title: c.GetOutput().GetTitle(), Summary: c.GetOutput().GetSummary(),
	}
}

// output is nil without a title: GitHub demands one.
func output(run hotfix.CheckRun, annotations []hotfix.Annotation) *github.CheckRunOutput {
	if run.Title == "" {
		return nil
	}
	o := &github.CheckRunOutput{Title: &run.Title, Summary: &run.Summary}
	level := "warning"
	if run.Conclusion == "failure" {
		level = "failure"
	}
	for _, a := range annotations {
		a = sent(a)
		o.Annotations = append(o.Annotations, &github.CheckRunAnnotation{
			Path: &a.Path, StartLine: &a.Line, EndLine: &a.Line, Message: &a.Message, AnnotationLevel: &level,
			StartColumn: positive(a.Column), EndColumn: positive(a.Column),
		})
	}
	return o
}

// sent is an annotation as GitHub takes it: a remark on the whole file stands on
// its first line.
func sent(a hotfix.Annotation) hotfix.Annotation {
	a.Line = max(a.Line, 1)
	return a
}

func first(annotations []hotfix.Annotation) []hotfix.Annotation {
	return annotations[:min(len(annotations), mostAnnotations)]
}

func present(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func positive(n int) *int {
	if n <= 0 {
		return nil
	}
	return &n
}
