package webhooks

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// errNoJSON says that a text is no JSON of the shape that was asked for.
var errNoJSON = errors.New("the body is no JSON object")

// deepest is how deep values may lie in each other, as for encoding/json.
const deepest = 10000

// members reads an object and gives those of its members that are asked for, as they
// stand; nil for one that is not there, the last for one that is there twice. All of the
// text is held to the grammar of JSON, and nothing else is made of it: encoding/json would
// go over it twice.
func members(object []byte, names ...string) ([]json.RawMessage, error) {
	s := &scanner{text: object}
	s.space()
	if !s.at('{') {
		return nil, errNoJSON
	}
	found := make([]json.RawMessage, len(names))
	valid := s.object(1, func(name, value []byte) {
		for i, wanted := range names {
			if string(name) == wanted {
				found[i] = value
			}
		}
	})
	s.space()
	if !valid || s.i != len(s.text) {
		return nil, errNoJSON
	}
	return found, nil
}

// scanner goes over a text. Its methods report whether what they are named after stood
// at i, and leave i behind it.
type scanner struct {
	text []byte
	i    int
}

// at reports whether a byte is next.
func (s *scanner) at(c byte) bool { return s.i < len(s.text) && s.text[s.i] == c }

func (s *scanner) take(c byte) bool {
	if !s.at(c) {
		return false
	}
	s.i++
	return true
}

func (s *scanner) space() {
	for s.i < len(s.text) && (s.text[s.i] == ' ' || s.text[s.i] == '\n' || s.text[s.i] == '\t' || s.text[s.i] == '\r') {
		s.i++
	}
}

func (s *scanner) value(depth int) bool {
	if s.i == len(s.text) {
		return false
	}
	switch s.text[s.i] {
	case '{':
		return depth <= deepest && s.object(depth, nil)
	case '[':
		return depth <= deepest && s.array(depth)
	case '"':
		return s.str()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

// object tells each of its members, if somebody wants to know.
func (s *scanner) object(depth int, tell func(name, value []byte)) bool {
	s.i++
	if s.space(); s.take('}') {
		return true
	}
	for {
		s.space()
		begin := s.i
		if !s.str() {
			return false
		}
		name := s.text[begin+1 : s.i-1]
		if s.space(); !s.take(':') {
			return false
		}
		s.space()
		begin = s.i
		if !s.value(depth + 1) {
			return false
		}
		if tell != nil {
			tell(name, s.text[begin:s.i])
		}
		if s.space(); s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

func (s *scanner) array(depth int) bool {
	s.i++
	if s.space(); s.take(']') {
		return true
	}
	for {
		s.space()
		if !s.value(depth + 1) {
			return false
		}
		if s.space(); s.take(']') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

func (s *scanner) str() bool {
	if !s.take('"') {
		return false
	}
	for i := s.i; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.i = i + 1
			return true
		case c < ' ':
			return false
		case c == '\\':
			n := escape(s.text[i+1:])
			if n == 0 {
				return false
			}
			i += n
		}
	}
	return false
}

// escape is how long what follows a backslash is; 0: nothing that may.
func escape(text []byte) int {
	switch {
	case len(text) == 0:
		return 0
	case strings.IndexByte(`"\/bfnrt`, text[0]) >= 0:
		return 1
	case text[0] != 'u' || len(text) < 5:
		return 0
	}
	for _, c := range text[1:5] {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return 0
		}
	}
	return 5
}

func (s *scanner) word(w string) bool {
	if !bytes.HasPrefix(s.text[s.i:], []byte(w)) {
		return false
	}
	s.i += len(w)
	return true
}

func (s *scanner) number() bool {
	s.take('-')
	if !s.take('0') && !s.digits() {
		return false
	}
	if s.take('.') && !s.digits() {
		return false
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		return s.digits()
	}
	return true
}

func (s *scanner) digits() bool {
	begin := s.i
	for s.i < len(s.text) && s.text[s.i] >= '0' && s.text[s.i] <= '9' {
		s.i++
	}
	return s.i > begin
}
