package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
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
	// Listen is where serve is to listen; Serving asks whoever does so whether it is a
	// hotfixbot that is ready.
	Listen  string
	Serving func(ctx context.Context) error
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
		doctor.App(github, needs()), doctor.Installations(github, needs()), e.signIn(github),
		doctor.Hook(github), doctor.Deliveries(github, e.Config.Now),
	}, tell)
	doctor.Run(ctx, []doctor.Check{doctor.Redelivery(github, e.Config.Now, pause)}, tell)
	e.repositories(ctx, github, tell)
}

// asApp are the checks that can only be made with credentials that GitHub accepts.
func asApp() []doctor.Check {
	return doctor.Unasked("permissions of the App", "installations", "signing in", "webhook", "deliveries", "delivery", "repositories")
}

// machine are the checks that need no credentials.
func (e Examination) machine() []doctor.Check {
	checks := []doctor.Check{
		doctor.Settings(e.Problems),
		doctor.Listen(e.Listen, e.listen, e.Serving),
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

// listen tries to listen where serve will.
func (e Examination) listen(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", e.Listen)
	if err != nil {
		return err
	}
	return listener.Close()
}

// signIn looks at how people sign in. A code that GitHub gave to nobody is refused as
// such only where it believes the client's id and secret (docs, "Troubleshooting OAuth
// app access token request errors").
func (e Examination) signIn(github *forge.App) doctor.Check {
	s := e.Config.SignIn
	if s == nil {
		return doctor.SignIn(github, nil)
	}
	callback := strings.TrimSuffix(s.BaseURL, "/") + CallbackPath
	users := github.Users(forge.UserConfig{ClientID: s.ClientID, ClientSecret: s.ClientSecret, Callback: callback})
	return doctor.SignIn(github, &doctor.Client{
		ID: s.ClientID, Callback: callback, Operators: s.Operators,
		Person: func(ctx context.Context, login string) error {
			_, err := github.Person(ctx, login)
			return err
		},
		Try: func(ctx context.Context) error {
			_, err := users.Exchange(ctx, "hotfixbot-doctor", strings.Repeat("hotfixbot-doctor-", 3)) // PKCE: 43 characters and more
			if errors.As(err, new(*hotfix.SignedOut)) {
				return nil
			}
			return err
		},
	})
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
	engine, done, blind := e.engine()
	defer done()
	slices.SortFunc(all, func(a, b hotfix.Repository) int { return strings.Compare(a.FullName(), b.FullName()) })
	known := false
	for _, about := range all {
		if e.Repository != "" && !strings.EqualFold(about.FullName(), e.Repository) {
			continue
		}
		known = true
		e.repository(ctx, github, about, tell, func(ctx context.Context) (hotfix.Refs, error) {
			if blind != nil {
				return hotfix.Refs{}, blind
			}
			return listRefs(ctx, gits{engine: engine, tokens: github, web: e.Config.WebURL, now: e.Config.Now}, about)
		})
	}
	if e.Repository != "" && !known {
		tell(doctor.Unread(e.Repository, errors.New("the App is not installed on it")))
	}
}

// engine is git, in the data folder, or elsewhere where there is none yet. done is to
// be called in the end.
func (e Examination) engine() (engine *gitops.Engine, done func(), err error) {
	folder, remove := filepath.Join(e.Config.DataDir, "jobs"), func() {}
	if _, err := os.Stat(e.Config.DataDir); err != nil {
		if folder, err = os.MkdirTemp("", "hotfixbot-"); err != nil {
			return nil, remove, err
		}
		remove = func() { _ = os.RemoveAll(folder) } // a folder that stays is empty
	}
	engine, err = gitops.New(gitops.Settings{Dir: folder, Insecure: true, Log: e.Config.Log})
	if err != nil {
		return nil, remove, err
	}
	return engine, func() { _ = engine.Close(); remove() }, nil // nothing was kept there
}

// listRefs asks git, as the bot does.
func listRefs(ctx context.Context, git gits, about hotfix.Repository) (refs hotfix.Refs, err error) {
	workspace, err := git.Open(ctx, about)
	if err != nil {
		return refs, err
	}
	defer func() { err = errors.Join(err, workspace.Close()) }()
	return workspace.Refs(ctx)
}

// repository looks at one repository as the bot would at its next reconcile.
func (e Examination) repository(
	ctx context.Context, github *forge.App, about hotfix.Repository, tell func(hotfix.Finding), list func(context.Context) (hotfix.Refs, error),
) {
	looking, cancel := context.WithTimeout(ctx, doctor.Limit)
	defer cancel()
	repo, err := github.Repository(looking, about.ID)
	if err != nil {
		tell(doctor.Unread(about.FullName(), err))
		return
	}
	refs, blind := list(looking)
	seen := doctor.Seen{
		Now: e.Config.Now(), Branches: refs.Branches, Tags: refs.Tags, Blind: blind, Needs: needs(),
	}
	if err := readConfig(looking, repo, &seen); err != nil {
		tell(doctor.Unread(about.FullName(), err))
		return
	}
	doctor.Run(ctx, doctor.Checks(repo, seen), tell)
}

// readConfig reads the configuration of the default branch. Where it is not known which
// branches there are, those of the file are taken to be there.
func readConfig(ctx context.Context, repo *forge.Repo, seen *doctor.Seen) error {
	head, there := seen.Branches[repo.About().DefaultBranch]
	if seen.Blind != nil {
		head, there = hotfix.OID(repo.About().DefaultBranch), true // a file is read at a branch as well
	}
	var data []byte
	if there {
		var err error
		if data, there, err = repo.FileAt(ctx, repoconfig.File, head); err != nil {
			return err
		}
	}
	exists := func(branch string) bool { _, ok := seen.Branches[branch]; return ok || seen.Blind != nil }
	switch {
	case there:
		seen.Config, seen.Problems = repoconfig.Parse(repoconfig.File, data, exists)
	case seen.Blind == nil:
		seen.Config, seen.Problems = repoconfig.Defaults(exists)
	}
	seen.Config.FromFile = there
	return nil
}
