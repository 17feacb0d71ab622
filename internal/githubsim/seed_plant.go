package githubsim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
)

// Grant is what an App asks for in its manifest (app.yml): "contents" → "write", and the
// events that it subscribes to.
type Grant struct {
	Permissions map[string]string
	Events      []string
}

// Planted is what came of a seed.
type Planted struct {
	InstallationID int64            // of the first installed repository; 0 = none
	Installations  map[string]int64 // by owner
}

// Plant fills the simulated GitHub with what a seed says, and gives its App the grant. It tells
// no webhook of the repositories; of the App it tells ping and the installations.
func (g *GitHub) Plant(ctx context.Context, s Seed, grant Grant) (Planted, error) {
	if problems := s.problems(); len(problems) > 0 {
		var all []error
		for _, p := range problems {
			all = append(all, errors.New(p.message))
		}
		return Planted{}, errors.Join(all...)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limits = Limits(s.Limits)
	for _, u := range s.Users {
		if _, err := g.addUser(u.account()); err != nil {
			return Planted{}, err
		}
	}
	var installed []*Repo
	for _, r := range s.Repositories {
		repo, err := g.plantRepository(ctx, r)
		if err != nil {
			return Planted{}, fmt.Errorf("repository %s: %w", r.Name, err)
		}
		if r.Installed {
			installed = append(installed, repo)
		}
	}
	return g.plantApp(s, grant, installed)
}

func (u SeedUser) account() User {
	kind := TypeUser
	if u.Bot {
		kind = TypeBot
	}
	return User{Login: u.Login, Name: u.Name, Email: u.Email, Token: u.Token, Type: kind}
}

// plantRepository imports what is to be imported and makes the repository of it.
func (g *GitHub) plantRepository(ctx context.Context, r SeedRepository) (*Repo, error) {
	login, name, _ := strings.Cut(r.Name, "/")
	owner := g.user(login)
	if owner == nil {
		var err error
		if owner, err = g.addUser(User{Login: login, Type: TypeOrganization}); err != nil {
			return nil, err
		}
	}
	branch := r.DefaultBranch
	if r.Import != "" {
		head, err := importGit(ctx, r.Import, g.gitPath(owner.Login, name))
		if err != nil {
			return nil, err
		}
		branch = cmp.Or(branch, head)
	}
	repo, err := g.addRepo(owner, name, cmp.Or(branch, "main"))
	if err != nil {
		return nil, err
	}
	repo.Private = r.Private
	r.Settings.apply(&repo.Settings)
	for login, role := range r.Collaborators {
		repo.Collaborators[g.user(login)], _ = parseRole(role)
	}
	for _, l := range r.Labels {
		repo.Labels = append(repo.Labels, &Label{
			ID: g.nextID("label"), Repo: repo, Name: l.Name, Color: strings.ToLower(cmp.Or(l.Color, "ededed")), Description: l.Description,
		})
	}
	return repo, nil
}

// apply changes what the seed names.
func (x SeedSettings) apply(s *Settings) {
	for _, flag := range []struct{ from, to *bool }{
		{x.AllowMergeCommit, &s.AllowMergeCommit},
		{x.AllowSquashMerge, &s.AllowSquashMerge},
		{x.AllowRebaseMerge, &s.AllowRebaseMerge},
		{x.AllowAutoMerge, &s.AllowAutoMerge},
		{x.AllowUpdateBranch, &s.AllowUpdateBranch},
		{x.AllowForking, &s.AllowForking},
		{x.DeleteBranchOnMerge, &s.DeleteBranchOnMerge},
	} {
		if flag.from != nil {
			*flag.to = *flag.from
		}
	}
	s.SquashTitle = cmp.Or(x.SquashTitle, s.SquashTitle)
	s.SquashMessage = cmp.Or(x.SquashMessage, s.SquashMessage)
	s.MergeTitle = cmp.Or(x.MergeTitle, s.MergeTitle)
	s.MergeMessage = cmp.Or(x.MergeMessage, s.MergeMessage)
}

// plantApp makes the App and installs it, once for each owner of installed repositories.
func (g *GitHub) plantApp(s Seed, grant Grant, installed []*Repo) (Planted, error) {
	done := Planted{Installations: map[string]int64{}}
	if s.App == nil {
		return done, nil
	}
	key, err := s.App.key()
	if err != nil {
		return Planted{}, err
	}
	app, err := g.addApp(App{
		ID: s.App.ID, Slug: s.App.Slug, Name: cmp.Or(s.App.Name, s.App.Slug), Owner: g.appOwner(s), Key: &key.PublicKey,
		Permissions: grant.Permissions, Events: grant.Events,
		Hook:     Hook{URL: s.App.WebhookURL, Secret: s.App.WebhookSecret},
		ClientID: s.App.ClientID, ClientSecret: s.App.ClientSecret, Callbacks: s.App.callbacks(),
		ExpireUserTokens: s.App.ExpireTokens == nil || *s.App.ExpireTokens,
	})
	if err != nil {
		return Planted{}, err
	}
	var owners []*User
	of := map[*User][]*Repo{}
	for _, r := range installed {
		if of[r.Owner] == nil {
			owners = append(owners, r.Owner)
		}
		of[r.Owner] = append(of[r.Owner], r)
	}
	for _, owner := range owners {
		i := g.install(app, owner, Actor{User: owner}, of[owner]...)
		done.Installations[owner.Login] = i.ID
		done.InstallationID = cmp.Or(done.InstallationID, i.ID)
	}
	return done, nil
}

func (a *SeedApp) callbacks() []string {
	if a.CallbackURL == "" {
		return nil
	}
	return []string{a.CallbackURL}
}

// appOwner is the owner of the first repository, else the first user.
func (g *GitHub) appOwner(s Seed) *User {
	if len(s.Repositories) > 0 {
		login, _, _ := strings.Cut(s.Repositories[0].Name, "/")
		return g.user(login)
	}
	return g.user(s.Users[0].Login)
}
