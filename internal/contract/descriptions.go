package contract

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// descriptions are GitHub's three descriptions, and what was already judged by them. They depend
// on the pinned files alone, so all Checkers of a process share them.
type descriptions struct {
	rest    *pinned.Document
	routes  routes
	hooks   *pinned.Document
	graphql func() (*ast.Schema, error) // parsed when the first query comes

	mu         sync.Mutex
	operations map[string]func() (*operation, error)
	judged     map[[sha256.Size]byte][]string
}

// load reads the descriptions once in a process: the price is milliseconds, since the parts are
// worked out when they are first used.
var load = sync.OnceValues(func() (*descriptions, error) {
	rest, err := readDocument(pinned.REST)
	if err != nil {
		return nil, err
	}
	hooks, err := readDocument(pinned.Webhooks)
	if err != nil {
		return nil, err
	}
	return &descriptions{
		rest: rest, routes: newRoutes(rest.Names(pinned.Operations)), hooks: hooks,
		graphql:    sync.OnceValues(readSchema),
		operations: map[string]func() (*operation, error){},
		judged:     map[[sha256.Size]byte][]string{},
	}, nil
})

func readDocument(name string) (*pinned.Document, error) {
	b, err := pinned.Read(name)
	if err != nil {
		return nil, err
	}
	return pinned.ParseDocument(b)
}

func readSchema() (*ast.Schema, error) {
	b, err := pinned.Read(pinned.GraphQL)
	if err != nil {
		return nil, err
	}
	return gqlparser.LoadSchema(&ast.Source{Name: pinned.GraphQL, Input: string(b)})
}

// Schema is GitHub's public GraphQL schema. It must not be changed.
func Schema() (*ast.Schema, error) {
	d, err := load()
	if err != nil {
		return nil, err
	}
	return d.graphql()
}

// restOperation gives the judge of a REST operation; two that ask at once wait for one loading.
func (d *descriptions) restOperation(r route) (*operation, error) {
	return d.operation(r.name, func() (*operation, error) {
		piece := d.rest.Piece(pinned.Operations, r.name)
		piece, err := corrected(r.name, piece)
		if err == nil {
			piece, err = withUndescribedStatuses(piece)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		return loadOperation(d.rest, "3.0.3", r.method, r.template, piece)
	})
}

// hook gives the judge of a webhook, as if it were the operation POST /its-name.
func (d *descriptions) hook(name string) (*operation, error) {
	return d.operation("webhook "+name, func() (*operation, error) {
		return loadOperation(d.hooks, "3.1.0", "POST", "/"+name, d.hooks.Piece(pinned.Hooks, name))
	})
}

func (d *descriptions) operation(name string, load func() (*operation, error)) (*operation, error) {
	d.mu.Lock()
	once := d.operations[name]
	if once == nil {
		once = sync.OnceValues(load)
		d.operations[name] = once
	}
	d.mu.Unlock()
	return once()
}

// once judges things that are alike a single time: tests say the same to GitHub again and again.
func (d *descriptions) once(judge func() []string, thing ...any) []string {
	h := sha256.New()
	for _, part := range thing {
		s := fmt.Sprintf("%s", part)
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	key := [sha256.Size]byte(h.Sum(nil))
	d.mu.Lock()
	verdict, known := d.judged[key]
	d.mu.Unlock()
	if known {
		return verdict
	}
	verdict = judge()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.judged[key] = verdict
	return verdict
}
