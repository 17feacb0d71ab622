package gitops

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Push sets ref (its full name) to an object of this job, or deletes it when to
// is empty. It does so only if the ref is at expect; an empty expect means that
// the ref must not exist. A ref that already is at to is success. Otherwise the
// error is a *Moved; a *hotfix.Refusal when a rule of the server forbids it.
func (j *Job) Push(ctx context.Context, ref string, to, expect hotfix.OID) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := checkPush(ref, to, expect); err != nil {
		return err
	}
	a, err := j.ask(ctx, call{online: true, args: []string{"push", "-q", "--porcelain", "--no-verify",
		fmt.Sprintf("--force-with-lease=%s:%s", ref, expect), "origin", string(to) + ":" + ref}})
	if err != nil {
		return err
	}
	if a.code == 0 {
		return nil
	}
	return j.rejected(ctx, ref, to, expect, a)
}

func checkPush(ref string, to, expect hotfix.OID) error {
	if err := checkRef(ref); err != nil {
		return err
	}
	for _, id := range []hotfix.OID{to, expect} {
		if id != "" && !id.Valid() {
			return fmt.Errorf("%q is no object id", id)
		}
	}
	if to == "" && expect == "" {
		return fmt.Errorf("to delete %s, its present id must be known", ref)
	}
	return nil
}

// rejected finds out what a failed push means: where the ref is now tells
// success and Moved for certain, so that git's words only matter for the rest.
func (j *Job) rejected(ctx context.Context, ref string, to, expect hotfix.OID, a answer) error {
	reason, answered := rejection(string(a.stdout), ref)
	failed := &failure{verb: "push", answer: a}
	if !answered {
		if gone := to == "" && strings.Contains(a.stderr, "remote ref does not exist"); !gone {
			return j.remoteError(failed)
		}
	}
	now, err := j.lookUp(ctx, ref)
	switch {
	case err != nil:
		return err
	case now == to:
		return nil
	case now != expect:
		return &Moved{Ref: ref, Now: now}
	case strings.Contains(reason, "shallow update not allowed"):
		return fmt.Errorf("the commit that %s stands on is on no branch any more: %w", shortRef(ref), failed)
	}
	if refused := refusal(ref, reason, a.stderr); refused != nil {
		return refused
	}
	return failed
}

// rejection is the reason in the line "!\t<from>:<ref>\t[remote rejected]
// (<reason>)" of push --porcelain.
func rejection(porcelain, ref string) (reason string, ok bool) {
	for line := range strings.Lines(porcelain) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) != 3 || fields[0] != "!" || !strings.HasSuffix(fields[1], ":"+ref) {
			continue
		}
		_, reason, _ = strings.Cut(fields[2], "(")
		return scrub(strings.TrimSuffix(reason, ")"), ""), true
	}
	return "", false
}
