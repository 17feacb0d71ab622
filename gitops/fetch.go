package gitops

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// argumentBatch is how many ids are asked for at once: they fit into one command
// line, and into one HTTP request that is not sent in chunks (http.postBuffer),
// which not every server takes.
const argumentBatch = 10_000

var fetchCommand = []string{"fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"}

// Fetch brings those of the commits that are not here yet, all in one request.
func (j *Job) Fetch(ctx context.Context, commits ...hotfix.OID) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.fetch(ctx, commits...)
}

// fetch is Fetch; empty ids are passed over.
func (j *Job) fetch(ctx context.Context, commits ...hotfix.OID) error {
	wanted, err := j.absent(commits)
	if err != nil {
		return err
	}
	return j.fetchObjects(ctx, wanted, 1)
}

// fetchHistory brings the commit with so many generations before it.
func (j *Job) fetchHistory(ctx context.Context, id hotfix.OID, depth int) error {
	if !id.Valid() {
		return fmt.Errorf("%q is no commit id", id)
	}
	return j.fetchObjects(ctx, []hotfix.OID{id}, depth)
}

// fetchBlobs brings blobs, as a lazy fetch would, but all at once. It looks for
// no common history: a blob has none.
func (j *Job) fetchBlobs(ctx context.Context, blobs []hotfix.OID) error {
	wanted, err := j.absent(blobs)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(wanted, argumentBatch) {
		if err := j.fetchObjects(ctx, batch, 0); err != nil {
			return err
		}
	}
	return nil
}

// fetchObjects brings exactly these objects in one request; depth 0 is for blobs.
// A clone has what it has: what it lacks shows when it is read.
func (j *Job) fetchObjects(ctx context.Context, ids []hotfix.OID, depth int) error {
	var err error
	switch {
	case len(ids) == 0 || j.clone != nil:
		return nil
	case depth == 0 && j.server.whole:
		// They came with their commits.
	case j.server.named:
		err = j.fetchNamed(ctx, ids, depth)
	default:
		var stderr string
		if stderr, err = j.fetchChecked(ctx, j.fetchCall(ids, depth)); j.learn(ctx, stderr) && err != nil {
			return j.fetchOtherwise(ctx, ids, depth)
		}
	}
	if err != nil {
		return j.remoteError(err)
	}
	for _, id := range ids {
		j.here[id] = true
	}
	return j.notePacks()
}

func (j *Job) fetchCall(ids []hotfix.OID, depth int) call {
	c := call{args: slices.Clone(fetchCommand), online: true}
	if j.server.whole {
		c.args = append(c.args, "--no-filter")
	} else {
		c.args = append(c.args, "--filter=blob:none")
	}
	if depth > 0 {
		c.args = append(c.args, fmt.Sprintf("--depth=%d", depth))
	} else {
		c.config = [][2]string{{"fetch.negotiationAlgorithm", "noop"}}
	}
	c.args = append(c.args, "origin")
	for _, id := range ids {
		c.args = append(c.args, string(id))
	}
	return c
}

// fetchChecked fetches with git's check of objects, and without it when all that
// the check found is harmless. (Before 2.45 git ignores fetch.fsck.<id> where a
// fetch is filtered, so that it cannot be told beforehand.) It returns what git
// said of it.
func (j *Job) fetchChecked(ctx context.Context, c call) (stderr string, err error) {
	config := c.config
	c.config = append(slices.Clone(config), [2]string{"fetch.fsckObjects", "true"})
	a, err := j.ask(ctx, c)
	if err != nil || a.code == 0 {
		return a.stderr, err
	}
	found, tolerable := faults(a.stderr)
	switch {
	case found == "":
		return a.stderr, &failure{verb: "fetch", answer: a}
	case !tolerable:
		return a.stderr, &hotfix.Refusal{
			What:   "git's check of the repository's objects failed: " + found,
			Remedy: "`git fsck` in a clone names the file or commit; bring this change over by hand",
			Topic:  hotfix.TopicDamaged,
		}
	}
	c.config = append(slices.Clone(config), [2]string{"fetch.fsckObjects", "false"})
	_, err = j.git(ctx, c)
	return a.stderr, err
}

var (
	fault = regexp.MustCompile(`(?m)^error: (object [0-9a-f]{40}: (\w+): .*)`)
	// tolerated are faults that clients of the past left. They endanger nothing
	// here: authors and messages are put right before they are written again.
	tolerated = []string{
		"badTimezone", "zeroPaddedDate", "badDate", "badDateOverflow", "missingNameBeforeEmail",
		"missingSpaceBeforeEmail", "missingSpaceBeforeDate", "missingEmail", "badEmail", "badName",
		"nulInCommit", "zeroPaddedFilemode",
	}
)

// faults is what the check of objects found first, or first of what is not
// tolerated.
func faults(stderr string) (found string, tolerable bool) {
	for _, f := range fault.FindAllStringSubmatch(stderr, -1) {
		if !slices.Contains(tolerated, f[2]) {
			return f[1], false
		}
		found = f[1]
	}
	return found, true
}

// absent is those of the ids that are not here, each once, in order; in a clone,
// where nothing can be fetched, none.
func (j *Job) absent(ids []hotfix.OID) ([]hotfix.OID, error) {
	var wanted []hotfix.OID
	seen := map[hotfix.OID]bool{"": true}
	for _, id := range ids {
		if seen[id] || j.here[id] {
			continue
		}
		seen[id] = true
		if !id.Valid() {
			return nil, fmt.Errorf("%q is no object id", id)
		}
		if j.clone == nil && !j.made(id) {
			wanted = append(wanted, id)
		}
	}
	return wanted, nil
}

// made reports whether an object was written here: what is fetched lies in packs.
func (j *Job) made(id hotfix.OID) bool {
	_, err := os.Stat(j.loose(id))
	return err == nil
}

func (j *Job) loose(id hotfix.OID) string {
	return filepath.Join(j.dir, "objects", string(id[:2]), string(id[2:]))
}
