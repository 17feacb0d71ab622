package bot

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Sweep names every repository in which the App is installed, so that each is
// reconciled whether or not its webhooks arrived. It writes nothing.
func Sweep(ctx context.Context, forges Forges) ([]hotfix.RepositoryID, error) {
	repositories, err := forges.Repositories(ctx)
	if err != nil {
		return nil, fmt.Errorf("list repositories: %w", err)
	}
	var ids []hotfix.RepositoryID
	for _, repository := range repositories {
		if !repository.Archived {
			ids = append(ids, repository.ID)
		}
	}
	return ids, nil
}
