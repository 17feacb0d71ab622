package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestDocuments pastes the commands of every document that are marked as "sh run" into
// a shell, in a repository of the usual kind.
func TestDocuments(t *testing.T) {
	t.Parallel()
	const repository = `git init -q -b main .
git -c user.name=Alice -c user.email=alice@example.com commit -q --allow-empty -m begin
git branch qa && git branch dev && mkdir .github && echo 'close: manual' | tee .github/hotfix.yml > hotfix.yml
`
	ran := 0
	for _, file := range documents(t) {
		name := filepath.Base(file)
		list := commands(t, name, "run")
		if len(list) == 0 {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			script := strings.ReplaceAll(repository+strings.Join(list, "\n"), "/tmp/", dir+"/")
			if out, err := paste(t, dir, "hotfixbot", script); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	if ran < 2 {
		t.Errorf("only %d documents have commands that are run", ran)
	}
}

// documents are the pages below docs.
func documents(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	return files
}

var (
	// anyBlock is a block of code.
	anyBlock = regexp.MustCompile("(?ms)^```[^\n]*\n(.*?)^```$")
	// call is a line on which hotfixbot is called, up to where a shell sees something
	// else. What --help prints has its examples indented.
	call = regexp.MustCompile(`(?m)^(    )?(?:[A-Z_]+=\S+ )*(?:bin/|exec )?hotfixbot ((?:'[^']*'|"[^"]*"|[^#|<>&;'"\n])*)`)
	// redirected is the end of a call whose errors go elsewhere.
	redirected = regexp.MustCompile(` 2$`)
)

// TestDocumentedCalls: what the documents and the help call is understood, by the
// flags that there are. Placeholders are words.
func TestDocumentedCalls(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, file := range append(documents(t), filepath.Join("..", "..", "README.md")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range anyBlock.FindAllStringSubmatch(string(text), -1) {
			for _, found := range call.FindAllStringSubmatch(block[1], -1) {
				if help := strings.HasPrefix(block[1], "Usage: "); help != (found[1] != "") {
					continue
				}
				seen++
				if err := understood(found[2]); err != nil {
					t.Errorf("%s: %s: %v", filepath.Base(file), found[0], err)
				}
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d calls are found", seen)
	}
}

// understood parses a call. What is optional in a synopsis is left out.
func understood(text string) error {
	parser, err := kong.New(&program{}, groups, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		return err
	}
	text = redirected.ReplaceAllString(strings.TrimSpace(text), "")
	text = regexp.MustCompile(`\[[^]]*\]|\.\.\.`).ReplaceAllString(text, "")
	var words []string
	for _, word := range regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`).FindAllString(text, -1) {
		words = append(words, strings.Trim(word, `'"`))
	}
	_, err = parser.Parse(words)
	return err
}
