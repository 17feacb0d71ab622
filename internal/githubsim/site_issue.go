package githubsim

import (
	"html/template"
	"slices"
	"time"
)

// issuePage is an issue, or the talk of a pull request.
type issuePage struct {
	*Issue
	State string
	Text  template.HTML
	Said  []saying // oldest first
}

// saying is a comment, a review, or a line of the history.
type saying struct {
	At   time.Time
	Who  string
	What string        // what was done; "" for a comment
	ID   int64         // of a comment
	Text template.HTML // of a comment or a review
	// Commit and Pull are what it was done by.
	Commit string
	Pull   int
	// Reactions are those of a comment, in words.
	Reactions []string
}

func (v *visit) issue() (sight, error) {
	i := v.repo.issue(v.number())
	if i == nil {
		return sight{}, errNotFound
	}
	if i.Pull != nil {
		return sight{}, &away{v.path("pull", v.param("number"))}
	}
	return sight{Title: i.Title, name: "issue", Body: v.talk(i)}, nil
}

// talk is what an issue or a pull request shows of itself.
func (v *visit) talk(i *Issue) issuePage {
	page := issuePage{Issue: i, State: "open", Text: v.markdown(i.Body)}
	switch {
	case i.Pull != nil && i.Pull.Merged:
		page.State = "merged"
	case i.Closed:
		page.State = "closed"
	case i.Pull != nil && i.Pull.Draft:
		page.State = "draft"
	}
	for _, c := range i.Comments {
		one := saying{At: c.CreatedAt, Who: c.User.Login, ID: c.ID, Text: v.markdown(c.Body)}
		for _, r := range c.Reactions {
			one.Reactions = append(one.Reactions, r.User.Login+": "+r.Content)
		}
		page.Said = append(page.Said, one)
	}
	for _, e := range i.Events {
		if i.Pull != nil && i.Pull.Merged && e.Event == "closed" {
			continue // its merge says so
		}
		page.Said = append(page.Said, sayingOf(e))
	}
	if i.Pull != nil {
		for _, r := range i.Pull.Reviews {
			page.Said = append(page.Said, saying{At: r.SubmittedAt, Who: r.User.Login, What: reviewed[r.State], Text: v.markdown(r.Body)})
		}
	}
	slices.SortStableFunc(page.Said, func(a, b saying) int { return a.At.Compare(b.At) })
	return page
}

var reviewed = map[string]string{
	"APPROVED": "approved", "CHANGES_REQUESTED": "asked for changes", "COMMENTED": "looked at it", "DISMISSED": "approved, which was dismissed",
}

// sayingOf is a line of the history in words.
func sayingOf(e *IssueEvent) saying {
	one := saying{At: e.CreatedAt, Commit: e.CommitID, What: deeds[e.Event]}
	if e.Actor != nil {
		one.Who = e.Actor.Login
	}
	if one.What == "" {
		one.What = e.Event
	}
	switch {
	case e.CloserPR != nil:
		one.Pull = e.CloserPR.Number()
	case e.Label != nil:
		one.What += " " + e.Label.Name
	case e.Assignee != nil:
		one.What += " " + e.Assignee.Login
	case e.Reviewer != nil:
		one.What += " " + e.Reviewer.Login
	case e.Milestone != nil:
		one.What += " " + e.Milestone.Title
	case e.From != "":
		one.What += " from “" + e.From + "” to “" + e.To + "”"
	}
	return one
}

// deeds are the events of an issue in words.
var deeds = map[string]string{
	"closed": "closed this", "reopened": "reopened this", "merged": "merged this", "labeled": "gave the label", "unlabeled": "took away the label",
	"assigned": "assigned", "unassigned": "took off", "review_requested": "asked for a review from", "renamed": "changed the title",
	"head_ref_deleted": "deleted the branch", "ready_for_review": "marked this as ready for review", "convert_to_draft": "made this a draft",
	"converted_to_draft": "made this a draft", "referenced": "mentioned this in", "milestoned": "put this into the milestone",
}

// pullPage is a pull request.
type pullPage struct {
	issuePage
	Checks  []checkView
	Commits []listed
	Files   []fileChange
}

// checkView is a check run on the pull request's head.
type checkView struct {
	*CheckRun
	Says string // its conclusion, or its status before it has one
	Text template.HTML
}

func (v *visit) pull() (sight, error) {
	i := v.repo.issue(v.number())
	if i == nil {
		return sight{}, errNotFound
	}
	if i.Pull == nil {
		return sight{}, &away{v.path("issues", v.param("number"))}
	}
	page := pullPage{issuePage: v.talk(i)}
	for _, k := range v.repo.CheckRuns {
		if k.Suite.HeadSHA == i.Pull.HeadSHA && v.repo.latest(k) {
			one := checkView{CheckRun: k, Says: k.Conclusion, Text: v.markdown(k.Summary)}
			if one.Says == "" {
				one.Says = k.Status
			}
			page.Checks = append(page.Checks, one)
		}
	}
	facts := v.work(i.Pull)
	page.Files = facts.files
	var err error
	page.Commits, err = v.listed(facts.commits)
	return sight{Title: i.Title, name: "pull", Body: page}, err
}
