package forge_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What is left is told without a request, for this process and for what others spent.
func TestBudgetsTellWhatIsLeft(t *testing.T) {
	h, purses := newHub(t), &purses{}
	reset := h.clock().Add(time.Minute).Unix()
	h.on("PATCH "+shop+"/issues/3", says(200, `{"number":3}`, "X-Ratelimit-Limit: 5000", "X-Ratelimit-Remaining: 4711", fmt.Sprintf("X-Ratelimit-Reset: %d", reset)))
	app := h.paced(purses)
	before := budget(t, app)
	if before.Writes != 0 || before.Told {
		t.Errorf("at the start %+v", before)
	}
	made, _ := closeMany(t, app)
	after := budget(t, app)
	if !after.Paced || after.Writes != 20-made || after.Points > 900-5*made || after.Points < 600 {
		t.Errorf("after %d writes %+v", made, after)
	}
	if !after.Told || after.Limit != 5000 || after.Remaining != 4711 {
		t.Errorf("of what GitHub said: %+v", after)
	}
	h.wait(2 * time.Minute)
	if later := budget(t, app); later.Told || later.Writes != 20 || later.Points != 900 {
		t.Errorf("two minutes later %+v", later)
	}
}

// budget is that of the one installation that app has worked for, if any.
func budget(t *testing.T, app *forge.App) (b hotfix.Budget) {
	t.Helper()
	all, err := app.Budgets(t.Context())
	if err != nil || len(all) > 1 {
		t.Fatalf("%+v: %v", all, err)
	}
	if len(all) == 0 {
		return b
	}
	return all[0]
}
