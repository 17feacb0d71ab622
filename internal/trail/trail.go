// Package trail tells every log line and every span what was being worked on: which
// deliveries, which repository, which hotfix. Whoever knows one of them puts it into the
// context; whoever writes a line gives it the context (Event.Ctx), and Stamp writes what
// it holds. Where the context has a tracer, spans are begun with the same.
//
// What must always hold: a line or span holds ids, a repository's name and numbers, never what
// people wrote and never a secret. What a context holds is known to be true of all that
// is done with it.
//
// It never decides anything, and nothing is read back from it but for being written.
package trail

import (
	"context"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Work is what is being worked on. What is not known is zero.
type Work struct {
	// Errand is what is done for no repository in particular: "sweep".
	Errand     string
	Repository hotfix.RepositoryID
	Name       string   // of the repository: owner/name
	Hotfix     int      // the number of its pull request
	Deliveries []string // the GUIDs of the webhooks that are being served
}

type key struct{}

// With is a context in which w is worked on, and nothing else.
func With(ctx context.Context, w Work) context.Context { return context.WithValue(ctx, key{}, w) }

// Of is what is worked on in a context.
func Of(ctx context.Context) Work {
	w, _ := ctx.Value(key{}).(Work)
	return w
}

// Named is a context in which the repository's name is known.
func Named(ctx context.Context, name string) context.Context {
	w := Of(ctx)
	if w.Name == name {
		return ctx
	}
	w.Name = name
	return With(ctx, w)
}

// Hotfix is a context in which one hotfix of the repository is worked on; 0: none in
// particular.
func Hotfix(ctx context.Context, pull int) context.Context {
	w := Of(ctx)
	if w.Hotfix == pull {
		return ctx
	}
	w.Hotfix = pull
	return With(ctx, w)
}

// Key is the hotfix's key, "" when none is worked on in particular.
func (w Work) Key() string {
	if w.Hotfix == 0 {
		return ""
	}
	return hotfix.Key{Repository: w.Repository, Pull: w.Hotfix}.String()
}

// Stamp writes what the line's context says into each line. It is a zerolog.Hook of the
// one logger that all rooms have theirs from.
type Stamp struct{}

// Run implements zerolog.Hook.
func (Stamp) Run(e *zerolog.Event, _ zerolog.Level, _ string) {
	w := Of(e.GetCtx())
	if w.Errand != "" {
		e.Str("errand", w.Errand)
	}
	if w.Repository != 0 {
		e.Int64("repository", int64(w.Repository))
	}
	if w.Name != "" {
		e.Str("name", w.Name)
	}
	if w.Hotfix != 0 {
		e.Str("hotfix", w.Key())
	}
	if len(w.Deliveries) > 0 {
		e.Strs("deliveries", w.Deliveries)
	}
}
