package bot

import (
	"context"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/doctor"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// observeDoctor looks at the repository as the doctor does, where somebody asks it.
func (r *run) observeDoctor(ctx context.Context) {
	if !slices.ContainsFunc(r.snap.Requests, wantsDoctor) {
		return
	}
	tags := make([]hotfix.Tag, 0, len(r.snap.Tags))
	for _, tag := range r.snap.Tags {
		tags = append(tags, tag)
	}
	r.snap.Findings = doctor.Examine(ctx, r, doctor.Seen{
		Now: r.snap.Now, Branches: r.snap.Branches, Tags: tags,
		Config: r.snap.Config, Problems: r.snap.ConfigProblems, Signs: r.signs, Needs: r.needs,
	})
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
