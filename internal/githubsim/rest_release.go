package githubsim

import (
	"slices"
	"strings"
)

func releaseRoutes() []route {
	read, write := reads("contents"), writes(RoleWrite, "contents")
	return []route{
		{"GET", "/repos/:owner/:repo/releases", read, (*call).listReleases},
		{"POST", "/repos/:owner/:repo/releases", write, (*call).createRelease},
		{"GET", "/repos/:owner/:repo/releases/latest", read, (*call).latestRelease},
		{"POST", "/repos/:owner/:repo/releases/generate-notes", write, (*call).generateNotes},
		{"GET", "/repos/:owner/:repo/releases/tags/*tag", read, (*call).releaseByTag},
		{"GET", "/repos/:owner/:repo/releases/:id", read, (*call).getRelease},
		{"PATCH", "/repos/:owner/:repo/releases/:id", write, (*call).patchRelease},
		{"DELETE", "/repos/:owner/:repo/releases/:id", write, (*call).deleteRelease},
	}
}

// listReleases lists releases, newest first; drafts only to who may write.
func (c *call) listReleases() (answer, error) {
	var some []*Release
	for _, x := range c.repo.Releases {
		if !x.Draft || c.canWrite(c.repo) {
			some = append(some, x)
		}
	}
	slices.Reverse(some)
	return list(c, some, c.wireRelease), nil
}

// release finds a release that satisfies a condition.
func (r *Repo) release(want func(*Release) bool) (*Release, error) {
	for _, x := range r.Releases {
		if want(x) {
			return x, nil
		}
	}
	return nil, errNotFound
}

func (c *call) releaseParam() (*Release, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, err
	}
	return c.repo.release(func(x *Release) bool { return x.ID == id && (!x.Draft || c.canWrite(c.repo)) })
}

func (c *call) getRelease() (answer, error) {
	x, err := c.releaseParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireRelease(x)), nil
}

func (c *call) releaseByTag() (answer, error) {
	x, err := c.repo.release(func(x *Release) bool { return x.TagName == c.rest("tag") && !x.Draft })
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireRelease(x)), nil
}

func (c *call) latestRelease() (answer, error) {
	x := c.repo.latestRelease()
	if x == nil {
		return answer{}, errNotFound
	}
	return ok(c.wireRelease(x)), nil
}

// latestRelease is the one that was made latest last, else the newest.
func (r *Repo) latestRelease() *Release {
	var best *Release
	for _, x := range r.Releases {
		if x.Draft || x.Prerelease || x.Latest == "false" {
			continue
		}
		if best == nil || x.madeLatest > best.madeLatest || x.madeLatest == best.madeLatest && !x.PublishedAt.Before(*best.PublishedAt) {
			best = x
		}
	}
	return best
}

// releaseBody is what POST and PATCH take.
type releaseBody struct {
	TagName    *string `json:"tag_name"`
	Target     *string `json:"target_commitish"`
	Name       *string `json:"name"`
	Body       *string `json:"body"`
	Draft      *bool   `json:"draft"`
	Prerelease *bool   `json:"prerelease"`
	MakeLatest *string `json:"make_latest"`
	Generate   bool    `json:"generate_release_notes"`
	Previous   string  `json:"previous_tag_name"` // of generate-notes
}

// apply takes the body over.
func (c *call) applyRelease(x *Release, in releaseBody) error {
	set(&x.TagName, in.TagName)
	set(&x.Target, in.Target)
	set(&x.Name, in.Name)
	set(&x.Body, in.Body)
	set(&x.Draft, in.Draft)
	set(&x.Prerelease, in.Prerelease)
	switch {
	case x.TagName == "":
		return invalid("Release", "tag_name", "missing_field")
	case !validRefName("refs/tags/" + x.TagName):
		return invalidBecause("Release", "tag_name", "tag_name is not a valid tag")
	case len([]rune(x.Body)) > 125000:
		return invalidBecause("Release", "body", "body is too long (maximum is 125000 characters)")
	case in.MakeLatest != nil && !slices.Contains([]string{"true", "false", "legacy"}, *in.MakeLatest):
		return invalid("Release", "make_latest", "invalid")
	case in.MakeLatest != nil && *in.MakeLatest == "true" && (x.Draft || x.Prerelease):
		return invalidBecause("Release", "make_latest", "Latest release cannot be draft or prerelease")
	}
	_, err := c.repo.release(func(o *Release) bool { return o.ID != x.ID && o.TagName == x.TagName && !o.Draft })
	if err == nil && !x.Draft {
		return invalid("Release", "tag_name", "already_exists")
	}
	if _, err := c.repo.git.resolve(x.Target); err != nil {
		return invalid("Release", "target_commitish", "invalid")
	}
	return nil
}

// publish makes the tag of a release that is no draft, where there is none, and its date.
func (c *call) publish(x *Release, makeLatest *string) error {
	if x.Draft {
		return nil
	}
	name := "refs/tags/" + x.TagName
	at, err := c.repo.git.commit(name)
	if missing(err) {
		if at, err = c.repo.git.resolve(x.Target); err != nil {
			return err
		}
		ch := refChange{Ref: name, Old: zeroSHA, New: at.SHA}
		if err := c.mayMove(ch, 422); err != nil {
			return err
		}
		if err := c.moveRefs(c.ctx, c.actor, c.repo, ch); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	fresh := x.PublishedAt == nil
	if fresh {
		now := c.clock()
		x.PublishedAt, x.CreatedAt = &now, at.Committer.When
	}
	set(&x.Latest, makeLatest)
	if !x.Prerelease && (makeLatest == nil && fresh || makeLatest != nil && *makeLatest == "true") {
		x.madeLatest = c.nextID("latest")
	}
	return nil
}

func (c *call) createRelease() (answer, error) {
	var in releaseBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	x := &Release{Repo: c.repo, Target: c.repo.DefaultBranch, Author: c.actor.User, CreatedAt: c.clock(), UpdatedAt: c.clock()}
	if err := c.applyRelease(x, in); err != nil {
		return answer{}, err
	}
	if err := c.publish(x, in.MakeLatest); err != nil {
		return answer{}, err
	}
	if in.Generate {
		name, body, err := c.notes(x.TagName, x.Target, in.Previous)
		if err != nil {
			return answer{}, err
		}
		if x.Name == "" {
			x.Name = name
		}
		x.Body = strings.TrimPrefix(x.Body+"\n\n"+body, "\n\n")
	}
	x.ID = c.nextID("release")
	c.repo.Releases = append(c.repo.Releases, x)
	c.emitRelease(x, "created")
	if !x.Draft {
		c.emitPublished(x)
	}
	return created(c.wireRelease(x)), nil
}

func (c *call) emitRelease(x *Release, action string) {
	c.emit(Event{Name: "release", Action: action, Actor: c.actor, Repo: c.repo, Release: x})
}

// emitPublished emits what a release says when it becomes visible.
func (c *call) emitPublished(x *Release) {
	c.emitRelease(x, "published")
	if x.Prerelease {
		c.emitRelease(x, "prereleased")
		return
	}
	c.emitRelease(x, "released")
}

func (c *call) patchRelease() (answer, error) {
	x, err := c.releaseParam()
	if err != nil {
		return answer{}, err
	}
	var in releaseBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	changed := *x
	if err := c.applyRelease(&changed, in); err != nil {
		return answer{}, err
	}
	if err := c.publish(&changed, in.MakeLatest); err != nil {
		return answer{}, err
	}
	wasDraft, wasName, wasBody := x.Draft, x.Name, x.Body
	*x = changed
	x.UpdatedAt = c.clock()
	if wasDraft && !x.Draft {
		c.emitPublished(x)
	} else if !x.Draft {
		c.emit(Event{Name: "release", Action: "edited", Actor: c.actor, Repo: c.repo, Release: x,
			Changes: map[string]string{"name": wasName, "body": wasBody}})
	}
	return ok(c.wireRelease(x)), nil
}

// deleteRelease leaves the tag, as GitHub does.
func (c *call) deleteRelease() (answer, error) {
	x, err := c.releaseParam()
	if err != nil {
		return answer{}, err
	}
	c.repo.Releases = slices.DeleteFunc(slices.Clone(c.repo.Releases), func(y *Release) bool { return y == x })
	c.emitRelease(x, "deleted")
	return noContent(), nil
}
