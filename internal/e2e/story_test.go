package e2e_test

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"go.opentelemetry.io/otel/trace"
)

// story is one parsed file of testdata.
type story struct {
	name   string
	file   string
	lines  []line
	files  map[string]string // the sections, by name
	leaves map[way]bool      // ways in which it cannot be played
	beside []string          // repositories beside acme/shop, of the same content
	paced  bool              // its App stays below GitHub's limits by itself
	gather time.Duration     // how long its App waits for further webhooks
	poll   time.Duration     // how often its App looks into the queue; 0: as usual
	tracer trace.Tracer      // makes its App's spans; nil: none are made
	// unchecked saves most of the time: what passes is not held to GitHub's descriptions.
	// Only for a large one of which a small one is checked.
	unchecked bool
}

// line is one command of a story.
type line struct {
	at    string // "testdata/merge.txtar:12"
	words []string
	did   []claim // the did lines that belong to a settle
}

// claim is one thing that the story says the bot did.
type claim struct {
	at   string
	what string // * stands for anything
}

// readStory parses a story. The error names the line.
func readStory(file string) (*story, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := &story{
		name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: filepath.ToSlash(file),
		files: map[string]string{}, leaves: map[way]bool{},
	}
	if !strings.HasPrefix(string(data), "# ") {
		return nil, fmt.Errorf("%s:1: a story opens with what happens and why it matters, in lines that begin with #", s.file)
	}
	return s, s.read(s.file, data)
}

// read parses the story's own text, or that of a part which it includes. Of a
// section in both, the story's own counts.
func (s *story) read(file string, data []byte) error {
	archive := txtar.Parse(data)
	for _, section := range archive.Files {
		if _, own := s.files[section.Name]; !own {
			s.files[section.Name] = string(section.Data)
		}
	}
	settle := -1 // the last settle, to which did lines belong
	for i, text := range strings.Split(string(archive.Comment), "\n") {
		at := fmt.Sprintf("%s:%d", file, i+1)
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if what, ok := strings.CutPrefix(text, "did "); ok {
			if settle < 0 || what == "*" {
				return fmt.Errorf("%s: a claim follows a settle and names what was done", at)
			}
			s.lines[settle].did = append(s.lines[settle].did, claim{at: at, what: strings.TrimSpace(what)})
			continue
		}
		words, err := split(text)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		if settles[words[0]] {
			settle = len(s.lines)
		}
		if err := s.take(line{at: at, words: words}); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

// take adds a line, or does what it says of the story as a whole.
func (s *story) take(l line) error {
	switch l.words[0] {
	case "without":
		for _, w := range l.words[1:] {
			s.leaves[way(w)] = true
		}
	case "include":
		if len(l.words) != 2 {
			return errors.New("include takes the name of a part")
		}
		file := "testdata/parts/" + l.words[1] + ".txt"
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return s.read(file, data)
	default:
		if slices.Contains(l.words[:min(3, len(l.words))], "press") {
			s.leaves[waySweep] = true // a press is known from its webhook alone
		}
		s.lines = append(s.lines, l)
	}
	return nil
}

// settles counts how often the bot comes to rest.
func (s *story) settles() (n int) {
	for _, l := range s.lines {
		if settles[l.words[0]] {
			n++
		}
	}
	return n
}

// settles are the commands that let the bot work; did lines follow them.
var settles = map[string]bool{"settle": true, "redeliver": true, "recover": true}

// split cuts a line into words. Words with spaces stand between quotes of either
// kind; \n inside a quoted word is a line break.
func split(text string) ([]string, error) {
	var words []string
	for text != "" {
		if text[0] != '\'' && text[0] != '"' {
			word, rest, _ := strings.Cut(text, " ")
			words, text = append(words, word), strings.TrimSpace(rest)
			continue
		}
		word, rest, closed := strings.Cut(text[1:], text[:1])
		if !closed || rest != "" && rest[0] != ' ' {
			return nil, fmt.Errorf("a word opens with %s and does not close", text[:1])
		}
		words, text = append(words, strings.ReplaceAll(word, `\n`, "\n")), strings.TrimSpace(rest)
	}
	return words, nil
}

// branchFiles are the files that the story puts on a branch at the beginning, in
// sections such as "qa/cart/total.txt".
func (s *story) branchFiles(branch string) map[string]string {
	files := map[string]string{}
	for name, content := range s.files {
		if rest, ok := strings.CutPrefix(name, branch+"/"); ok {
			files[path.Clean(rest)] = content
		}
	}
	return files
}
