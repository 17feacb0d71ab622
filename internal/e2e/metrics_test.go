package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestMetricsAfterAStory: a propagation is seen in the metrics, each that the manual
// names is told, and each that is told is in the manual.
func TestMetricsAfterAStory(t *testing.T) {
	t.Parallel()
	s, err := readStory("testdata/merge.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s.paced = true
	p := &playing{world: newWorld(t, s), ctx: t.Context(), story: s, how: wayInOrder, repo: "acme/shop", said: map[string][]int64{}}
	for _, l := range s.lines {
		if err := p.do(l); err != nil {
			t.Fatalf("%s: %v", l.at, err)
		}
	}
	told := p.metrics(t)
	for _, want := range []string{
		`hotfixbot_propagation_seconds_count{below="1"} 1`, `hotfixbot_propagation_seconds_count{below="2"} 1`,
		`hotfixbot_solved_seconds_count{state="solved"} 1`, `hotfixbot_wakes_total{fate="begun"}`,
		`hotfixbot_git_seconds_count{operation="fetch"}`, `hotfixbot_git_seconds_count{operation="push"}`,
		`hotfixbot_git_seconds_count{operation="cat-file"}`, `hotfixbot_budget_writes{installation="`,
		`hotfixbot_budget_points{installation="`, `hotfixbot_github_limit{installation="`, `hotfixbot_github_remaining{installation="`,
		`hotfixbot_reconcile_seconds_count{outcome="done"}`, `hotfixbot_github_requests_total{fate="ok",method="POST",route="/repos/*/*/pulls"} 2`,
		`hotfixbot_deliveries_total{outcome="accepted"}`, `hotfixbot_hotfixes{state="solved"} 1`,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(told, "shop") || strings.Contains(told, "alice") {
		t.Error("a name is in it")
	}
	holdManual(t, told)
	if t.Failed() {
		t.Log(told)
	}
}

// metrics is what the App tells Prometheus.
func (w *world) metrics(t *testing.T) string {
	t.Helper()
	resp, err := http.Get("http://" + w.addr.String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d: %v", resp.StatusCode, err)
	}
	return string(body)
}

var (
	family = regexp.MustCompile(`(?m)^# TYPE (hotfixbot_\S+)`)
	metric = regexp.MustCompile("hotfixbot_[a-z_]+")
)

// holdManual holds docs/operating.md against the metrics: its names, and its rules for
// alerts as Prometheus reads them.
func holdManual(t *testing.T, told string) {
	t.Helper()
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range family.FindAllStringSubmatch(told, -1) {
		known[m[1]] = true
		if !strings.Contains(string(manual), "`"+m[1]) {
			t.Errorf("docs/operating.md does not tell what %s is for", m[1])
		}
	}
	named := func(name string) bool {
		for _, suffix := range []string{"", "_count", "_sum", "_bucket"} {
			if base, ok := strings.CutSuffix(name, suffix); ok && known[base] {
				return true
			}
		}
		return name == "hotfixbot_missing" // told only while something is
	}
	for _, name := range metric.FindAllString(string(manual), -1) {
		if !named(name) {
			t.Errorf("docs/operating.md speaks of %s, which there is not", name)
		}
	}
	if err := holdRules(string(manual)); err != nil {
		t.Error(err)
	}
}

// holdRules reads the rules of the manual.
func holdRules(manual string) error {
	_, rest, ok := strings.Cut(manual, "```yaml\n")
	text, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		return fmt.Errorf("docs/operating.md has no rules")
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For string
				Annotations      map[string]string
			}
		}
	}
	if err := yaml.Load([]byte(text), &file, yaml.WithKnownFields()); err != nil {
		return err
	}
	for _, rule := range file.Groups[0].Rules {
		if rule.Alert == "" || rule.For == "" || !metric.MatchString(rule.Expr) || strings.Count(rule.Expr, "(") != strings.Count(rule.Expr, ")") || rule.Annotations["summary"] == "" {
			return fmt.Errorf("docs/operating.md: %+v is no rule", rule)
		}
	}
	return nil
}
