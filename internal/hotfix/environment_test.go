package hotfix_test

import (
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func names(p hotfix.Pipeline) string {
	s := ""
	for _, e := range p {
		s += e.Branch + " "
	}
	return s
}

func TestTheLandingEnvironmentDividesThePipeline(t *testing.T) {
	simple := hotfix.Pipeline{{Name: "Production", Branch: "main"}, {Name: "QA", Branch: "qa"}, {Name: "Development", Branch: "dev"}}
	if got := names(simple.Above()) + "| " + names(simple.Below()); got != "| qa dev " {
		t.Errorf("without Pre-Production: %s", got)
	}
	staged := hotfix.Pipeline{{Name: "Production", Branch: "main"}, {Name: "Pre-Production", Branch: "preprod", Landing: true}, {Name: "QA", Branch: "qa"}}
	if got := names(staged.Above()) + "| " + names(staged.Below()); got != "main | qa " {
		t.Errorf("with Pre-Production: %s", got)
	}
	if _, ok := (hotfix.Pipeline{}).Landing(); ok {
		t.Error("an empty pipeline has a landing environment")
	}
	if env, ok := simple.Find("development"); !ok || env.Branch != "dev" {
		t.Errorf("a person's word finds %v", env)
	}
}
