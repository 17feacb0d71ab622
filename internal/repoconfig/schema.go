package repoconfig

import (
	"bytes"
	"encoding/json"
)

// schema is what the project uses of JSON Schema, draft 2020-12.
// https://json-schema.org/draft/2020-12/json-schema-validation
type schema struct {
	Draft       string     `json:"$schema,omitempty"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Type        any        `json:"type,omitempty"` // a string or a []string
	Default     any        `json:"default,omitempty"`
	Enum        []any      `json:"enum,omitempty"`
	AnyOf       []*schema  `json:"anyOf,omitempty"`
	Pattern     string     `json:"pattern,omitempty"`
	MaxLength   int        `json:"maxLength,omitempty"`
	Not         *schema    `json:"not,omitempty"`
	Items       *schema    `json:"items,omitempty"`
	MinItems    int        `json:"minItems,omitempty"`
	Unique      bool       `json:"uniqueItems,omitempty"`
	Properties  properties `json:"properties,omitempty"`
	Names       *schema    `json:"propertyNames,omitempty"`
	Additional  any        `json:"additionalProperties,omitempty"` // false or a *schema
	Required    []string   `json:"required,omitempty"`
	If          *schema    `json:"if,omitempty"`
	Then        *schema    `json:"then,omitempty"`
}

// property is a key of an object.
type property struct {
	name  string
	value *schema
}

// properties keep the order of the table, which is that of the page.
type properties []property

// MarshalJSON writes them as an object.
func (p properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range p {
		value, err := marshal(one.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + one.name + `":`)
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// marshal leaves < and & as they are: the schema stands in no page.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return b.Bytes(), err
}

// Schema is the JSON Schema of the file (draft 2020-12), for the completion of
// editors. It accepts every right file and refuses what is wrong by itself; what
// two values have to do with each other, and YAML's own mistakes, only Parse sees.
func Schema() ([]byte, error) {
	c := usual()
	s := table(&c).schema()
	s.Draft = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "Configuration of hotfixbot (" + File + ")"
	s.Description = "How the hotfixes of a repository are carried. All keys are optional."
	s.Type = []string{"object", "null"} // a file may be empty
	data, err := marshal(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, data, "", "  ")
	return b.Bytes(), err
}

// schema is that of the value, with what people are told of the key.
func (r row) schema() *schema {
	s := r.kind.schema()
	s.Description = r.about
	if _, inside := r.kind.(mapping); !inside {
		s.Description += " Must be " + r.kind.must() + "."
	}
	if r.absent != "" {
		s.Description += " Default: " + r.absent + "."
	} else if !r.required {
		s.Default = r.kind.value()
	}
	return s
}
