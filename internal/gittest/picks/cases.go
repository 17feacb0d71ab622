package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// pick is one line of the data file.
type pick struct {
	line                 int
	repo, kind           string
	commit, base, target hotfix.OID
	people               hotfix.OID // what was committed in truth; may be empty
}

func readCases(path string) ([]pick, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	var cases []pick
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		words := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) < 5 {
			return nil, fmt.Errorf("%s:%d: it has %d columns of at least 5", path, n, len(words))
		}
		c := pick{line: n, repo: words[0], kind: words[1], commit: hotfix.OID(words[2]), base: hotfix.OID(words[3]), target: hotfix.OID(words[4])}
		if len(words) > 5 {
			c.people = hotfix.OID(words[5])
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}

func names(cases []pick) (found []string) {
	for _, c := range cases {
		if !slices.Contains(found, c.repo) {
			found = append(found, c.repo)
		}
	}
	return found
}

func of(cases []pick, repo string) []pick {
	return slices.DeleteFunc(slices.Clone(cases), func(c pick) bool { return c.repo != repo })
}
