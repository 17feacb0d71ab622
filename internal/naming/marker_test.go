package naming_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

func TestMarkerAndBack(t *testing.T) {
	want := hotfix.Answer{To: 99, Issue: 12, By: "alice", Granted: []hotfix.Granted{{
		Command: hotfix.Command{Verb: hotfix.VerbSkip, Environment: "dev", Reason: "--> <b>x</b> <!-- -- --- & \u2028 \"q\""},
		Done:    true,
	}}}
	marker := naming.Marker(naming.KindReply, want)
	inside := strings.TrimSuffix(strings.TrimPrefix(marker, "<!--"), "-->")
	if strings.ContainsAny(inside, "<>") || strings.Contains(inside, "--") || strings.Contains(inside, "\n") {
		t.Errorf("the comment could end early: %s", marker)
	}
	var got hotfix.Answer
	if !naming.FindMarker("Done.\r\n\r\n"+marker+"\r\n\r\n", naming.KindReply, &got) || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFindMarkerBelievesOnlyTheEnd(t *testing.T) {
	one, two := naming.Marker("status", hotfix.StatusMarker{Pull: 1}), naming.Marker("status", hotfix.StatusMarker{Pull: 2})
	other := naming.Marker("issue", hotfix.IssueMarker{Pull: 3})
	for _, c := range []struct {
		name, body string
		want       int // 0: none
	}{
		{"alone", one, 1},
		{"last line", "text\n\n" + one, 1},
		{"below another kind", "text\n" + other + "\n" + one, 1},
		{"above another kind", "text\n" + one + "\n\n" + other + "\n", 1},
		{"lower one of two", one + "\n" + two, 2},
		{"followed by text", one + "\ntext", 0},
		{"followed by text on its line", one + " text", 0},
		{"not at the start of its line", "text " + one, 0},
		{"quoted", "> " + one, 0},
		{"two on a line", one + one, 0},
		{"another kind only", other, 0},
		{"kind is a prefix", "<!-- hotfixbot:status2 {\"pull\":1} -->", 0},
		{"no JSON", "<!-- hotfixbot:status {pull:1} -->", 0},
		{"wrong type", "<!-- hotfixbot:status {\"pull\":\"1\"} -->", 0},
		{"no value", "<!-- hotfixbot:status -->", 0},
		{"unfinished", "<!-- hotfixbot:status {\"pull\":1}", 0},
		{"empty", "", 0},
	} {
		var got hotfix.StatusMarker
		found := naming.FindMarker(c.body, naming.KindStatus, &got)
		if found != (c.want > 0) || found && got.Pull != c.want {
			t.Errorf("%s: got %v, %+v, want %d", c.name, found, got, c.want)
		}
	}
	if !naming.FindMarker(one, naming.KindStatus, nil) || naming.FindMarker(one, naming.KindIssue, nil) {
		t.Error("with nil it should only tell whether the marker is there")
	}
}

func FuzzFindMarker(f *testing.F) {
	f.Add("text\n<!-- hotfixbot:status {\"pull\":1} -->", "reason -- >")
	f.Fuzz(func(t *testing.T, body, reason string) {
		var loose any
		if naming.FindMarker(body, naming.KindReply, &loose) && !strings.Contains(body, "<!-- hotfixbot:reply ") {
			t.Errorf("found a marker in %q", body)
		}
		reason = strings.ToValidUTF8(reason, "?")
		marker := naming.Marker(naming.KindReply, reason)
		var got string
		if !naming.FindMarker(body+"\n"+marker, naming.KindReply, &got) || got != reason {
			t.Errorf("%q came back as %q from %s", reason, got, marker)
		}
		var spoof string
		text := "They said: " + naming.Neutralise(body) + "\n\n" + naming.Marker(naming.KindIssue, 1)
		if naming.FindMarker(text, naming.KindReply, &spoof) {
			t.Errorf("a person's text was taken for a marker: %q", text)
		}
	})
}

func TestCheckIDAndBack(t *testing.T) {
	for _, c := range []struct {
		kind string
		pull int
		env  string
		want string
	}{
		{"hotfix", 34, "", "hotfix:34"},
		{"conflicts", 34, "release/qa", "conflicts:34:release/qa"},
		{"config", 0, "", "config:0"},
		{"gate", 7, "a:b", "gate:7:a:b"},
	} {
		id := naming.CheckID(c.kind, c.pull, c.env)
		if id != c.want {
			t.Errorf("CheckID(%s, %d, %s) = %q, want %q", c.kind, c.pull, c.env, id, c.want)
		}
		kind, pull, env, ok := naming.ParseCheckID(id)
		if !ok || kind != c.kind || pull != c.pull || env != c.env {
			t.Errorf("ParseCheckID(%q) = %q, %d, %q, %v", id, kind, pull, env, ok)
		}
	}
	for _, id := range []string{"", "hotfix", "hotfix:", "hotfix:x", "hotfix:034", "hotfix:34:", ":34", "hotfix:-1", "hotfix:99999999999999999999"} {
		if _, _, _, ok := naming.ParseCheckID(id); ok {
			t.Errorf("ParseCheckID(%q) accepted it", id)
		}
	}
}
