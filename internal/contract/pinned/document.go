package pinned

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"sort"
)

// Document is an OpenAPI description cut into its named pieces, so that a check can load the
// few kilobytes that one operation needs and not the whole of 13 MB.
//
// On disk each piece is a line: section, tab, name, tab, JSON.
type Document struct {
	pieces map[string]map[string]json.RawMessage
}

// The sections of a document that are not those of OpenAPI's components.
const (
	Operations = "operation" // by method and path: "GET /repos/{owner}/{repo}/git/ref/{ref+}"; + = may hold slashes
	Hooks      = "webhook"   // by GitHub's name: "pull-request-closed"
)

// NewDocument makes an empty document.
func NewDocument() *Document {
	return &Document{pieces: map[string]map[string]json.RawMessage{}}
}

// Add puts a piece into the document. Its JSON must be on one line.
func (d *Document) Add(section, name string, piece json.RawMessage) {
	if d.pieces[section] == nil {
		d.pieces[section] = map[string]json.RawMessage{}
	}
	d.pieces[section][name] = piece
}

// Piece gives a piece, nil if there is none of that name.
func (d *Document) Piece(section, name string) json.RawMessage { return d.pieces[section][name] }

// Names lists a section in alphabetical order.
func (d *Document) Names(section string) []string {
	names := make([]string, 0, len(d.pieces[section]))
	for n := range d.pieces[section] {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

var componentRef = regexp.MustCompile(`"\$ref":"#/components/([a-z]+)/([^"]+)"`)

// Components gives what the piece refers to, and what that refers to, and so on: by section,
// then name.
func (d *Document) Components(piece json.RawMessage) map[string]map[string]json.RawMessage {
	found := map[string]map[string]json.RawMessage{}
	queue := []json.RawMessage{piece}
	for len(queue) > 0 {
		refs := componentRef.FindAllSubmatch(queue[0], -1)
		queue = queue[1:]
		for _, ref := range refs {
			section, name := string(ref[1]), string(ref[2])
			if _, seen := found[section][name]; seen {
				continue
			}
			if found[section] == nil {
				found[section] = map[string]json.RawMessage{}
			}
			found[section][name] = d.Piece(section, name)
			queue = append(queue, found[section][name])
		}
	}
	return found
}

// WriteTo writes the document in the form that ParseDocument reads.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	sections := make([]string, 0, len(d.pieces))
	for s := range d.pieces {
		sections = append(sections, s)
	}
	sort.Strings(sections)
	for _, s := range sections {
		for _, n := range d.Names(s) {
			fmt.Fprintf(&b, "%s\t%s\t%s\n", s, n, d.Piece(s, n))
		}
	}
	return b.WriteTo(w)
}

// ParseDocument reads what WriteTo wrote. The pieces share memory with b.
func ParseDocument(b []byte) (*Document, error) {
	d := NewDocument()
	for line := range bytes.Lines(b) {
		section, rest, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte("\t"))
		name, piece, ok := bytes.Cut(rest, []byte("\t"))
		if !ok {
			return nil, fmt.Errorf("not a line of a description: %.60q", line)
		}
		d.Add(string(section), string(name), piece)
	}
	return d, nil
}
