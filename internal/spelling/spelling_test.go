package spelling_test

import (
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/spelling"
)

func TestNearest(t *testing.T) {
	known := []string{"skip", "unskip", "status", "solved", "retry", "environments", "qa"}
	for word, want := range map[string]string{
		"skip": "skip", "Skp": "skip", "sikp": "skip", "skipp": "skip", "resolve": "", "sovled": "solved", "solve": "solved",
		"enviroments": "environments", "environment": "environments", "qq": "qa", "xy": "", "": "", "deploy": "",
		"statis": "status", strings.Repeat("a", 65): "",
	} {
		if got, ok := spelling.Nearest(word, known); got != want || ok != (want != "") {
			t.Errorf("Nearest(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
}
