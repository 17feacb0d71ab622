package repoconfig

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// contradictions reports values that are right by themselves and wrong together.
func (r *reader) contradictions(c hotfix.Config) {
	r.checkPatterns(c)
	if c.Remind.Then < c.Remind.After {
		at := r.place("remind.then", "remind.after")
		r.fail(at, "`remind`: the maintainers would be told after %s (`then`), before the assignees after %s (`after`); give both, `then` the longer one",
			written(c.Remind.Then), written(c.Remind.After))
	}
}

// place is the value of the first of the keys that the file sets; a node without
// a place when it sets none.
func (r *reader) place(keys ...string) *yaml.Node {
	for _, key := range keys {
		if value := r.set[key].value; value != nil {
			return value
		}
	}
	return &yaml.Node{}
}

// checkPatterns reports patterns that would take the bot's own branches, or an
// environment's, for hotfixes: a backport of a backport, or the merge of
// Development into Production as a hotfix.
func (r *reader) checkPatterns(c hotfix.Config) {
	for _, pattern := range c.Hotfix.Branches {
		at := r.patternAt(pattern)
		for _, own := range ownBranches(c.Environments) {
			if matches([]string{pattern}, own) {
				r.fail(at, "`hotfix.branches`: %s matches the bot's own branches (%s)", naming.Quoted(pattern), naming.Quoted(own))
				break
			}
		}
		for _, env := range c.Environments {
			if env.Branch == "" || !matches([]string{pattern}, env.Branch) {
				continue
			}
			where := at
			if where.Line == 0 { // the default pattern: the branch is what can be changed
				where = r.branchOf(env)
			}
			r.fail(where, "`hotfix.branches`: %s matches the branch %s of %s; choose another pattern or another branch",
				naming.Quoted(pattern), naming.Quoted(env.Branch), naming.Quoted(env.Name))
		}
	}
}

// patternAt is where a pattern of hotfix.branches stands.
func (r *reader) patternAt(pattern string) *yaml.Node {
	for _, entry := range r.place("hotfix.branches").Content {
		if entry.Value == pattern {
			return entry
		}
	}
	return r.place("hotfix.branches")
}

// ownBranches is what the bot's branches to the environments look like.
func ownBranches(p hotfix.Pipeline) []string {
	var all []string
	for _, env := range slices.Concat(p.Below(), hotfix.Pipeline{{Branch: "qa"}}) {
		all = append(all, naming.Branch(env, 34, "cart", 1), naming.Branch(env, 34, "cart-fix", 2))
	}
	return all
}

// remarks says what is right, and may yet not be what was meant.
func (r *reader) remarks(c hotfix.Config) []string {
	var all []string
	if len(r.set) == 0 {
		return []string{"the file sets no key, so the defaults count"}
	}
	if last := len(c.Environments) - 1; last >= 0 && len(c.Environments.Below()) == 0 {
		all = append(all, fmt.Sprintf("hotfixes land in %s, the last environment, and are carried nowhere; the order is nearest to users first",
			naming.Quoted(c.Environments[last].Name)))
	}
	if tag := r.set["release.tag"]; tag.key != nil && len(c.Applications) > 1 {
		all = append(all, fmt.Sprintf("`release.tag` (line %d) counts for nothing: each application has its own `tag`", tag.key.Line))
	}
	return all
}
