package gitops

import (
	"context"
	"fmt"
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
