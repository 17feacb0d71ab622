package dashboard_test

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var colour = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{3}|[0-9a-f]{6});`)

// themes are the colours of the style sheet by name: light, then dark.
func themes(t *testing.T, css string) []map[string]float64 {
	t.Helper()
	light, dark, ok := strings.Cut(css, "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("no dark theme")
	}
	var out []map[string]float64
	for _, part := range []string{light, dark} {
		colours := map[string]float64{}
		for _, m := range colour.FindAllStringSubmatch(part, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		out = append(out, colours)
	}
	return out
}

// luminance is WCAG 2's relative luminance.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = strings.Repeat(hex[:1], 2) + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:], 2)
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

func TestColoursHaveContrast(t *testing.T) {
	css := get(t, pages(t, config(shelf{})), http.MethodGet, "/assets/style.css").body
	pairs := [][2]string{
		{"ink", "paper"}, {"ink", "card"}, {"soft", "paper"}, {"soft", "card"}, {"link", "paper"}, {"link", "card"},
		{"red", "card"}, {"act", "card"}, {"good", "good-paper"}, {"wait", "wait-paper"}, {"act", "act-paper"},
		{"bad", "bad-paper"}, {"quiet", "quiet-paper"},
	}
	for i, theme := range themes(t, css) {
		for _, pair := range pairs {
			front, known := theme[pair[0]]
			back, alsoKnown := theme[pair[1]]
			if !known || !alsoKnown {
				t.Fatalf("theme %d lacks %v", i, pair)
			}
			if ratio := (max(front, back) + 0.05) / (min(front, back) + 0.05); ratio < 4.5 {
				t.Errorf("theme %d: %s on %s has contrast %.2f, less than WCAG AA's 4.5", i, pair[0], pair[1], ratio)
			}
		}
	}
	for _, tone := range []string{"good", "quiet", "wait", "act", "bad"} {
		if !strings.Contains(css, ".badge."+tone+" ") {
			t.Errorf("no badge for %s", tone)
		}
	}
	if strings.Contains(css, "url(") || strings.Contains(css, "@import") {
		t.Error("the style sheet loads something")
	}
}
