package gitops

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// firstParents loads a commit and those before it along first parents, newest
// first, at most n and as far as they were fetched.
func (j *Job) firstParents(ctx context.Context, id hotfix.OID, n int) ([]hotfix.OID, error) {
	out, err := j.git(ctx, call{args: []string{"rev-list", "--first-parent", fmt.Sprintf("--max-count=%d", n), string(id)}})
	if err != nil {
		return nil, err
	}
	var ids []hotfix.OID
	for _, line := range strings.Fields(string(out)) {
		ids = append(ids, hotfix.OID(line))
		j.here[hotfix.OID(line)] = true
	}
	return ids, j.load(ctx, ids...)
}

// between lists the commits above base up to head, oldest first, with nothing but
// their ids and parents. It brings commits without any content for that. The list
// is nil when there are more than a replay may have, when there are merges among
// them, or when the server cannot leave out content.
func (j *Job) between(ctx context.Context, base, head hotfix.OID) ([]hotfix.Commit, error) {
	most := j.engine.settings.Limits.Picks
	if j.clone == nil {
		if done, err := j.fetchCommits(ctx, head, most+1); err != nil || !done {
			return nil, err
		}
	}
	out, err := j.git(ctx, call{args: []string{"rev-list", "--first-parent", "--parents", fmt.Sprintf("--max-count=%d", most), string(head)}})
	if err != nil {
		return nil, err
	}
	var commits []hotfix.Commit
	for line := range strings.Lines(string(out)) {
		ids := strings.Fields(line)
		if len(ids) != 2 { // a merge, a root, or the end of what came
			return nil, nil
		}
		parent := hotfix.OID(ids[1])
		commits = append(commits, hotfix.Commit{OID: hotfix.OID(ids[0]), Parents: []hotfix.OID{parent}})
		if parent == base {
			slices.Reverse(commits)
			return commits, nil
		}
	}
	return nil, nil
}

// fetchCommits brings a commit and so many generations with it, but neither trees
// nor blobs: what was fetched so is not here for anything else. done is false
// where a server has no such thing.
func (j *Job) fetchCommits(ctx context.Context, id hotfix.OID, depth int) (done bool, err error) {
	if j.server.whole {
		return false, nil
	}
	args := append(fetchCommand[:len(fetchCommand):len(fetchCommand)], "--filter=tree:0", fmt.Sprintf("--depth=%d", depth), "origin", string(id))
	stderr, err := j.fetchChecked(ctx, call{args: args, online: true})
	if j.learn(ctx, stderr) {
		return false, nil
	}
	return err == nil, j.remoteError(err)
}
