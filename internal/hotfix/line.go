package hotfix

import "encoding/json"

// Line is a hotfix in the version line of one application that it touches (P4, P6).
type Line struct {
	Application string // its name in Config.Lines
	// Base is the highest release that the landing commit descends from, and
	// Holding the lowest that contains it. Either may be missing.
	Base, Holding *ReleaseTag
	Release       *Release // of Holding
}

// Line is the hotfix's line of that application, or nil: it does not touch it.
func (h *Hotfix) Line(application string) *Line {
	for i := range h.Lines {
		if h.Lines[i].Application == application {
			return &h.Lines[i]
		}
	}
	return nil
}

// Holding is the release of the first application that has one which contains the
// hotfix, or nil.
func (h *Hotfix) Holding() *ReleaseTag {
	for i := range h.Lines {
		if h.Lines[i].Holding != nil {
			return h.Lines[i].Holding
		}
	}
	return nil
}

// Tags are the names of the releases that contain the hotfix, one for each
// application that has one.
func (h *Hotfix) Tags() []string {
	var names []string
	for _, line := range h.Lines {
		if line.Holding != nil {
			names = append(names, line.Holding.Name)
		}
	}
	return names
}

// ByApplication is something of each application by its name in Config.Lines. In
// JSON it is an object, and the thing alone where the repository is one application.
type ByApplication[T any] map[string]T

// MarshalJSON writes it.
func (m ByApplication[T]) MarshalJSON() ([]byte, error) {
	if one, ok := m[""]; ok && len(m) == 1 {
		return json.Marshal(one)
	}
	return json.Marshal(map[string]T(m))
}

// UnmarshalJSON reads it.
func (m *ByApplication[T]) UnmarshalJSON(data []byte) error {
	var one T
	if err := json.Unmarshal(data, &one); err == nil {
		*m = ByApplication[T]{"": one}
		return nil
	}
	return json.Unmarshal(data, (*map[string]T)(m))
}
