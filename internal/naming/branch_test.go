package naming_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

func TestBranchAndBack(t *testing.T) {
	for _, c := range []struct {
		env     string
		pull    int
		slug    string
		attempt int
		want    string
	}{
		{"qa", 34, "cart-total", 1, "backport/qa/34-cart-total"},
		{"qa", 34, "cart-total", 2, "backport/qa/34-cart-total-2"},
		{"qa", 34, "cart-total", 0, "backport/qa/34-cart-total"},
		{"release/qa", 7, "x", 11, "backport/release/qa/7-x-11"},
		{"qa", 34, "cart", 10_000, "backport/qa/34-cart-10000"},
		{"qa", 34, "cart", 999_999_999, "backport/qa/34-cart-999999999"},
		{"dev", 34, "cart-2", 1, "backport/dev/34-cart"},
		{"dev", 34, "cart-2", 2, "backport/dev/34-cart-2"},
		{"dev", 34, "2", 1, "backport/dev/34-2"},
		{"dev", 34, "2", 2, "backport/dev/34-2-2"},
		{"dev", 34, "Not a slug/..", 1, "backport/dev/34-not-a-slug"},
		{"dev", 34, "", 3, "backport/dev/34-hotfix-3"},
		{"1/2-b", 5, "a", 1, "backport/1/2-b/5-a"},
	} {
		got := naming.Branch(hotfix.Environment{Branch: c.env}, c.pull, c.slug, c.attempt)
		if got != c.want {
			t.Errorf("Branch(%s, %d, %q, %d) = %q, want %q", c.env, c.pull, c.slug, c.attempt, got, c.want)
		}
		env, pull, attempt, ok := naming.ParseBranch(got)
		if !ok || env != c.env || pull != c.pull || attempt != max(c.attempt, 1) {
			t.Errorf("ParseBranch(%q) = %q, %d, %d, %v", got, env, pull, attempt, ok)
		}
		if out, err := exec.Command("git", "check-ref-format", "--branch", got).CombinedOutput(); err != nil {
			t.Errorf("git refuses %q: %s", got, out)
		}
	}
}

func TestParseBranchRefusesWhatBranchDoesNotMake(t *testing.T) {
	for _, name := range []string{
		"", "backport", "backport/qa", "backport/34-cart", "backport//34-cart", "backport/qa/34", "backport/qa/34-",
		"backport/qa/034-cart", "backport/qa/0-cart", "backport/qa/-1-cart", "backport/qa/34-Cart", "backport/qa/34-cart-",
		"backport/qa/34--cart", "backport/qa/34-cart-1", "backport/qa/34-cart-02", "backport/qa/34-cart-2-3", "backport/qa/34-cart-1000000000", "backport/qa/34-2-1000000000",
		"backport/qa/34-cart.lock", "backport/qa/99999999999999999999-cart", "Backport/qa/34-cart", "x/backport/qa/34-cart",
		"backport/qa/34-cart\n", "hotfix/34-cart", "backport/qa/34-" + strings.Repeat("a", 41),
	} {
		if env, pull, attempt, ok := naming.ParseBranch(name); ok {
			t.Errorf("ParseBranch(%q) = %q, %d, %d", name, env, pull, attempt)
		}
	}
}

func TestSlug(t *testing.T) {
	for _, c := range []struct{ head, title, want string }{
		{"hotfix/12-cart", "", "cart"},
		{"hotfix/12", "Cart", "12"},
		{"hotfix/cart", "", "cart"},
		{"hotfix/12_Cart.Total", "", "cart-total"},
		{"hotfix/team/cart", "", "team-cart"},
		{"hotfix/cart-2", "", "cart"},
		{"hotfix/v1-7-1", "", "v1"},
		{"patch", "Fix the cart", "patch"},
		{"hotfix/修复", "Cart: fix #12", "cart-fix"},
		{"hotfix/修复", "修复", "hotfix"},
		{"", "", "hotfix"},
		{"hotfix/", "", "hotfix"},
		{"hotfix/--..--", "", "hotfix"},
		{"hotfix/the-cart-forgets-its-vouchers-when-the-session-ends", "", "the-cart-forgets-its-vouchers-when-the"},
		{"hotfix/" + strings.Repeat("a", 60), "", strings.Repeat("a", 40)},
		{"hotfix/" + strings.Repeat("a", 40) + "-b", "", strings.Repeat("a", 40)},
	} {
		if got := naming.Slug(c.head, c.title); got != c.want {
			t.Errorf("Slug(%q, %q) = %q, want %q", c.head, c.title, got, c.want)
		}
	}
}

func TestIssueFromBranch(t *testing.T) {
	for branch, want := range map[string]int{
		"hotfix/12-cart": 12, "hotfix/12": 12, "hotfix/12_cart": 12, "hotfix/12/cart": 12, "fix/7-x": 7,
		"hotfix/cart": 0, "hotfix/12cart": 0, "hotfix/012-cart": 0, "hotfix/0-cart": 0, "12-cart": 0,
		"hotfix/team/12-cart": 0, "hotfix/1.7.1": 0, "hotfix/99999999999-x": 0, "/12": 0, "": 0,
	} {
		if got, ok := naming.IssueFromBranch(branch); got != want || ok != (want > 0) {
			t.Errorf("IssueFromBranch(%q) = %d, %v, want %d", branch, got, ok, want)
		}
	}
}

func FuzzParseBranch(f *testing.F) {
	f.Add("backport/qa/34-cart-2", "hotfix/12-cart", 34, 2)
	f.Add("backport/a/b/1-2-2", "2-2-2", 1, 1)
	f.Fuzz(func(t *testing.T, name, head string, pull, attempt int) {
		if env, pull, attempt, ok := naming.ParseBranch(name); ok {
			if env == "" || pull < 1 || attempt < 1 || !strings.HasPrefix(name, "backport/"+env+"/") {
				t.Errorf("ParseBranch(%q) = %q, %d, %d", name, env, pull, attempt)
			}
		}
		pull, attempt = 1+abs(pull)%1_000_000, 1+abs(attempt)%1_000_000_000
		slug := naming.Slug(head, name)
		made := naming.Branch(hotfix.Environment{Branch: "release/qa"}, pull, slug, attempt)
		env, gotPull, gotAttempt, ok := naming.ParseBranch(made)
		if !ok || env != "release/qa" || gotPull != pull || gotAttempt != attempt {
			t.Errorf("%q from %q came back as %q, %d, %d, %v", made, head, env, gotPull, gotAttempt, ok)
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
