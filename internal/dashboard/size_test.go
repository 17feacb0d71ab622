package dashboard_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// BenchmarkPages shows the pages of an organisation with a thousand repositories
// and ten thousand hotfixes in flight.
func BenchmarkPages(b *testing.B) {
	var boards []hotfix.Board
	for i := range 1000 {
		board := shop()
		board.Repository, board.Name = hotfix.RepositoryID(i), fmt.Sprintf("acme/shop-%d", i)
		for j := range 9 {
			more := board.Hotfixes[1]
			more.Key = hotfix.Key{Repository: board.Repository, Pull: 100 + j}
			board.Hotfixes = append(board.Hotfixes, more)
		}
		boards = append(boards, board)
	}
	p := pages(b, config(shelf{boards: boards}))
	for _, path := range []string{"/", "/hotfixes", "/hotfixes/7/34"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				req := httptest.NewRequest(http.MethodGet, path, nil)
				req.RemoteAddr, req.Host = "127.0.0.1:5000", "localhost"
				w := httptest.NewRecorder()
				p.ServeHTTP(w, req)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
				b.ReportMetric(float64(w.Body.Len()), "bytes")
			}
		})
	}
}
