package forge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// place is where a repository was seen last. GitHub has no documented way to
// read a repository by its id, so its name is remembered.
type place struct {
	installation int64
	installedAt  time.Time
	owner, name  string
}

// Repositories lists every repository in which the App is installed. An
// installation that refuses to be listed, or whose limits are used up, is logged and
// left out.
func (a *App) Repositories(ctx context.Context) ([]hotfix.Repository, error) {
	found, refused, err := a.survey(ctx)
	if refused != nil {
		a.log.Warn().Ctx(ctx).Err(refused).Msg("an installation cannot be listed")
	}
	return found, err
}

// Repository looks a repository up by its id, wherever it was renamed to. One
// that the App may not see any more is a *hotfix.Gone.
func (a *App) Repository(ctx context.Context, id hotfix.RepositoryID) (*Repo, error) {
	bot, err := a.Bot(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.begin(ctx, id); err != nil {
		return nil, err
	}
	about, err := a.locate(ctx, id)
	if err != nil {
		return nil, err
	}
	return &Repo{
		app: a, about: about, bot: bot,
		client: a.installation(about.Installation).client,
	}, nil
}

// begin asks whether there is budget for a reconcile of a repository.
func (a *App) begin(ctx context.Context, id hotfix.RepositoryID) error {
	a.mu.Lock()
	p, known := a.places[id]
	a.mu.Unlock()
	if !known {
		return nil
	}
	return a.installation(p.installation).pace.begin(ctx, nameInLine(p.owner, p.name))
}

// Rest is to be called when a reconcile of a repository is over, with what it came
// to: what it did not use of its turn to write is for others.
func (a *App) Rest(ctx context.Context, id hotfix.RepositoryID, outcome error) error {
	a.mu.Lock()
	p, known := a.places[id]
	a.mu.Unlock()
	if !known {
		return nil
	}
	return a.installation(p.installation).pace.rest(ctx, nameInLine(p.owner, p.name), outcome)
}

// locate reads the repository at the place where it was seen last, and searches
// every installation when it is not there any more.
func (a *App) locate(ctx context.Context, id hotfix.RepositoryID) (hotfix.Repository, error) {
	a.mu.Lock()
	p, known := a.places[id]
	a.mu.Unlock()
	if known {
		about, err := a.visit(ctx, p)
		if err == nil && about.ID == id {
			a.remember(about)
			return about, nil
		}
		if err != nil && !mayHaveMoved(err) {
			return hotfix.Repository{}, err
		}
	}
	return a.search(ctx, id)
}

// mayHaveMoved reports whether a repository that cannot be read at one place may
// be at another. A refusal is that of the place; search repeats it when the
// repository is nowhere else.
func mayHaveMoved(err error) bool {
	var refusal *hotfix.Refusal
	return gone(err) || errors.Is(err, errNoInstallation) || errors.As(err, &refusal)
}

// visit reads whatever repository is at a place, by its pull requests: each carries the
// repository whole. They are needed anyway, but after the branches, so that what a
// branch has is seen as merged, too; by then they are free, if nothing changed. GitHub redirects a name that a
// repository had before to where it is now (301, followed).
func (a *App) visit(ctx context.Context, p place) (hotfix.Repository, error) {
	asking := reading(p.owner+"/"+p.name, "Metadata")
	client := a.installation(p.installation).client
	list, _, err := newestPulls(ctx, client, p.owner, p.name, github.ListOptions{Page: 1, PerPage: perPage})
	if err != nil {
		return hotfix.Repository{}, asking.fate(err)
	}
	if len(list) > 0 && list[0].GetBase().GetRepo().GetDefaultBranch() != "" {
		return a.repository(list[0].Base.Repo, p.installation, p.installedAt), nil
	}
	repo, _, err := client.Repositories.Get(ctx, p.owner, p.name)
	if err != nil {
		return hotfix.Repository{}, asking.fate(err)
	}
	return a.repository(repo, p.installation, p.installedAt), nil
}

func (a *App) search(ctx context.Context, id hotfix.RepositoryID) (hotfix.Repository, error) {
	found, refused, err := a.survey(ctx)
	if err != nil {
		return hotfix.Repository{}, err
	}
	for _, about := range found {
		if about.ID == id {
			return about, nil
		}
	}
	if refused != nil {
		return hotfix.Repository{}, refused // it may be there
	}
	a.mu.Lock()
	delete(a.places, id)
	a.mu.Unlock()
	return hotfix.Repository{}, &hotfix.Gone{What: fmt.Sprintf("repository %d", id), Repository: true}
}

// survey lists the repositories of all installations and remembers their places.
// refused is why one of them cannot be listed now; the others are listed all the same.
func (a *App) survey(ctx context.Context) (found []hotfix.Repository, refused, err error) {
	installed, err := a.listInstallations(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, i := range installed {
		repos, err := a.listRepositories(ctx, i)
		if errors.As(err, new(*hotfix.Refusal)) || errors.As(err, new(*hotfix.Later)) {
			refused = err
			continue
		}
		if gone(err) || errors.Is(err, errNoInstallation) {
			continue // removed since it was listed
		}
		if err != nil {
			return nil, nil, err
		}
		found = append(found, repos...)
	}
	for _, about := range found {
		a.remember(about)
	}
	return found, refused, nil
}

// listInstallations lists those that are not suspended.
func (a *App) listInstallations(ctx context.Context) ([]*github.Installation, error) {
	all, err := pages(func(page github.ListOptions) ([]*github.Installation, *github.Response, error) {
		return a.client.Apps.ListInstallations(ctx, &page)
	})
	if err != nil {
		return nil, act{doing: "listing the App's installations", thing: "the App"}.fate(err)
	}
	active := all[:0]
	for _, i := range all {
		if i.SuspendedAt == nil {
			active = append(active, i)
		}
	}
	return active, nil
}

func (a *App) listRepositories(ctx context.Context, i *github.Installation) ([]hotfix.Repository, error) {
	client := a.installation(i.GetID()).client
	repos, err := pages(func(page github.ListOptions) ([]*github.Repository, *github.Response, error) {
		list, resp, err := client.Apps.ListRepos(ctx, &page)
		if err != nil {
			return nil, resp, err
		}
		return list.Repositories, resp, nil
	})
	if err != nil {
		return nil, reading(fmt.Sprintf("the repositories of installation %d", i.GetID()), "Metadata").fate(err)
	}
	found := make([]hotfix.Repository, 0, len(repos))
	for _, repo := range repos {
		found = append(found, a.repository(repo, i.GetID(), i.GetCreatedAt().Time))
	}
	return found, nil
}

func (a *App) remember(about hotfix.Repository) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.places[about.ID] = place{
		installation: about.Installation, installedAt: about.InstalledAt,
		owner: about.Owner, name: about.Name,
	}
}

func (a *App) repository(repo *github.Repository, installation int64, since time.Time) hotfix.Repository {
	about := hotfix.Repository{
		ID:            hotfix.RepositoryID(repo.GetID()),
		Installation:  installation,
		InstalledAt:   since,
		Owner:         repo.GetOwner().GetLogin(),
		Name:          repo.GetName(),
		DefaultBranch: repo.GetDefaultBranch(),
		Private:       repo.GetPrivate(),
		Archived:      repo.GetArchived(),
		HasIssues:     repo.GetHasIssues(),
	}
	about.WebURL = a.web + "/" + about.FullName()
	return about
}
