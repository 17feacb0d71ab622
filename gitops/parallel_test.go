package gitops

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Many jobs, and many callers of one job, come to the same commits.
func TestJobsInParallel(t *testing.T) {
	w := newWorld(t)
	target, picks := w.series()
	shared := w.job(t)
	tips := make([]hotfix.OID, 6)
	var group sync.WaitGroup
	for i := range tips {
		j := shared
		if i%2 == 0 {
			j = w.job(t)
		}
		group.Go(func() {
			r, err := j.Replay(t.Context(), target, seriesOf(picks...))
			if err != nil {
				t.Error(err)
			}
			tips[i] = r.Tip
		})
	}
	group.Wait()
	for _, tip := range tips {
		if tip != tips[0] || tip == "" {
			t.Errorf("tips %v", tips)
		}
	}
}

// Rename detection may read blobs of files that the picks do not change: the
// merge is tried without the network, and once more with it.
func TestMergeFetchesRenamedFileOnce(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	fix := w.Commit("fix")
	w.Branch("qa", string(base))
	w.Move("f", "g")
	w.Write("g", changed("nine", "9"))
	target := w.Commit("qa")
	w.server.Requests()
	_, r := w.replay(t, target, w.pickOf(fix))
	if got := w.server.Requests(); r.Outcome != hotfix.Clean || len(got) != 6 {
		t.Errorf("%s with requests %q", r.Outcome, got)
	}
}

func TestForbiddenIsRefusal(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		http.Error(w, "Permission to alice/shop.git denied to hotfixbot[bot].", http.StatusForbidden)
	}))
	defer s.Close()
	j, err := newEngine(t, t.TempDir()).Open(t.Context(), Remote{URL: s.URL + "/alice/shop.git"})
	if err != nil {
		t.Fatal(err)
	}
	var refused *hotfix.Refusal
	if _, err := j.Refs(t.Context()); !errors.As(err, &refused) ||
		refused.What != "git ls-remote was refused: Permission to alice/shop.git denied to hotfixbot[bot]." {
		t.Errorf("error %v", err)
	}
}

// A redirect is not followed: the token is for one host.
func TestRedirectIsNotFollowed(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	w.Commit("base")
	s := httptest.NewServer(http.RedirectHandler(w.server.URL+"/shop.git/info/refs?service=git-upload-pack", http.StatusMovedPermanently))
	defer s.Close()
	j, err := w.engine.Open(t.Context(), Remote{URL: s.URL + "/shop.git", Token: tokenOf("ghs_secret")})
	if err != nil {
		t.Fatal(err)
	}
	if refs, err := j.Refs(t.Context()); err == nil {
		t.Errorf("refs %+v", refs)
	}
	if got := w.server.Requests(); len(got) != 0 {
		t.Errorf("requests %q", got)
	}
}
