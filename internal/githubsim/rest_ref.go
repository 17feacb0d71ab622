package githubsim

import (
	"strings"
)

func gitDataRoutes() []route {
	read, write := reads("contents"), writes(RoleWrite, "contents")
	return []route{
		{"GET", "/repos/:owner/:repo/git/ref/*ref", read, (*call).getRef},
		{"GET", "/repos/:owner/:repo/git/matching-refs/*ref", read, (*call).matchRefs},
		{"POST", "/repos/:owner/:repo/git/refs", write, (*call).createRef},
		{"PATCH", "/repos/:owner/:repo/git/refs/*ref", write, (*call).updateRef},
		{"DELETE", "/repos/:owner/:repo/git/refs/*ref", write, (*call).deleteRef},
		{"GET", "/repos/:owner/:repo/git/commits/:sha", read, (*call).getGitCommit},
		{"POST", "/repos/:owner/:repo/git/commits", write, (*call).createGitCommit},
		{"GET", "/repos/:owner/:repo/git/tags/:sha", read, (*call).getGitTag},
		{"POST", "/repos/:owner/:repo/git/tags", write, (*call).createGitTag},
		{"GET", "/repos/:owner/:repo/git/trees/*sha", read, (*call).getTree},
		{"POST", "/repos/:owner/:repo/git/trees", write, (*call).createTree},
		{"GET", "/repos/:owner/:repo/git/blobs/:sha", read, (*call).getBlob},
		{"POST", "/repos/:owner/:repo/git/blobs", write, (*call).createBlob},
	}
}

// empty is what the git data API says of a repository without commits.
func (c *call) empty() error {
	refs, err := c.repo.git.refs(c.ctx, "refs/heads/")
	if err == nil && len(refs) == 0 {
		return errEmptyRepo
	}
	return err
}

func (c *call) getRef() (answer, error) {
	x, err := c.repo.git.ref("refs/" + c.rest("ref"))
	if missing(err) {
		if err := c.empty(); err != nil {
			return answer{}, err
		}
	}
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireRef(c.repo, x)), nil
}

// matchRefs lists the refs whose names begin with what is given.
func (c *call) matchRefs() (answer, error) {
	if err := c.empty(); err != nil {
		return answer{}, err
	}
	prefix := "refs/" + c.rest("ref")
	refs, err := c.repo.git.refs(c.ctx, prefix[:strings.LastIndexByte(prefix, '/')+1])
	if err != nil {
		return answer{}, err
	}
	out := []object{}
	for _, x := range refs {
		if strings.HasPrefix(x.Name, prefix) {
			out = append(out, c.wireRef(c.repo, x))
		}
	}
	return ok(out), nil
}

func (c *call) createRef() (answer, error) {
	var in struct {
		Ref string `json:"ref"`
		SHA string `json:"sha"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := c.empty(); err != nil {
		return answer{}, err
	}
	if !validRefName(in.Ref) || strings.HasPrefix(in.Ref, "refs/pull/") {
		return answer{}, refuse(422, "Reference name must be valid and begin with refs/")
	}
	ch := refChange{Ref: in.Ref, Old: zeroSHA, New: in.SHA}
	if err := c.checkTarget(ch); err != nil {
		return answer{}, err
	}
	if _, err := c.repo.git.ref(in.Ref); err == nil {
		return answer{}, refuse(422, "Reference already exists")
	}
	if err := c.mayMove(ch, 422); err != nil {
		return answer{}, err
	}
	if err := c.repo.git.updateRefs(c.ctx, ch); err != nil {
		return answer{}, refuse(422, "Reference update failed") // a/b beside a, for one
	}
	if err := c.refsChanged(c.ctx, c.actor, c.repo, []refChange{ch}); err != nil {
		return answer{}, err
	}
	x, err := c.repo.git.ref(in.Ref)
	return created(c.wireRef(c.repo, x)), err
}

// checkTarget refuses an object that is not there, or that a branch cannot point to.
func (c *call) checkTarget(ch refChange) error {
	if !isSHA(ch.New) {
		return refuse(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
	}
	o, err := c.repo.git.object(ch.New)
	if missing(err) {
		return refuse(422, "Object does not exist")
	}
	if err == nil && ch.branch() != "" && o.Type != "commit" {
		return refuse(422, "Reference update failed")
	}
	return err
}

func (c *call) updateRef() (answer, error) {
	var in struct {
		SHA   string `json:"sha"`
		Force bool   `json:"force"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	x, err := c.existingRef()
	if err != nil {
		return answer{}, err
	}
	ch := refChange{Ref: x.Name, Old: x.SHA, New: in.SHA}
	if err := c.checkTarget(ch); err != nil {
		return answer{}, err
	}
	if ch.branch() != "" && !in.Force {
		forward, err := c.repo.git.isAncestor(c.ctx, ch.Old, ch.New)
		if err != nil {
			return answer{}, err
		}
		if !forward {
			return answer{}, refuse(422, "Update is not a fast forward")
		}
	}
	if err := c.mayMove(ch, 422); err != nil {
		return answer{}, err
	}
	if ch.Old != ch.New {
		if err := c.moveRefs(c.ctx, c.actor, c.repo, ch); err != nil {
			return answer{}, err
		}
	}
	x, err = c.repo.git.ref(x.Name)
	return ok(c.wireRef(c.repo, x)), err
}

// existingRef finds the ref that the path names, which must be there.
func (c *call) existingRef() (ref, error) {
	name := "refs/" + c.rest("ref")
	x, err := c.repo.git.ref(name)
	if missing(err) || strings.HasPrefix(name, "refs/pull/") {
		return ref{}, refuse(422, "Reference does not exist")
	}
	return x, err
}

func (c *call) deleteRef() (answer, error) {
	x, err := c.existingRef()
	if err != nil {
		return answer{}, err
	}
	ch := refChange{Ref: x.Name, Old: x.SHA, New: zeroSHA}
	if ch.branch() == c.repo.DefaultBranch {
		return answer{}, refuse(422, "Cannot delete the default branch")
	}
	if err := c.mayMove(ch, 422); err != nil {
		return answer{}, err
	}
	return noContent(), c.moveRefs(c.ctx, c.actor, c.repo, ch)
}
