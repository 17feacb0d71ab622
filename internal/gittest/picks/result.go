package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// result counts the cases of one repository.
type result struct {
	name       string
	same       map[hotfix.Outcome]int
	differ     int
	impossible int // git could not pick: the clone lacks something
	people     int // clean picks with what people committed
	known      int // clean picks of which that is known
	git, ours  []time.Duration
}

// add makes one case in both ways and prints it if it differs.
func (r *result) add(ctx context.Context, c pick, ref *reference, o *ours) error {
	git, err := ref.pick(ctx, c)
	if err != nil {
		return fmt.Errorf("line %d: git: %w", c.line, err)
	}
	replay, took, err := o.pick(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if git.impossible != "" {
		r.impossible++
		fmt.Printf("%s line %d: git cannot pick %s onto %s: %.200s; the engine says: %v\n", r.name, c.line, c.commit, c.target, git.impossible, err)
		return nil
	}
	said := fmt.Sprint(err)
	if err == nil {
		if said, err = difference(ctx, ref, git, o, replay); err != nil {
			return fmt.Errorf("line %d: compare: %w", c.line, err)
		}
	}
	if said != "" {
		r.differ++
		fmt.Printf("%s line %d: %s of %s (base %s) onto %s: %s\n", r.name, c.line, c.kind, c.commit, c.base, c.target, said)
		return nil
	}
	r.git, r.ours = append(r.git, git.took), append(r.ours, took)
	if r.same == nil {
		r.same = map[hotfix.Outcome]int{}
	}
	r.same[git.Outcome]++
	return r.askPeople(ctx, c, ref, git)
}

// askPeople looks whether what people committed is what git would have.
func (r *result) askPeople(ctx context.Context, c pick, ref *reference, git outcome) error {
	if !c.people.Valid() || git.Outcome != hotfix.Clean {
		return nil
	}
	r.known++
	tree, err := ref.git(ctx, "rev-parse", string(c.people)+"^{tree}")
	if err == nil && tree == git.tree+"\n" {
		r.people++
	}
	return nil // a commit that is not here tells nothing
}

// String is the line of the table.
func (r *result) String() string {
	total := 0
	for _, n := range r.same {
		total += n
	}
	return fmt.Sprintf("%s: %d same (%d clean, %d conflict, %d contained), %d differ, %d without reference; %d of %d clean as people did it; median ms: engine %.1f, cherry-pick alone %.1f",
		r.name, total, r.same[hotfix.Clean], r.same[hotfix.Conflict], r.same[hotfix.Contained], r.differ, r.impossible, r.people, r.known,
		median(r.ours), median(r.git))
}

func median(all []time.Duration) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}
