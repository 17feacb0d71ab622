package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// On GitHub, whoever may write can edit the App's comments, and a status comment
// is edited by the bot itself, too. So what a status comment records of a solved
// hotfix, and of where one was contained, is sealed with a key that only the App
// has: without the right seal it is not believed, and the hotfix is looked at again.
// The seal survives the database; a new App key only costs that second look.

// seal is the seal of a marker.
func (r *run) seal(marker hotfix.StatusMarker) (string, error) {
	marker.Seal = ""
	text, err := json.Marshal(marker)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, r.sealKey)
	fmt.Fprintln(mac, r.About().ID) // an issue may be transferred, with its status comment
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil)[:16]), nil
}

// sealed reports whether a marker carries the App's own seal.
func (r *run) sealed(marker hotfix.StatusMarker) bool {
	want, err := r.seal(marker)
	return err == nil && hmac.Equal([]byte(want), []byte(marker.Seal))
}
