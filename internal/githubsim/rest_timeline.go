package githubsim

import (
	"slices"
	"time"
)

// moment is a line of a timeline with its time.
type moment struct {
	at   time.Time
	wire object
}

// listTimeline lists all that happened to an issue, oldest first: its events, comments and
// reviews. References from elsewhere are left out.
func (c *call) listTimeline() (answer, error) {
	i, err := c.issueParam("read")
	if err != nil {
		return answer{}, err
	}
	var all []moment
	for _, e := range i.Events {
		o := c.wireIssueEvent(e)
		delete(o, "assigner") // only the list of events has it
		if e.Event == "closed" || e.Event == "reopened" {
			o["state_reason"] = orNull(e.Reason)
		}
		all = append(all, moment{e.CreatedAt, o})
	}
	for _, x := range i.Comments {
		o := c.wireComment(x)
		o["event"], o["actor"] = "commented", o["user"]
		all = append(all, moment{x.CreatedAt, o})
	}
	if i.Pull != nil {
		for _, v := range i.Pull.Reviews {
			o := c.wireReview(v)
			o["event"] = "reviewed"
			all = append(all, moment{v.SubmittedAt, o})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	return list(c, all, func(m moment) object { return m.wire }), nil
}
