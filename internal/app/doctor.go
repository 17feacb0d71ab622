package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/gitops"
	"github.com/hotfixbot/hotfixbot/internal/doctor"
	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// Examination is what the doctor is asked to look at.
type Examination struct {
	Config Config // its Log is not used: what goes wrong is told
	// Problems are the settings that are missing or wrong. What needs them is left out.
	Problems []error
	// Signing is what is wrong with the signing key.
	Signing error
	// Repository is the only one that is to be looked at, owner/repo; empty: all.
	Repository string
}

// needs is what app.yml asks for.
func needs() doctor.Needs { return doctor.Needs{Permissions: Permissions(), Events: Events()} }

// Examine looks at everything and tells each finding as soon as it is known. It may
// run beside an App that serves.
func Examine(ctx context.Context, e Examination, tell func(hotfix.Finding)) {
	e.Config = e.Config.withDefaults()
	doctor.Run(ctx, e.machine(), tell)
	github, err := newForge(e.Config, nil)
	if err != nil || e.Config.AppID == 0 || e.Config.APIURL == "" || e.Config.WebURL == "" { // Problems say why
		doctor.Run(ctx, append(doctor.Unasked("credentials"), asApp()...), tell)
		return
	}
	accepted := false
	doctor.Run(ctx, []doctor.Check{doctor.Credentials(github)}, func(f hotfix.Finding) {
		accepted = f.State == hotfix.FindingOK
		tell(f)
	})
	if !accepted {
		doctor.Run(ctx, asApp(), tell)
		return
	}
	doctor.Run(ctx, []doctor.Check{
		doctor.App(github, needs()), doctor.Installations(github, needs()),
		doctor.Hook(github), doctor.Deliveries(github, e.Config.Now),
	}, tell)
	doctor.Run(ctx, []doctor.Check{doctor.Redelivery(github, e.Config.Now, doctor.Wait)}, tell)
	e.repositories(ctx, github, tell)
}

// asApp are the checks that can only be made with credentials that GitHub accepts.
func asApp() []doctor.Check {
	return doctor.Unasked("permissions of the App", "installations", "webhook", "deliveries", "delivery", "repositories")
}

// machine are the checks that need no credentials.
func (e Examination) machine() []doctor.Check {
	checks := []doctor.Check{
		doctor.Settings(e.Problems),
		doctor.Git(gitops.Version),
		doctor.Data(e.Config.DataDir),
		doctor.Disk(e.Config.DataDir, doctor.Free),
		doctor.Database(e.database),
		doctor.Clock(func(ctx context.Context) (time.Time, error) {
			if e.Config.APIURL == "" {
				return time.Time{}, errors.New("it is not known where GitHub is")
			}
			return forge.Clock(ctx, e.Config.APIURL, e.Config.Transport)
		}, e.Config.Now),
	}
	switch {
	case e.Signing != nil:
		return append(checks, doctor.Signing(func(context.Context) error { return e.Signing }))
	case e.Config.Signer == nil:
		return append(checks, doctor.Signing(nil))
	}
	return append(checks, doctor.Signing(e.sign))
}

func (e Examination) sign(ctx context.Context) error {
	err := gitops.TrySigner(ctx, e.Config.Signer, e.Config.Now())
	if errors.Is(err, gitops.ErrNoVerifier) {
		return fmt.Errorf("%w: %w", doctor.ErrUnverified, err)
	}
	return err
}

// database opens the database beside whoever works on it, which looks at its tables
// and writes.
func (e Examination) database(ctx context.Context) (there bool, err error) {
	kept, err := store.Open(ctx, store.Config{
		DataDir: e.Config.DataDir, DatabaseURL: e.Config.DatabaseURL, Now: e.Config.Now, Log: e.Config.Log, Beside: true,
	})
	if errors.Is(err, store.ErrNone) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	return true, kept.Close()
}

// repositories looks at each repository, or at the one that was asked for.
func (e Examination) repositories(ctx context.Context, github *forge.App, tell func(hotfix.Finding)) {
	listing, cancel := context.WithTimeout(ctx, doctor.Limit)
	defer cancel()
	all, err := github.Repositories(listing)
	if err != nil {
		tell(doctor.Unread(e.Repository, err))
		return
	}
	engine, err := gitops.New(gitops.Settings{Dir: filepath.Join(e.Config.DataDir, "jobs"), Insecure: true, Log: e.Config.Log})
	if err != nil {
		tell(doctor.Unread(e.Repository, fmt.Errorf("git cannot be used: %w", err)))
		return
	}
	defer engine.Close()
	slices.SortFunc(all, func(a, b hotfix.Repository) int { return strings.Compare(a.FullName(), b.FullName()) })
	known := false
	for _, about := range all {
		if e.Repository != "" && !strings.EqualFold(about.FullName(), e.Repository) {
			continue
		}
		known = true
		e.repository(ctx, github, gits{engine: engine, tokens: github, web: e.Config.WebURL, now: e.Config.Now}, about, tell)
	}
	if e.Repository != "" && !known {
		tell(doctor.Unread(e.Repository, errors.New("the App is not installed on it")))
	}
}

// repository looks at one repository as the bot would at its next reconcile.
func (e Examination) repository(ctx context.Context, github *forge.App, git gits, about hotfix.Repository, tell func(hotfix.Finding)) {
	looking, cancel := context.WithTimeout(ctx, doctor.Limit)
	defer cancel()
	repo, err := github.Repository(looking, about.ID)
	if err != nil {
		tell(doctor.Unread(about.FullName(), err))
		return
	}
	seen, err := e.see(looking, repo, git)
	if err != nil {
		tell(doctor.Unread(about.FullName(), err))
		return
	}
	doctor.Run(ctx, doctor.Checks(repo, seen), tell)
}

// see reads the refs, by git, and the configuration of the default branch.
func (e Examination) see(ctx context.Context, repo *forge.Repo, git gits) (seen doctor.Seen, err error) {
	workspace, err := git.Open(ctx, repo.About())
	if err != nil {
		return seen, err
	}
	defer func() { err = errors.Join(err, workspace.Close()) }()
	refs, err := workspace.Refs(ctx)
	if err != nil {
		return seen, fmt.Errorf("list its branches with git: %w", err)
	}
	seen = doctor.Seen{Now: e.Config.Now(), Branches: refs.Branches, Tags: refs.Tags, Signs: e.Config.Signer != nil, Needs: needs()}
	var data []byte
	there := false
	if head := refs.Branches[repo.About().DefaultBranch]; head != "" {
		if data, there, err = repo.FileAt(ctx, repoconfig.File, head); err != nil {
			return seen, err
		}
	}
	exists := func(branch string) bool { _, ok := refs.Branches[branch]; return ok }
	if there {
		seen.Config, seen.Problems = repoconfig.Parse(repoconfig.File, data, exists)
	} else {
		seen.Config, seen.Problems = repoconfig.Defaults(exists)
	}
	seen.Config.FromFile = there
	return seen, nil
}
