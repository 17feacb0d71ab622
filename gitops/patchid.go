package gitops

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// patchID names a change by its lines and their context, wherever in a file it
// stands. It is empty for a change of nothing.
type patchID string

var treePair = regexp.MustCompile(`^[0-9a-f]{40} [0-9a-f]{40}\n$`)

// patchIDs are the ids of changes between loaded commits, in two processes for
// all of them. White space counts (--verbatim): no way of merging alters it.
func (j *Job) patchIDs(ctx context.Context, picks []hotfix.Pick) ([]patchID, error) {
	if err := j.fetchChanged(ctx, picks); err != nil {
		return nil, err
	}
	if err := j.useAttributes(ctx, nil, nil); err != nil { // those of the last replay would hide lines
		return nil, err
	}
	var pairs strings.Builder
	for _, p := range picks {
		t, err := j.treesOf(p)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&pairs, "%s %s\n", t.before, t.after)
	}
	diffs, err := j.git(ctx, call{
		args:  []string{"diff-tree", "--stdin", "-p", "--full-index", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv"},
		stdin: []byte(pairs.String()),
	})
	if err != nil {
		return nil, err
	}
	out, err := j.git(ctx, call{args: []string{"patch-id", "--verbatim"}, stdin: numberPatches(diffs)})
	if err != nil {
		return nil, err
	}
	return parsePatchIDs(out, len(picks))
}

// fetchChanged brings the blobs that the picks' diffs show.
func (j *Job) fetchChanged(ctx context.Context, picks []hotfix.Pick) error {
	var blobs []hotfix.OID
	for _, p := range picks {
		changes, err := j.sourceChanges(ctx, p)
		if err != nil {
			return err
		}
		for _, c := range changes {
			for _, e := range []entry{c.old, c.new} {
				if e.blob() {
					blobs = append(blobs, e.oid)
				}
			}
		}
	}
	return j.fetchBlobs(ctx, blobs)
}

// numberPatches replaces diff-tree's heading of each pair of trees by "commit
// <n>", the form in which patch-id repeats it. No line of a patch looks like a
// heading: all begin with a letter of their own, a sign or a blank.
func numberPatches(diffs []byte) []byte {
	var out bytes.Buffer
	n := 0
	for line := range bytes.Lines(diffs) {
		if treePair.Match(line) {
			n++
			fmt.Fprintf(&out, "commit %040x\n", n)
			continue
		}
		out.Write(line)
	}
	return out.Bytes()
}

// parsePatchIDs reads "<patch id> <number>" lines; empty changes have none.
func parsePatchIDs(out []byte, count int) ([]patchID, error) {
	ids := make([]patchID, count)
	for line := range bytes.Lines(out) {
		var id string
		var n int
		if _, err := fmt.Sscanf(string(line), "%40s %40x", &id, &n); err != nil || n < 1 || n > count {
			return nil, fmt.Errorf("git patch-id: %q is no answer", line)
		}
		ids[n-1] = patchID(id)
	}
	return ids, nil
}
