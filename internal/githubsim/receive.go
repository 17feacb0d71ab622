package githubsim

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// gitReceive answers a push. It does receive-pack's work itself, with git's own plumbing:
// new objects stay in quarantine until every ref was judged, as on GitHub. A client that goes
// away once its pack has arrived undoes nothing.
func (g *GitHub) gitReceive(w http.ResponseWriter, r *http.Request, param func(string) string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c, err := g.gitAccess(r, param, true)
	if err != nil {
		g.refuseGit(w, r, c.actor, err)
		return
	}
	p, err := readPush(r)
	if err != nil {
		g.refuseGit(w, r, c.actor, refuse(400, "%s", err))
		return
	}
	if len(p.changes) == 0 { // git's question whether the server would take a large push
		status := g.sendGit(w, r, "application/x-git-receive-pack-result", nil)
		g.note(r, r.URL.EscapedPath(), c.actor, status, false)
		return
	}
	report, moved, err := g.receive(context.WithoutCancel(r.Context()), c, p)
	if err != nil {
		g.refuseGit(w, r, c.actor, err)
		return
	}
	status := g.sendGit(w, r, "application/x-git-receive-pack-result", report.render(p))
	g.note(r, r.URL.EscapedPath(), c.actor, status, moved)
}

func readPush(r *http.Request) (pushRequest, error) {
	body, err := gitBody(r)
	if err != nil {
		return pushRequest{}, err
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return pushRequest{}, err
	}
	return parsePush(data)
}

// receive takes a push: objects into quarantine, each ref judged, objects let out, refs
// moved.
func (g *GitHub) receive(ctx context.Context, c gitCall, p pushRequest) (pushReport, bool, error) {
	report := pushReport{unpack: "ok", reasons: map[string]string{}}
	q, err := c.repo.git.quarantine()
	if err != nil {
		return report, false, err
	}
	defer q.discard()
	if err := q.unpack(ctx, p); err != nil {
		report.unpack = strings.TrimSpace(err.Error())
		for _, ch := range p.changes {
			report.reasons[ch.Ref] = "unpacker error"
		}
		return report, false, nil
	}
	var good []refChange
	for _, ch := range p.changes {
		reason, err := g.judge(ctx, c, q.git, ch, &report)
		if err != nil {
			return report, false, err
		}
		if reason != "" {
			report.reasons[ch.Ref] = reason
			continue
		}
		good = append(good, ch)
	}
	if p.caps["atomic"] && len(good) < len(p.changes) {
		for _, ch := range good {
			report.reasons[ch.Ref] = "atomic push failure"
		}
		good = nil
	}
	if len(good) == 0 {
		return report, false, nil
	}
	if err := q.release(); err != nil {
		return report, false, err
	}
	return report, true, g.moveRefs(ctx, c.actor, c.repo, good...)
}

// judge says why a ref may not move so, or "".
func (g *GitHub) judge(ctx context.Context, c gitCall, git *gitDir, ch refChange, report *pushReport) (string, error) {
	r := c.repo
	switch {
	case strings.HasPrefix(ch.Ref, "refs/pull/"):
		return "deny updating a hidden ref", nil
	case !validRefName(ch.Ref):
		return "funny refname", nil
	case ch.New == zeroSHA && ch.branch() == r.DefaultBranch:
		return "refusing to delete the current branch: " + ch.Ref, nil
	}
	at := zeroSHA
	if x, err := r.git.ref(ch.Ref); err == nil {
		at = x.SHA
	}
	if at != ch.Old {
		return fmt.Sprintf("cannot lock ref '%s': is at %s but expected %s", ch.Ref, at, ch.Old), nil
	}
	if ch.New != zeroSHA {
		if reason := git.acceptable(ctx, ch); reason != "" {
			return reason, nil
		}
	}
	broken, err := g.brokenRules(ctx, c.actor, r, git, ch)
	if err != nil {
		return "", err
	}
	if len(broken) > 0 {
		report.remote = append(report.remote, g.violationText(r, ch.Ref, broken)...)
		return "push declined due to repository rule violations", nil
	}
	return workflowRefusal(ctx, c.token, git, ch)
}

// acceptable says why a ref cannot point to its new object, or "". A branch needs a commit,
// and everything needs its whole history.
func (d *gitDir) acceptable(ctx context.Context, ch refChange) string {
	o, err := d.object(ch.New)
	if err != nil || ch.branch() != "" && o.Type != "commit" {
		return "missing necessary objects"
	}
	if _, err := d.run(ctx, "rev-list", "--objects", "--quiet", ch.New, "--not", "--all"); err != nil {
		return "missing necessary objects"
	}
	return ""
}

// quarantined is a repository whose new objects are kept apart.
type quarantined struct {
	git *gitDir // sees both
	dir string
	to  string
}

func (d *gitDir) quarantine() (*quarantined, error) {
	dir, err := os.MkdirTemp(filepath.Join(d.path, "objects"), "incoming-")
	if err != nil {
		return nil, err
	}
	objects := filepath.Join(d.path, "objects")
	git := &gitDir{path: d.path, extra: []string{
		"GIT_OBJECT_DIRECTORY=" + dir, "GIT_ALTERNATE_OBJECT_DIRECTORIES=" + objects,
	}}
	return &quarantined{git: git, dir: dir, to: objects}, nil
}

// unpack stores the objects of a push. Small packs become loose objects, as
// receive.unpackLimit has it; all are checked as GitHub checks them (fsck).
func (q *quarantined) unpack(ctx context.Context, p pushRequest) error {
	if len(p.pack) == 0 {
		return nil
	}
	args := []string{"unpack-objects", "-q", "--strict"}
	if len(p.pack) >= 12 && binary.BigEndian.Uint32(p.pack[8:12]) >= 100 {
		args = []string{"index-pack", "--stdin", "--fix-thin", "--strict"}
	}
	_, err := q.git.feed(ctx, strings.NewReader(string(p.pack)), args...)
	return err
}

// release moves the objects into the repository; an index last, so that no reader sees it
// without its pack.
func (q *quarantined) release() error {
	var files, indexes []string
	err := filepath.WalkDir(q.dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil || e.IsDir():
			return err
		case strings.HasSuffix(path, ".idx"):
			indexes = append(indexes, path)
		default:
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range append(files, indexes...) {
		rel, err := filepath.Rel(q.dir, f)
		if err != nil {
			return err
		}
		to := filepath.Join(q.to, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Rename(f, to); err != nil {
			return err
		}
	}
	return nil
}

func (q *quarantined) discard() {
	q.git.close()
	_ = os.RemoveAll(q.dir)
}
