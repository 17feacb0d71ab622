package e2e_test

import (
	"errors"
	"fmt"
	"strings"
)

// counted is how much of each there is in a repository.
type counted struct {
	tags, releases, issues, statuses, comments, pulls, merged, contained int
}

// count reads it from GitHub.
func (s *soak) count(repo int) (c counted, err error) {
	base := "/repos/" + soakName(repo)
	tags, err := all[struct{ Name string }](s, base+"/tags?")
	releases, err2 := all[struct{ ID int64 }](s, base+"/releases?")
	issues, err3 := all[seenIssue](s, base+"/issues?state=all&")
	pulls, err4 := all[seenPull](s, base+"/pulls?state=all&")
	comments, err5 := all[struct{ Body string }](s, base+"/issues/comments?")
	if err := errors.Join(err, err2, err3, err4, err5); err != nil {
		return c, err
	}
	c = counted{tags: len(tags), releases: len(releases), comments: len(comments), pulls: len(pulls)}
	for _, i := range issues {
		if i.Pull == nil {
			c.issues++
		}
	}
	for _, p := range pulls {
		if p.MergedAt != nil {
			c.merged++
		}
		if err := s.checksOnce(base, p); err != nil {
			return c, err
		}
	}
	for _, x := range comments {
		if strings.Contains(x.Body, "<!-- hotfixbot:status ") {
			c.statuses++
		}
	}
	c.contained, err = s.contained(repo)
	return c, errors.Join(err, s.branchesGone(base))
}

// checksOnce fails when a check run is on a commit twice.
func (s *soak) checksOnce(base string, p seenPull) error {
	var checks struct {
		Runs []struct{ Name string } `json:"check_runs"`
	}
	if err := s.ask("GET", base+"/commits/"+p.Head.SHA+"/check-runs?filter=all&per_page=100", nil, &checks); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, run := range checks.Runs {
		if seen[run.Name] {
			return fmt.Errorf("the check %q is twice on the head of #%d", run.Name, p.Number)
		}
		seen[run.Name] = true
	}
	return nil
}

// contained counts the fixes in QA and Development.
func (s *soak) contained(repo int) (n int, err error) {
	for _, branch := range branches[1:] {
		if s.merged[repo] == 0 {
			continue
		}
		var files []struct{ Name string } // a folder is listed on one page
		if err := s.ask("GET", fmt.Sprintf("/repos/%s/contents/fixes?ref=%s", soakName(repo), branch), nil, &files); err != nil {
			return n, err
		}
		n += len(files)
	}
	return n, nil
}

// branchesGone fails when a backport's branch is left.
func (s *soak) branchesGone(base string) error {
	list, err := all[struct{ Name string }](s, base+"/branches?")
	for _, b := range list {
		if strings.HasPrefix(b.Name, "backport/") {
			err = errors.Join(err, fmt.Errorf("%s: the branch %s is left", base, b.Name))
		}
	}
	return err
}
