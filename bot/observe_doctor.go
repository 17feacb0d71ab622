package bot

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/doctor"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// observeDoctor looks at the repository as the doctor does, where somebody asks it. A
// budget that is used up is the error: it is no finding, and the answer waits.
func (r *run) observeDoctor(ctx context.Context) error {
	if !slices.ContainsFunc(r.snap.Requests, wantsDoctor) {
		return nil
	}
	tags := make([]hotfix.Tag, 0, len(r.snap.Tags))
	for _, tag := range r.snap.Tags {
		tags = append(tags, tag)
	}
	read := &budgeted{Reader: r}
	r.snap.Findings = doctor.Examine(ctx, read, doctor.Seen{
		Now: r.snap.Now, Branches: r.snap.Branches, Tags: tags,
		Config: r.snap.Config, Problems: r.snap.ConfigProblems, Needs: r.needs,
	})
	if later := read.later.Load(); later != nil {
		return later
	}
	return nil
}

// budgeted is a repository that remembers whether the budget was used up.
type budgeted struct {
	Reader
	later atomic.Pointer[hotfix.Later]
}

func (b *budgeted) note(err error) error {
	if later := (*hotfix.Later)(nil); errors.As(err, &later) {
		b.later.Store(later)
	}
	return err
}

// Grants are what the App was given.
func (b *budgeted) Grants(ctx context.Context) (hotfix.Grants, error) {
	grants, err := b.Reader.Grants(ctx)
	return grants, b.note(err)
}

// BranchRules are the rules for a branch.
func (b *budgeted) BranchRules(ctx context.Context, branch string) ([]hotfix.Rule, error) {
	rules, err := b.Reader.BranchRules(ctx, branch)
	return rules, b.note(err)
}

// TagRules are the rules for a tag.
func (b *budgeted) TagRules(ctx context.Context, tag string) ([]hotfix.Rule, error) {
	rules, err := b.Reader.TagRules(ctx, tag)
	return rules, b.note(err)
}

// Reports are the checks of a commit.
func (b *budgeted) Reports(ctx context.Context, commit hotfix.OID) ([]hotfix.RequiredCheck, error) {
	reports, err := b.Reader.Reports(ctx, commit)
	return reports, b.note(err)
}

// Pulls are pull requests.
func (b *budgeted) Pulls(ctx context.Context, since time.Time) ([]hotfix.Pull, error) {
	pulls, err := b.Reader.Pulls(ctx, since)
	return pulls, b.note(err)
}

// wantsDoctor reports whether a request asks the doctor, which needs no hotfix.
func wantsDoctor(request hotfix.Request) bool { return asks(request, hotfix.VerbDoctor) }

// wantsDoctorOnly reports whether a request can be answered although the configuration
// cannot be believed.
func wantsDoctorOnly(request hotfix.Request) bool {
	return wantsDoctor(request) && !slices.ContainsFunc(request.Commands, func(c hotfix.Command) bool {
		return c.Problem != "" || c.Verb != hotfix.VerbDoctor && c.Verb != hotfix.VerbHelp
	})
}
