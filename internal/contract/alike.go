package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Most of what tests say differs in numbers, ids, times and prose alone, which the descriptions
// judge by their type and form. So things are judged once by what they are alike in: the keys, the
// types, every word that could be one of an enumeration, and the form of everything else.

// longestWord is longer than every word of GitHub's enumerations.
const longestWord = 48

// alike is what a JSON body has in common with all that get the same verdict. What is no JSON is
// like nothing but itself.
func alike(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if len(body) == 0 || decoder.Decode(&value) != nil || decoder.More() {
		return body
	}
	var b bytes.Buffer
	shape(&b, value)
	return b.Bytes()
}

func shape(b *bytes.Buffer, value any) {
	switch v := value.(type) {
	case map[string]any:
		b.WriteByte('{')
		for _, key := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(b, "%q:", key)
			shape(b, v[key])
			b.WriteByte(',')
		}
		b.WriteByte('}')
	case []any:
		shapes := map[string]bool{}
		for _, element := range v {
			var one bytes.Buffer
			shape(&one, element)
			shapes[one.String()] = true
		}
		fmt.Fprintf(b, "[%d %q]", min(len(v), 2), slices.Sorted(maps.Keys(shapes)))
	case string:
		b.WriteString(form(v))
	case json.Number:
		b.WriteString(size(v.String()))
	default: // true, false, null
		fmt.Fprintf(b, "%v", v)
	}
}

var hexID = regexp.MustCompile(`^[0-9a-f]{40}$`)

// form is a string as far as a verdict can depend on it.
func form(s string) string {
	switch {
	case s == "":
		return `""`
	case hexID.MatchString(s):
		return "<id>"
	case isTime(s):
		return "<time>"
	case strings.HasPrefix(s, "https://") && isURL(s):
		return "<url>"
	case isMail(s):
		return "<mail>"
	case len(s) <= longestWord && !strings.ContainsAny(s, " \n"):
		return fmt.Sprintf("%q", s)
	}
	return "<text>"
}

func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func isURL(s string) bool {
	_, err := url.Parse(s)
	return err == nil && !strings.ContainsAny(s, "{} \n")
}

func isMail(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s && !strings.Contains(s, "[")
}

// size is a number as far as a verdict can depend on it: its sign, whether it is whole, and
// how long it is.
func size(number string) string {
	if strings.ContainsAny(number, ".eE") {
		return number
	}
	return fmt.Sprintf("<%d digits>%s", len(number), map[bool]string{true: "0"}[number == "0"])
}

var (
	pathNumber = regexp.MustCompile(`/[1-9][0-9]*(/|$|\?)`)
	pathID     = regexp.MustCompile(`[0-9a-f]{40}`)
)

// alikePath is a URL without its numbers and ids.
func alikePath(u string) string {
	return pathNumber.ReplaceAllString(pathID.ReplaceAllString(u, "<id>"), "/1$1")
}
