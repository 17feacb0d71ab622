package gitops

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Refs lists the branches and tags of the remote; tags are peeled and sorted by name.
func (j *Job) Refs(ctx context.Context) (hotfix.Refs, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	out, err := j.git(ctx, call{args: []string{"ls-remote", "-q", "--heads", "--tags", "origin"}, online: true})
	if err != nil {
		return hotfix.Refs{}, j.remoteError(err)
	}
	return parseRefs(out), nil
}

// parseRefs reads "<id>\t<ref>" lines; an annotated tag is followed by the line
// of what it points to, with ^{} after its name. What has a name that cannot be
// pushed to is left out: a server may send anything.
func parseRefs(out []byte) hotfix.Refs {
	refs := hotfix.Refs{Branches: map[string]hotfix.OID{}}
	tags := map[string]hotfix.Tag{}
	for line := range bytes.Lines(out) {
		id, ref, ok := strings.Cut(strings.TrimSuffix(string(line), "\n"), "\t")
		if !ok || !hotfix.OID(id).Valid() {
			continue
		}
		if checkRef(strings.TrimSuffix(ref, "^{}")) != nil {
			continue
		}
		if name, ok := strings.CutPrefix(ref, "refs/heads/"); ok {
			refs.Branches[name] = hotfix.OID(id)
		}
		if name, ok := strings.CutPrefix(ref, "refs/tags/"); ok {
			name, peeled := strings.CutSuffix(name, "^{}")
			tag := tags[name]
			tag.Name, tag.Commit = name, hotfix.OID(id)
			if !peeled {
				tag.Object = hotfix.OID(id)
			}
			tags[name] = tag
		}
	}
	for _, tag := range tags {
		refs.Tags = append(refs.Tags, tag)
	}
	slices.SortFunc(refs.Tags, func(a, b hotfix.Tag) int { return cmp.Compare(a.Name, b.Name) })
	return refs
}

// lookUp is where a ref of the remote is; empty when it does not exist.
func (j *Job) lookUp(ctx context.Context, ref string) (hotfix.OID, error) {
	out, err := j.git(ctx, call{args: []string{"ls-remote", "-q", "origin", ref}, online: true})
	if err != nil {
		return "", j.remoteError(err)
	}
	for line := range bytes.Lines(out) {
		id, name, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), "\t")
		if name == ref {
			return hotfix.OID(id), nil
		}
	}
	return "", nil
}
