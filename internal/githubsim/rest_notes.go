package githubsim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// generateNotes renders release notes without keeping anything.
func (c *call) generateNotes() (answer, error) {
	c.write = false
	var in releaseBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.TagName == nil || *in.TagName == "" {
		return answer{}, invalid("Release", "tag_name", "missing_field")
	}
	target := c.repo.DefaultBranch
	set(&target, in.Target)
	name, body, err := c.notes(*in.TagName, target, in.Previous)
	return ok(object{"name": name, "body": body}), err
}

// notes lists the pull requests that were merged since the previous release, as GitHub does
// without a .github/release.yml.
func (c *call) notes(tag, target, previous string) (name, body string, err error) {
	git := c.repo.git
	at, err := git.resolve(cmp.Or(c.tagOr(tag), target))
	if err != nil {
		return "", "", refuse(404, "Not Found")
	}
	if previous == "" {
		if previous, err = c.previousTag(tag, at.SHA); err != nil {
			return "", "", err
		}
	}
	args := []string{at.SHA}
	if previous != "" {
		from, err := git.commit("refs/tags/" + previous)
		if err != nil {
			return "", "", invalid("Release", "previous_tag_name", "invalid")
		}
		args = append(args, "^"+from.SHA)
	}
	shas, err := git.log(c.ctx, args...)
	if err != nil {
		return "", "", err
	}
	body = c.whatsChanged(shas)
	link := c.page(c.repo, "/commits/%s", escapePath(tag))
	if previous != "" {
		link = c.page(c.repo, "/compare/%s...%s", escapePath(previous), escapePath(tag))
	}
	return tag, body + "**Full Changelog**: " + link, nil
}

// tagOr gives the tag's full name if it exists, else "".
func (c *call) tagOr(name string) string {
	if _, err := c.repo.git.ref("refs/tags/" + name); err != nil {
		return ""
	}
	return "tags/" + name
}

// previousTag is the tag of the newest release, other than this one, in the commit's history.
func (c *call) previousTag(tag, sha string) (string, error) {
	for _, x := range slices.Backward(c.repo.Releases) {
		if x.TagName == tag || x.Draft {
			continue
		}
		at, err := c.repo.git.commit("refs/tags/" + x.TagName)
		if err != nil {
			continue
		}
		in, err := c.repo.git.isAncestor(c.ctx, at.SHA, sha)
		if err != nil || in {
			return x.TagName, err
		}
	}
	return "", nil
}

// whatsChanged is the list of merged pull requests, oldest first; "" for none.
func (c *call) whatsChanged(shas []string) string {
	var b strings.Builder
	for _, i := range c.repo.Issues {
		if i == nil || i.Pull == nil || !i.Pull.Merged || !slices.Contains(shas, i.Pull.MergeCommitSHA) {
			continue
		}
		fmt.Fprintf(&b, "* %s by @%s in %s\n", i.Title, i.User.Login, c.page(c.repo, "/pull/%d", i.Number))
	}
	if b.Len() == 0 {
		return ""
	}
	return "## What's Changed\n" + b.String() + "\n\n"
}
