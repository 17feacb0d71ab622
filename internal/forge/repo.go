package forge

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Repo is one repository on GitHub, as it was looked up. It holds no state of its
// own and is safe for concurrent use.
type Repo struct {
	app    *App
	about  hotfix.Repository
	bot    hotfix.Bot
	client *github.Client
}

// About is the repository as it was looked up.
func (r *Repo) About() hotfix.Repository { return r.about }

// Bot is the App's account.
func (r *Repo) Bot() hotfix.Bot { return r.bot }

// FileAt reads a file at a commit; ok is false when there is none, or no such commit,
// or when the path is something else than a file. A file above 1 MB, whose content
// GitHub does not send, is a *hotfix.Refusal.
func (r *Repo) FileAt(ctx context.Context, path string, commit hotfix.OID) (data []byte, ok bool, err error) {
	file, _, _, err := r.client.Repositories.GetContents(ctx, r.about.Owner, r.about.Name, path,
		&github.RepositoryContentGetOptions{Ref: string(commit)})
	if err := reading(path, "Contents").fate(err); gone(err) {
		return nil, false, nil
	} else if err != nil {
		return nil, false, err
	}
	if file.GetType() != "file" {
		return nil, false, nil
	}
	if file.GetEncoding() == "none" {
		return nil, false, &hotfix.Refusal{
			What:   path + " is larger than 1 MB, so GitHub does not send its content",
			Remedy: "make it smaller",
			Topic:  hotfix.TopicBrokenConfig,
		}
	}
	content, err := file.GetContent()
	if err != nil {
		return nil, false, fmt.Errorf("reading %s: %w", path, err)
	}
	return []byte(content), true, nil
}

// byBot reports whether an account is the App's. An account's id cannot be taken
// over by renaming. (performed_via_github_app would also hold for a person who
// acts through the App.)
func (r *Repo) byBot(user *github.User) bool { return user.GetID() == r.bot.UserID }

// numbered is how people write an issue or pull request.
func numbered(number int) string { return "#" + strconv.Itoa(number) }

func labelNames(labels []*github.Label) []string {
	names := make([]string, 0, len(labels))
	for _, label := range labels {
		names = append(names, label.GetName())
	}
	return names
}

// path is the path of something of the repository.
func (r *Repo) path(format string, parts ...any) string {
	return fmt.Sprintf("repos/%s/%s/", r.about.Owner, r.about.Name) + fmt.Sprintf(format, parts...)
}

// get reads something of the repository that go-github has no fitting type for.
func (r *Repo) get(ctx context.Context, into any, format string, parts ...any) (*github.Response, error) {
	return fetch(ctx, r.client, r.path(format, parts...), into)
}

// exists asks for one path of the repository and reports whether GitHub has it.
func (r *Repo) exists(ctx context.Context, a act, path string) (bool, error) {
	_, err := fetch(ctx, r.client, r.path("%s", path), nil)
	if err := a.fate(err); gone(err) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return true, nil
}
