package repoconfig

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxSize is far above what the schema can need.
const maxSize = 64 << 10

// document is the file's only YAML document; nil when there is none, or when it
// can't be read, which is then a problem.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > maxSize {
		r.failAt(0, 0, fmt.Sprintf("the file has more than the %d bytes that are read", maxSize))
		return nil
	}
	if line, column, what := unreadable(data); what != "" {
		r.failAt(line, column, what)
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		r.syntax(data, err)
		return nil
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.syntax(data, err)
		return nil
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.syntax(data, err)
	default:
		r.failAt(second.Line, second.Column, "a second document starts here; a configuration is one document")
	}
	if len(first.Content) != 1 || isNull(first.Content[0]) {
		return nil
	}
	return first.Content[0]
}

// unreadable finds what can be in no YAML at all. The parser refuses it too, but
// does not say where.
func unreadable(data []byte) (line, column int, what string) {
	line, column = 1, 1
	for i := 0; i < len(data); {
		char, size := utf8.DecodeRune(data[i:])
		switch {
		case char == utf8.RuneError && size == 1:
			return line, column, "the file is no text in UTF-8 from here on; save it in that encoding"
		case char == '\n':
			line, column = line+1, 0
		case unicode.IsControl(char) && !strings.ContainsRune("\t\r\u0085", char):
			return line, column, fmt.Sprintf("a control character (%U) stands here; take it out", char)
		}
		i += size
		column++
	}
	return 0, 0, ""
}

// syntax reports what is no YAML, where the parser stumbled over it.
func (r *reader) syntax(data []byte, err error) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		r.failAt(0, 0, "the file can't be read as YAML: "+err.Error())
		return
	}
	message := "the file is no YAML: " + load.Message
	if load.ContextMsg != "" {
		message += " (" + load.ContextMsg + ")"
	}
	r.failAt(load.Mark.Line, load.Mark.Column, message+remedy(data, load.Mark.Line))
}

// remedy is what helps where most people stumble.
func remedy(data []byte, line int) string {
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return "; look for a quote or a bracket that is not closed"
	}
	text := lines[line-1]
	switch indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]; {
	case strings.Contains(indent, "\t"):
		return "; YAML is indented by spaces, never by tabs"
	case strings.Count(text, ": ") > 1:
		return "; put a text that contains `: ` in quotes"
	case line == len(lines) && strings.TrimSpace(text) == "":
		return "; look for a quote or a bracket that is not closed"
	}
	return ""
}
