package command_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestParseOneCommand(t *testing.T) {
	for line, want := range map[string]hotfix.Command{
		"/hotfix":                                {Verb: "help"},
		"/hotfix help":                           {Verb: "help"},
		"/Hotfix Status":                         {Verb: "status"},
		"/hotfix status #34":                     {Verb: "status", Pull: 34},
		"/hotfix explain #34 #34":                {Verb: "explain", Pull: 34},
		"/hotfix doctor":                         {Verb: "doctor"},
		"/hotfix start":                          {Verb: "start"},
		"/hotfix start fix #34 now":              {Verb: "start", Args: []string{"fix", "#34", "now"}},
		"/hotfix backport release/1.6 b":         {Verb: "backport", Args: []string{"release/1.6", "b"}},
		"/hotfix retry":                          {Verb: "retry"},
		"/hotfix  retry\tqa":                     {Verb: "retry", Environment: "qa"},
		"/hotfix retry #34 qa":                   {Verb: "retry", Environment: "qa", Pull: 34},
		"/hotfix retry \"QA East\"":              {Verb: "retry", Environment: "QA East"},
		"/hotfix retry “QA East”":                {Verb: "retry", Environment: "QA East"},
		"/hotfix resolved a/b.go":                {Verb: "resolved", Args: []string{"a/b.go"}},
		"/hotfix resolved `a b.go` c":            {Verb: "resolved", Args: []string{"a b.go", "c"}},
		"/hotfix resolved ``a`b``":               {Verb: "resolved", Args: []string{"a`b"}},
		"/hotfix resolved _init_.py *.go":        {Verb: "resolved", Args: []string{"_init_.py", "*.go"}},
		"/hotfix resolved #34 -- #35 --x":        {Verb: "resolved", Pull: 34, Args: []string{"#35", "--x"}},
		"/hotfix resolved \"#34\"":               {Verb: "resolved", Args: []string{"#34"}},
		"/hotfix pick qa -- a b":                 {Verb: "pick", Environment: "qa", Args: []string{"a", "b"}},
		"/hotfix pick qa a":                      {Verb: "pick", Environment: "qa", Args: []string{"a"}},
		"/hotfix pick qa #34 — a":                {Verb: "pick", Environment: "qa", Pull: 34, Args: []string{"a"}},
		"/hotfix skip dev not needed, don't":     {Verb: "skip", Environment: "dev", Reason: "not needed, don't"},
		"/hotfix skip dev \"not needed\"":        {Verb: "skip", Environment: "dev", Reason: "not needed"},
		"/hotfix skip dev the \"old\" `x y` one": {Verb: "skip", Environment: "dev", Reason: "the \"old\" `x y` one"},
		"/hotfix skip dev done by #57":           {Verb: "skip", Environment: "dev", Reason: "done by #57"},
		"/hotfix skip #34 dev as #57":            {Verb: "skip", Environment: "dev", Pull: 34, Reason: "as #57"},
		"/hotfix skip dev #34 #57 did":           {Verb: "skip", Environment: "dev", Pull: 34, Reason: "#57 did"},
		"/hotfix unskip dev":                     {Verb: "unskip", Environment: "dev"},
		"/hotfix solved":                         {Verb: "solved"},
		"/hotfix solved #34 --force it is fine":  {Verb: "solved", Pull: 34, Force: true, Reason: "it is fine"},
		"/hotfix solved —force #34 it is fine":   {Verb: "solved", Pull: 34, Force: true, Reason: "it is fine"},
		"/hotfix reopen":                         {Verb: "reopen"},
		"/hotfix deploy":                         {Verb: "deploy"},
		"/hotfix deploy 1.7.1":                   {Verb: "deploy", Args: []string{"1.7.1"}},
	} {
		got := command.Parse(line)
		if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("Parse(%q) = %+v, want %+v", line, got, want)
		}
	}
}

func TestParseProblems(t *testing.T) {
	for line, want := range map[string]hotfix.Command{
		"/hotfix skpi dev":                {Problem: "There is no command `/hotfix skpi`. Did you mean `/hotfix skip`?"},
		"/hotfix solved.":                 {Problem: "There is no command `/hotfix solved.`. Did you mean `/hotfix solved`?"},
		"/hotfix @alice":                  {Problem: "There is no command `/hotfix @alice`. `/hotfix help` lists them."},
		"/hotfix skip":                    {Verb: "skip", Problem: "`/hotfix skip` lacks the environment. Its form is `/hotfix skip <environment> [#PR] <reason>`, for example `/hotfix skip dev the module was replaced there`."},
		"/hotfix skip #34 dev":            {Verb: "skip", Problem: "lacks the reason"},
		"/hotfix skip --all why":          {Verb: "skip", Problem: "does not take `--all`"},
		"/hotfix unskip":                  {Verb: "unskip", Problem: "lacks the environment"},
		"/hotfix retry qa dev":            {Verb: "retry", Problem: "does not take `dev`"},
		"/hotfix retry --force":           {Verb: "retry", Problem: "does not take `--force`"},
		"/hotfix status #34 #35":          {Verb: "status", Problem: "names two pull requests"},
		"/hotfix status #0":               {Verb: "status", Problem: "does not take `#0`"},
		"/hotfix status \"#34\"":          {Verb: "status", Problem: "does not take `\"#34\"`"},
		"/hotfix help `me` ":              {Verb: "help", Problem: "does not take `'me'`"},
		"/hotfix help me":                 {Verb: "help", Problem: "does not take `me`"},
		"/hotfix resolved":                {Verb: "resolved", Problem: "lacks the path"},
		"/hotfix resolved --":             {Verb: "resolved", Problem: "lacks the path"},
		"/hotfix resolved --all":          {Verb: "resolved", Problem: "does not take `--all`"},
		"/hotfix pick -- a":               {Verb: "pick", Problem: "lacks the environment"},
		"/hotfix pick qa":                 {Verb: "pick", Problem: "lacks the path"},
		"/hotfix solved --force":          {Verb: "solved", Problem: "lacks the reason"},
		"/hotfix solved --froce x":        {Verb: "solved", Problem: "does not take `--froce`"},
		"/hotfix solved please --force x": {Verb: "solved", Problem: "does not take `please`"},
		"/hotfix deploy 1.7.1 now":        {Verb: "deploy", Problem: "does not take `now`"},
		"/hotfix backport":                {Verb: "backport", Problem: "lacks the branch"},
	} {
		got := command.Parse(line)
		if len(got) != 1 || !strings.Contains(got[0].Problem, want.Problem) {
			t.Errorf("Parse(%q) = %+v, want %q", line, got, want.Problem)
			continue
		}
		if bare := (hotfix.Command{Verb: want.Verb, Problem: got[0].Problem}); !reflect.DeepEqual(got[0], bare) {
			t.Errorf("Parse(%q) = %+v: beside its verb and its problem it should be empty", line, got[0])
		}
		if again := command.Parse(got[0].Problem); again != nil {
			t.Errorf("the problem of %q is a command itself: %+v", line, again)
		}
	}
}

func TestParseFindsCommandsInComments(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []hotfix.Verb
	}{
		{"among text", "Thanks!\n\n/hotfix retry\n\nLater more.", []hotfix.Verb{"retry"}},
		{"in the middle of a paragraph", "Thanks!\n/hotfix retry\nLater more.", []hotfix.Verb{"retry"}},
		{"several", "/hotfix retry\n/hotfix status\r\n\r\n/hotfix help", []hotfix.Verb{"retry", "status", "help"}},
		{"carriage returns", "Hi\r\n/hotfix solved\r\n", []hotfix.Verb{"solved"}},
		{"indented a little", "   /hotfix retry", []hotfix.Verb{"retry"}},
		{"after a quote", "> what now?\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after code", "```\nx\n```\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after a list", "- a\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after a comment", "<!-- x -->\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after a hidden tag", "<!-- <pre> -->\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after a hidden tag in the last line", "<!-- x\n<pre> -->\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after a picture", "<img src=\"x\">\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after closed HTML", "<blockquote>\n\nx\n\n</blockquote>\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"after a stray closing tag", "</pre>\n\n/hotfix retry", []hotfix.Verb{"retry"}},
		{"folded", "<details>\n\n/hotfix retry\n\n</details>", []hotfix.Verb{"retry"}},
		{"twice", "/hotfix retry\n/hotfix retry", []hotfix.Verb{"retry", "retry"}},
	} {
		if got := verbs(command.Parse(c.body)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestParseLeavesTheRestAlone(t *testing.T) {
	for name, body := range map[string]string{
		"quote":                   "> /hotfix solved",
		"lazy quote":              "> said\n/hotfix solved",
		"quote in quote":          "> > /hotfix solved",
		"alert":                   "> [!NOTE]\n> /hotfix solved",
		"code":                    "`/hotfix solved`",
		"code over lines":         "`\n/hotfix solved\n`",
		"fence":                   "```\n/hotfix solved\n```",
		"fence left open":         "~~~\n/hotfix solved",
		"indented code":           "text\n\n    /hotfix solved",
		"tab":                     "\t/hotfix solved",
		"list":                    "- /hotfix solved",
		"lazy list":               "- x\n/hotfix solved",
		"numbered list":           "1. x\n\n   /hotfix solved",
		"task":                    "- [ ] /hotfix solved",
		"heading":                 "# /hotfix solved",
		"underlined heading":      "/hotfix solved\n---",
		"table":                   "/hotfix solved | x\n--- | ---\n/hotfix solved | y",
		"comment":                 "<!--\n/hotfix solved\n-->",
		"comment with empty line": "<!--\n\n/hotfix solved\n\n-->",
		"comment in a line":       "text <!--\n/hotfix solved\n-->",
		"comment left open":       "<!--\n\n/hotfix solved",
		"block":                   "<div>\n/hotfix solved\n</div>",
		"quote in HTML":           "<blockquote>\n\n/hotfix solved\n\n</blockquote>",
		"quote left open":         "<BLOCKQUOTE cite=x>\n\n/hotfix solved",
		"code in HTML":            "see <code>\n/hotfix solved\n</code>",
		"pre":                     "<pre>\n\n/hotfix solved\n\n</pre>",
		"attribute":               "<a title=\"\n/hotfix solved\n\">x</a>",
		"link":                    "[x\n/hotfix solved\n](http://example.com)",
		"link title":              "[x](http://example.com \"\n/hotfix solved\n\")",
		"emphasis":                "*x\n/hotfix solved\nx*",
		"footnote":                "x[^1]\n\n[^1]: note\n/hotfix solved",
		"in a sentence":           "write /hotfix solved then",
		"another word":            "/hotfixbot solved",
		"with a colon":            "/hotfix: solved",
		"a path":                  "/hotfix/solved",
		"escaped":                 "\\/hotfix solved",
		"entity":                  "&#47;hotfix solved",
		"no slash":                "hotfix solved",
		"after a break":           "x<br>/hotfix solved",
		"nothing":                 "",
	} {
		if got := command.Parse(body); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestParseLimits(t *testing.T) {
	if got := command.Parse(strings.Repeat("/hotfix status\n", 10)); len(got) != 10 || got[9].Problem != "" {
		t.Errorf("ten commands: %+v", got)
	}
	for name, body := range map[string]string{
		"eleven": strings.Repeat("/hotfix status\n", 11),
		"long":   "/hotfix skip dev " + strings.Repeat("é", 65_536),
	} {
		if got := command.Parse(body); len(got) != 1 || !strings.Contains(got[0].Problem, "nothing of it was done") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := command.Parse("/hotfix skip dev " + strings.Repeat("é", 60_000)); len(got) != 1 || got[0].Problem != "" {
		t.Errorf("a long reason within GitHub's limit: %d commands", len(got))
	}
}

func verbs(commands []hotfix.Command) []hotfix.Verb {
	var all []hotfix.Verb
	for _, cmd := range commands {
		all = append(all, cmd.Verb)
	}
	return all
}

func FuzzParse(f *testing.F) {
	f.Add("/hotfix skip dev `reason\n/hotfix solved --force x")
	f.Add("<pre>\n\n/hotfix retry\n[a\n/hotfix help](b)")
	f.Fuzz(func(t *testing.T, body string) {
		for _, cmd := range command.Parse(body) {
			if cmd.Problem != "" && (cmd.Pull != 0 || cmd.Force || cmd.Args != nil || cmd.Environment != "" || cmd.Reason != "") {
				t.Errorf("a problem that holds more: %+v", cmd)
			}
			if command.Parse(cmd.Problem) != nil {
				t.Errorf("a problem that is a command: %q", cmd.Problem)
			}
		}
		quoted := "> " + strings.NewReplacer("\r\n", "\n> ", "\r", "\n> ", "\n", "\n> ").Replace(body)
		if got := command.Parse(quoted); got != nil {
			t.Errorf("a command out of a quote: %+v", got)
		}
		fence := strings.Repeat("~", 3+strings.Count(body, "~"))
		if got := command.Parse(fence + "\n" + body + "\n" + fence); got != nil {
			t.Errorf("a command out of code: %+v", got)
		}
	})
}
