package githubsim

import "slices"

func ruleRoutes() []route {
	read, write := reads("metadata"), writes(RoleAdmin, "administration")
	return []route{
		{"GET", "/repos/:owner/:repo/rules/branches/*branch", read, (*call).listBranchRules},
		{"GET", "/repos/:owner/:repo/rulesets", read, (*call).listRulesets},
		{"POST", "/repos/:owner/:repo/rulesets", write, (*call).createRuleset},
		{"GET", "/repos/:owner/:repo/rulesets/:id", read, (*call).getRuleset},
		{"PUT", "/repos/:owner/:repo/rulesets/:id", write, (*call).putRuleset},
		{"DELETE", "/repos/:owner/:repo/rulesets/:id", write, (*call).deleteRuleset},
	}
}

// wireRule is a rule as it was given.
func wireRule(r Rule) object {
	o := object{"type": r.Type}
	if r.Parameters != nil {
		o["parameters"] = r.Parameters
	}
	return o
}

// listBranchRules lists the active rules for a branch, whoever asks.
func (c *call) listBranchRules() (answer, error) {
	rules := c.repo.rulesFor(Actor{}, "refs/heads/"+c.rest("branch"))
	return list(c, rules, func(r appliedRule) object {
		o := wireRule(r.Rule)
		o["ruleset_source_type"], o["ruleset_source"], o["ruleset_id"] = "Repository", c.repo.FullName(), r.set.ID
		return o
	}), nil
}

func (c *call) wireRuleset(s *Ruleset) object {
	o := object{
		"id": s.ID, "name": s.Name, "target": s.Target, "source_type": "Repository", "source": c.repo.FullName(),
		"enforcement": s.Enforcement, "node_id": nodeID("RRS", s.ID),
		"_links":     object{"self": object{"href": c.inRepo(c.repo, "/rulesets/%d", s.ID)}},
		"created_at": stamp(s.CreatedAt), "updated_at": stamp(s.UpdatedAt),
		"conditions": object{"ref_name": object{"include": nonNil(s.Include), "exclude": nonNil(s.Exclude)}},
		"rules":      wireAll(s.Rules, wireRule),
	}
	if c.token == nil && c.repo.role(c.actor.User) >= RoleAdmin { // who may not write does not see them
		o["bypass_actors"] = wireAll(s.Bypass, func(b BypassActor) object {
			return object{"actor_id": b.ID, "actor_type": b.Type, "bypass_mode": b.Mode}
		})
	}
	o["current_user_can_bypass"] = "never"
	if s.bypassed(c.actor) {
		o["current_user_can_bypass"] = "always"
	}
	return o
}

// listRulesets shows them without their rules, as GitHub does.
func (c *call) listRulesets() (answer, error) {
	return list(c, c.repo.Rulesets, func(s *Ruleset) object {
		o := c.wireRuleset(s)
		for _, k := range []string{"rules", "conditions", "bypass_actors", "current_user_can_bypass"} {
			delete(o, k)
		}
		return o
	}), nil
}

// rulesetBody is what POST and PUT take.
type rulesetBody struct {
	Name        *string `json:"name"`
	Target      *string `json:"target"`
	Enforcement *string `json:"enforcement"`
	Conditions  *struct {
		RefName struct {
			Include []string `json:"include"`
			Exclude []string `json:"exclude"`
		} `json:"ref_name"`
	} `json:"conditions"`
	Rules []struct {
		Type       string         `json:"type"`
		Parameters map[string]any `json:"parameters"`
	} `json:"rules"`
	Bypass []struct {
		ID   int64  `json:"actor_id"`
		Type string `json:"actor_type"`
		Mode string `json:"bypass_mode"`
	} `json:"bypass_actors"`
}

// enforcedRules are the rules that the simulation enforces; another one is refused rather
// than ignored.
var enforcedRules = []string{"creation", "update", "deletion", "non_fast_forward", "pull_request", "required_status_checks", "merge_queue"}

// apply takes the body over.
func (b rulesetBody) apply(s *Ruleset) error {
	set(&s.Name, b.Name)
	set(&s.Target, b.Target)
	set(&s.Enforcement, b.Enforcement)
	if s.Name == "" {
		return invalid("RepositoryRuleset", "name", "missing_field")
	}
	if !slices.Contains([]string{"active", "disabled", "evaluate"}, s.Enforcement) || s.Target != "branch" && s.Target != "tag" {
		return invalid("RepositoryRuleset", "enforcement", "invalid")
	}
	if b.Conditions != nil {
		s.Include, s.Exclude = b.Conditions.RefName.Include, b.Conditions.RefName.Exclude
	}
	if b.Rules != nil {
		s.Rules = nil
	}
	for _, r := range b.Rules {
		if !slices.Contains(enforcedRules, r.Type) {
			return refuse(501, "the simulated GitHub does not enforce the rule %q", r.Type)
		}
		s.Rules = append(s.Rules, Rule{Type: r.Type, Parameters: r.Parameters})
	}
	if b.Bypass != nil {
		s.Bypass = nil
	}
	for _, a := range b.Bypass {
		if a.Mode == "" {
			a.Mode = "always"
		}
		s.Bypass = append(s.Bypass, BypassActor{ID: a.ID, Type: a.Type, Mode: a.Mode})
	}
	return nil
}

func (c *call) createRuleset() (answer, error) {
	var in rulesetBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	now := c.clock()
	s := &Ruleset{Repo: c.repo, Target: "branch", CreatedAt: now, UpdatedAt: now}
	if err := in.apply(s); err != nil {
		return answer{}, err
	}
	s.ID = c.nextID("ruleset")
	c.repo.Rulesets = append(c.repo.Rulesets, s)
	return created(c.wireRuleset(s)), nil
}

// rulesetParam finds the ruleset that the path names.
func (c *call) rulesetParam() (*Ruleset, int, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, 0, err
	}
	for n, s := range c.repo.Rulesets {
		if s.ID == id {
			return s, n, nil
		}
	}
	return nil, 0, errNotFound
}

func (c *call) getRuleset() (answer, error) {
	s, _, err := c.rulesetParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireRuleset(s)), nil
}

func (c *call) putRuleset() (answer, error) {
	s, _, err := c.rulesetParam()
	if err != nil {
		return answer{}, err
	}
	var in rulesetBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	changed := *s
	if err := in.apply(&changed); err != nil {
		return answer{}, err
	}
	changed.UpdatedAt = c.clock()
	*s = changed
	return ok(c.wireRuleset(s)), nil
}

func (c *call) deleteRuleset() (answer, error) {
	_, n, err := c.rulesetParam()
	if err != nil {
		return answer{}, err
	}
	c.repo.Rulesets = append(c.repo.Rulesets[:n:n], c.repo.Rulesets[n+1:]...)
	return noContent(), nil
}
