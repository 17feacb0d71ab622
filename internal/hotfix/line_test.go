package hotfix

import (
	"encoding/json"
	"reflect"
	"testing"
)

// TestByApplicationReadsAsItIsWritten: status comments of repositories that are one
// application hold the bare value.
func TestByApplicationReadsAsItIsWritten(t *testing.T) {
	for want, m := range map[string]StatusMarker{
		`{"pull":34}`: {Pull: 34},
		`{"pull":34,"tag":"v1.7.1","released":true}`:    {Pull: 34, Tags: ByApplication[string]{"": "v1.7.1"}, Released: ByApplication[bool]{"": true}},
		`{"pull":34,"tag":{"api":"a1","shop":"s1"}}`:    {Pull: 34, Tags: ByApplication[string]{"shop": "s1", "api": "a1"}},
		`{"pull":34,"tag":{"api":"api-v2.0.4"}}`:        {Pull: 34, Tags: ByApplication[string]{"api": "api-v2.0.4"}},
		`{"pull":34,"tag":{"":"v1.7.1","shop":"s1.0"}}`: {Pull: 34, Tags: ByApplication[string]{"": "v1.7.1", "shop": "s1.0"}},
	} {
		text, err := json.Marshal(m)
		if err != nil || string(text) != want {
			t.Errorf("%+v is written as %s (%v), not as %s", m, text, err, want)
		}
		var read StatusMarker
		if err := json.Unmarshal([]byte(want), &read); err != nil || !reflect.DeepEqual(read, m) {
			t.Errorf("%s is read as %+v (%v)", want, read, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"tag":[1]}`), new(StatusMarker)); err == nil {
		t.Error("a list is read as tags")
	}
}

// TestOneApplicationHasNoName: whatever it is called, its versions are the
// repository's.
func TestOneApplicationHasNoName(t *testing.T) {
	shop, api := Application{Name: "shop", Tag: "s{version}"}, Application{Name: "api", Tag: "a{version}"}
	for _, c := range []struct {
		has  []Application
		want []string
	}{{nil, []string{""}}, {[]Application{shop}, []string{""}}, {[]Application{shop, api}, []string{"shop", "api"}}} {
		config := Config{Applications: c.has}
		var names []string
		for _, app := range config.Lines() {
			names = append(names, app.Name)
		}
		if !reflect.DeepEqual(names, c.want) {
			t.Errorf("%d applications have the lines %q", len(c.has), names)
		}
	}
	if got := (Config{Applications: []Application{shop, api}}).TagTemplate("api"); got != "a{version}" {
		t.Errorf("the API's template is %q", got)
	}
}
