package githubsim

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The wire functions render the model as GitHub's REST description has it. Webhook bodies
// are made of the same objects.

// stamp writes a time as GitHub does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// stampOr writes a time that may be absent.
func stampOr(t *time.Time) any {
	if t == nil {
		return nil
	}
	return stamp(*t)
}

// orNull is null for the empty string.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// at gives a url below the root.
func (g *GitHub) at(format string, args ...any) string { return g.url + fmt.Sprintf(format, args...) }

// inRepo gives a url of the REST API below a repository.
func (g *GitHub) inRepo(r *Repo, format string, args ...any) string {
	return g.url + "/repos/" + r.FullName() + fmt.Sprintf(format, args...)
}

// page gives a url of the website below a repository.
func (g *GitHub) page(r *Repo, format string, args ...any) string {
	return g.url + "/" + r.FullName() + fmt.Sprintf(format, args...)
}

// escapePath percent-encodes the segments of a path, not its slashes.
func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i, s := range parts {
		parts[i] = url.PathEscape(s)
	}
	return strings.Join(parts, "/")
}

// wireAll renders a list, never null.
func wireAll[T any](list []T, render func(T) object) []object {
	out := []object{}
	for _, x := range list {
		out = append(out, render(x))
	}
	return out
}

// itoa writes an id.
func itoa(n int64) string { return strconv.FormatInt(n, 10) }
