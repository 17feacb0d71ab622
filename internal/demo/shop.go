package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// history is the repository before the story: a commit a file, in order. Its
// head says branch, author, date, and what branch it begins from, what tag it gets
// or what other branch begins at it; then comes the message, then the files that
// change.
//
//go:embed shop
var history embed.FS

// fix is what people commit during the story: message and files.
//
//go:embed fix
var fix embed.FS

// plantHistory makes a bare repository with the history of a pipeline's shop.
func plantHistory(ctx context.Context, dir string, pipeline Pipeline) error {
	files, err := pipeline.commits()
	if err != nil {
		return err
	}
	var stream bytes.Buffer
	for _, file := range files {
		data, err := history.ReadFile(file)
		if err != nil {
			return err
		}
		if err := writeCommit(&stream, txtar.Parse(data)); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if _, err := git(ctx, dir, nil, "init", "-q", "--bare", "--initial-branch=main"); err != nil {
		return err
	}
	_, err = git(ctx, dir, stream.Bytes(), "fast-import", "--quiet")
	return err
}

// writeCommit writes one commit, and its tag, in git fast-import's language.
func writeCommit(stream *bytes.Buffer, a *txtar.Archive) error {
	header, message, _ := strings.Cut(string(a.Comment), "\n\n")
	head := map[string]string{}
	for line := range strings.Lines(header) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		head[key] = value
	}
	at, err := time.Parse("2006-01-02 15:04", head["date"])
	if err != nil {
		return err
	}
	who := fmt.Sprintf("%s <%s> %d +0000", fullName(head["author"]), email(head["author"]), at.Unix())
	fmt.Fprintf(stream, "commit refs/heads/%s\nauthor %s\ncommitter %s\n%s", head["branch"], who, who, data(message))
	if head["from"] != "" {
		fmt.Fprintf(stream, "from refs/heads/%s\n", head["from"])
	}
	for _, file := range a.Files {
		fmt.Fprintf(stream, "M 100644 inline %s\n%s", file.Name, data(string(file.Data)))
	}
	if head["also"] != "" {
		fmt.Fprintf(stream, "reset refs/heads/%s\nfrom refs/heads/%s\n\n", head["also"], head["branch"])
	}
	if tag := head["tag"]; tag != "" {
		fmt.Fprintf(stream, "tag %s\nfrom refs/heads/%s\ntagger %s\n%s", tag, head["branch"], who, data("Release "+tag+"\n"))
	}
	return nil
}

func data(text string) string {
	text = strings.TrimRight(text, "\n") + "\n"
	return fmt.Sprintf("data %d\n%s\n", len(text), text)
}

// commitOf reads what somebody commits during the story.
func commitOf(name string) (message string, files map[string]string, err error) {
	raw, err := fix.ReadFile("fix/" + name + ".txtar")
	if err != nil {
		return "", nil, err
	}
	archive := txtar.Parse(raw)
	files = map[string]string{}
	for _, file := range archive.Files {
		files[file.Name] = string(file.Data)
	}
	return strings.TrimSpace(string(archive.Comment)), files, nil
}
