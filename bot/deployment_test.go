package bot

import (
	"context"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

type unrecordingForge struct {
	emptyForge
	err error
}

func (f unrecordingForge) Deployments(context.Context, string, string) ([]hotfix.Deployment, error) {
	return nil, f.err
}

// A deployment that GitHub keeps no record of holds nothing up, and is said (P5); also
// where the App may not even ask for it.
func TestAnUnrecordedDeploymentIsSaid(t *testing.T) {
	s := repository()
	s.Config.Deploy.GitHubDeployments = true
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	contained(h)
	h.Stages = []hotfix.Stage{{Environment: s.Environments[0], Reached: true}}
	if got := wants(s); got != "deployment/main/v1.7.1" {
		t.Fatalf("it wants %s", got)
	}
	refusal := &hotfix.Refusal{What: "the permission is missing", Remedy: "grant it"}
	r := &run{Forge: unrecordingForge{err: refusal}, snap: s}
	if err := r.observeDeployments(t.Context(), h, &h.Stages[0]); err != nil {
		t.Fatal(err)
	}
	status := standing(s, h)
	if got := wants(s); got != "state/1034" || !status.Complete() {
		t.Errorf("it wants %s, complete: %t", got, status.Complete())
	}
	p := status.Stages[0].Problem
	if p == nil || !strings.Contains(p.What, "`v1.7.1` is there") || !strings.Contains(p.What, refusal.What) || p.Remedy != "grant it" {
		t.Errorf("it says %+v", p)
	}
}
