package demo

import (
	"encoding/json"
	"io"
)

// Line is one thing that happened.
type Line struct {
	Step         int           `json:"step"` // from 1
	Who          string        `json:"who"`
	Text         string        `json:"text"`
	Said         string        `json:"said,omitempty"`   // in their own words: a comment, a title
	Chapter      string        `json:"chapter"`          // the part of the story that it belongs to
	Status       string        `json:"status,omitempty"` // the bot's status comment on the hotfix, where it changed
	Environments []Environment `json:"environments"`     // after it
	// Solved stands in one line alone: the end of the hotfix was checked. Where one can
	// stay, another one follows that is left open.
	Solved bool `json:"solved,omitempty"`
	Look   Look `json:"look,omitzero"` // in the last line

	last bool
}

// Look is where to look after the story.
type Look struct {
	Page       string `json:"page,omitempty"`       // of the bot; empty when it ends with the story
	Hotfix     string `json:"hotfix,omitempty"`     // page of the hotfix that is left open; the same
	Try        string `json:"try,omitempty"`        // what to try there; the same
	GitHub     string `json:"github,omitempty"`     // root of the simulated GitHub; the same
	Repository string `json:"repository,omitempty"` // folder of the bare repository; empty when it is removed
}

// Teller tells a line, right after it happened.
type Teller func(Line) error

// JSON tells each line as one JSON object.
func JSON(out io.Writer) Teller {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return func(l Line) error { return encoder.Encode(l) }
}
