package demo

import (
	"os"
	"strings"
	"testing"
)

// TestChecks shows what each of the last checks finds on the shop of before the
// story, as it is made to look more and more like the end.
func TestChecks(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := &story{world: &world{dir: t.TempDir(), pipeline: Simple}}
	if err := os.MkdirAll(s.gitDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := plantHistory(ctx, s.gitDir(), Simple); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) string {
		t.Helper()
		out, err := s.git(ctx, append([]string{"-c", "user.name=Bob", "-c", "user.email=bob@example.com"}, args...)...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	s.landed = do("rev-parse", "main")
	wants := func(err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v instead of %q", err, want)
		}
	}
	wants(s.tagged(ctx), "v1.7.1")
	do("tag", tag, "main")
	wants(s.tagged(ctx), "v1.7.1 is an annotated tag and not a commit")
	do("tag", "-f", "-a", "-m", "1.7.1", tag, "qa")
	wants(s.tagged(ctx), "v1.7.1 is on "+s.landed)
	do("tag", "-f", "-a", "-m", "1.7.1", tag, "main")
	if err := s.tagged(ctx); err != nil {
		t.Error(err)
	}
	wants(s.everywhere(ctx), "main has the fix")
	wants(s.attributed(ctx), "two commits landed")
	now, err := s.environments(ctx)
	if err != nil || !now[0].Red || now[0].Version+now[0].Mark != "1.7.1" || now[1].Version+now[1].Mark != "1.7.1+" {
		t.Errorf("%+v, %v", now, err)
	}
}
