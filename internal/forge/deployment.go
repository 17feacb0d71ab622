package forge

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const needsDeployments = "Deployments"

// Deployments lists the App's own deployments of a ref to an environment, newest
// first, each with the state of its latest status.
func (r *Repo) Deployments(ctx context.Context, ref, environment string) ([]hotfix.Deployment, error) {
	list, err := pages(func(page github.ListOptions) ([]*github.Deployment, *github.Response, error) {
		return r.client.Repositories.ListDeployments(ctx, r.about.Owner, r.about.Name, &github.DeploymentsListOptions{
			Ref: ref, Environment: environment, ListOptions: page,
		})
	})
	if err != nil {
		return nil, reading("the deployments of "+ref+" to "+environment, needsDeployments).fate(err)
	}
	var own []hotfix.Deployment
	for _, d := range list {
		if !r.byBot(d.GetCreator()) {
			continue
		}
		made := deployment(d)
		if err := r.addState(ctx, &made); err != nil {
			return nil, err
		}
		own = append(own, made)
	}
	slices.SortFunc(own, func(a, b hotfix.Deployment) int { return cmp.Compare(b.ID, a.ID) })
	return own, nil
}

// addState reads the latest status. A deployment has a handful of them: one page
// holds all that matter.
func (r *Repo) addState(ctx context.Context, d *hotfix.Deployment) error {
	list, _, err := r.client.Repositories.ListDeploymentStatuses(ctx, r.about.Owner, r.about.Name, d.ID, &github.ListOptions{PerPage: perPage})
	if err != nil {
		return reading(fmt.Sprintf("the statuses of deployment %d", d.ID), needsDeployments).fate(err)
	}
	if len(list) == 0 {
		return nil
	}
	latest := slices.MaxFunc(list, func(a, b *github.DeploymentStatus) int { return cmp.Compare(a.GetID(), b.GetID()) })
	d.State, d.URL = latest.GetState(), cmp.Or(latest.GetLogURL(), latest.GetTargetURL(), latest.GetEnvironmentURL())
	return nil
}

// CreateDeployment records that a ref is deployed to an environment, for whoever
// listens to deploy it. GitHub neither merges the default branch into the ref first
// nor asks for statuses: what is deployed was decided by the release.
func (r *Repo) CreateDeployment(ctx context.Context, ref, environment, description string) (hotfix.Deployment, error) {
	d, _, err := r.client.Repositories.CreateDeployment(ctx, r.about.Owner, r.about.Name, &github.DeploymentRequest{
		Ref: &ref, Environment: &environment, Description: &description,
		Task: github.String("deploy"), AutoMerge: github.Bool(false), RequiredContexts: &[]string{},
	})
	if err != nil {
		return hotfix.Deployment{}, writing("recording the deployment of "+ref+" to "+environment, r.about.FullName(), needsDeployments).fate(err)
	}
	return deployment(d), nil
}

func deployment(d *github.Deployment) hotfix.Deployment {
	return hotfix.Deployment{
		ID: d.GetID(), Ref: d.GetRef(), Environment: d.GetEnvironment(), CreatedAt: d.GetCreatedAt().Time,
	}
}
