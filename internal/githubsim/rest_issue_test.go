package githubsim

import (
	"fmt"
	"strings"
	"testing"
)

func TestIssueRoutes(t *testing.T) {
	s := newServer(t)
	m := s.play(step{bob, "POST", "/milestones", object{"title": "1.7", "description": "soon"}, 201})["number"]
	s.play(
		step{mallory, "POST", "/issues", object{"title": "Lost", "body": "Items", "labels": []string{"bug"}}, 201},
		step{bob, "POST", "/issues", object{"title": "More", "labels": []any{"hotfix", object{"name": "late"}}, "assignees": []string{"bob"}, "milestone": m}, 201},
		step{bob, "POST", "/issues", object{"title": ""}, 422},
		step{bob, "POST", "/issues", object{"title": "x", "body": strings.Repeat("é", maxText+1)}, 422},
		step{bob, "POST", "/issues", object{"title": "x", "assignees": []string{"mallory"}}, 422},
		step{"", "POST", "/issues", object{"title": "x"}, 401},
		step{"", "GET", "/issues?state=all&labels=hotfix&creator=bob&assignee=bob&sort=updated&direction=asc&since=2020-01-01T00:00:00Z", nil, 200},
		step{"", "GET", "/issues/1", nil, 200},
		step{"", "GET", "/issues/99", nil, 404},
		step{bob, "PATCH", "/issues/1", object{"labels": []string{"hotfix"}, "title": "Lost items", "assignees": []string{"bob", "alice"}}, 200},
		step{bob, "PATCH", "/issues/1", object{"state": "closed", "state_reason": "not_planned"}, 200},
		step{bob, "PATCH", "/issues/1", object{"state": "open"}, 200},
		step{bob, "PATCH", "/issues/2", object{"milestone": nil}, 200},
		step{bob, "POST", "/issues/1/assignees", object{"assignees": []string{"carol", "mallory"}}, 201},
		step{bob, "DELETE", "/issues/1/assignees", object{"assignees": []string{"bob"}}, 200},
		step{"", "GET", "/issues/1/events", nil, 200},
		step{"", "GET", "/issues/1/timeline", nil, 200},
		step{"", "GET", "/milestones?state=all", nil, 200},
		step{bob, "PATCH", "/milestones/1", object{"state": "closed"}, 200},
		step{"", "GET", "/milestones/1", nil, 200},
	)
	i := s.model().issue(1)
	if len(i.Labels) != 1 || i.Labels[0].Name != "hotfix" || i.StateReason != "reopened" || len(i.Assignees) != 2 {
		t.Errorf("the issue is %+v", i)
	}
}

func TestLabelRoutes(t *testing.T) {
	s := newServer(t)
	_, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	s.play(
		step{bob, "POST", "/labels", object{"name": "hot fix/π", "color": "d73a4a", "description": "urgent"}, 201},
		step{bob, "POST", "/labels", object{"name": "HOT FIX/π"}, 422},
		step{bob, "POST", "/labels", object{"name": "x", "color": "red"}, 422},
		step{"", "GET", "/labels", nil, 200},
		step{"", "GET", "/labels/hot%20fix%2F%CF%80", nil, 200},
		step{bob, "PATCH", "/labels/hot%20fix%2F%CF%80", object{"new_name": "hotfix"}, 200},
		step{bob, "POST", "/issues/1/labels", object{"labels": []string{"hotfix", "new"}}, 200},
		step{"", "GET", "/issues/1/labels", nil, 200},
		step{bob, "DELETE", "/issues/1/labels/new", nil, 200},
		step{bob, "DELETE", "/issues/1/labels/new", nil, 404},
		step{bob, "PUT", "/issues/1/labels", object{"labels": []string{"hotfix"}}, 200},
		step{bob, "DELETE", "/labels/hotfix", nil, 204},
		step{bob, "DELETE", "/issues/1/labels", nil, 204},
	)
}

func TestCommentRoutes(t *testing.T) {
	s := newServer(t)
	_, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	bot := s.mint(nil)
	c := s.play(step{mallory, "POST", "/issues/1/comments", object{"body": "/hotfix status"}, 201})
	one := fmt.Sprintf("/issues/comments/%.0f", c["id"])
	by := s.play(step{bot, "POST", "/issues/1/comments", object{"body": "Done."}, 201})
	if by["user"].(object)["login"] != "hotfixbot[bot]" || by["performed_via_github_app"] == nil {
		t.Errorf("the App's comment is %v", by)
	}
	r := s.play(step{bot, "POST", one + "/reactions", object{"content": "eyes"}, 201})
	s.play(
		step{bot, "POST", one + "/reactions", object{"content": "eyes"}, 200},
		step{bot, "GET", one + "/reactions?content=eyes", nil, 200},
		step{bob, "DELETE", fmt.Sprintf("%s/reactions/%.0f", one, r["id"]), nil, 404},
		step{bot, "DELETE", fmt.Sprintf("%s/reactions/%.0f", one, r["id"]), nil, 204},
		step{mallory, "POST", "/issues/1/reactions", object{"content": "+1"}, 201},
		step{mallory, "GET", "/issues/1/reactions", nil, 200},
		step{mallory, "PATCH", one, object{"body": "/hotfix help"}, 200},
		step{"", "GET", one, nil, 200},
		step{mallory, "PATCH", fmt.Sprintf("/issues/comments/%.0f", by["id"]), object{"body": "Hm"}, 403},
		step{mallory, "POST", "/issues/1/comments", object{"body": strings.Repeat("x", maxText+1)}, 422},
		step{"", "GET", "/issues/1/comments?since=2020-01-01T00:00:00Z", nil, 200},
		step{"", "GET", "/issues/comments?sort=updated&direction=desc&since=2020-01-01T00:00:00Z&per_page=1", nil, 200},
		step{bob, "DELETE", one, nil, 204},
		step{"", "GET", one, nil, 404},
	)
}

func TestDeletedIssue(t *testing.T) {
	s := newServer(t)
	n, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	s.refusedWith(s.bob.DeleteIssue(s.ctx, shop, n), 403)
	s.must(s.alice.DeleteIssue(s.ctx, shop, n))
	s.play(
		step{bob, "GET", "/issues/1", nil, 410},
		step{bob, "GET", "/issues?state=all", nil, 200},
		step{bob, "POST", "/issues/1/comments", object{"body": "x"}, 410},
	)
	if n, err = s.bob.OpenIssue(s.ctx, shop, "Two", ""); err != nil || n != 2 {
		t.Errorf("the next issue is #%d, %v", n, err)
	}
}
