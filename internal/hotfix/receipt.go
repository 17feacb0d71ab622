package hotfix

import "time"

// Receipt is a delivery as operators look at it: without its body, with what
// became of it.
type Receipt struct {
	GUID       string
	Event      string
	Action     string
	Repository RepositoryID // 0 when it concerns none, or several
	ReceivedAt time.Time
	State      ReceiptState
}

// ReceiptState is what became of a delivery.
type ReceiptState string

// The states of a delivery. A delivery that concerns no repository is served by
// being stored.
const (
	ReceiptServed  ReceiptState = "served"  // the repository was looked at since
	ReceiptWaiting ReceiptState = "waiting" // the repository is about to be looked at, or as soon as GitHub allows it
	ReceiptFailed  ReceiptState = "failed"  // the look failed and is made again
)

// Debt is a repository that is owed a look.
type Debt struct {
	Repository RepositoryID
	Since      time.Time // of the first wake that is not served
	Why        string    // the latest wake: "delivery GUID", "sweep"
	Attempts   int       // failures in a row; 0: it has its turn yet, or GitHub wants to be left alone
	NotBefore  time.Time // zero: at once
	Problem    string    // what the last attempt said; empty: there was none
}

// Mark tells by two texts whether something is different than before: the boards and
// how many of them may be out of date, and what was received or is owed. They mean nothing but that.
type Mark struct {
	Boards     string `json:"boards"`
	Deliveries string `json:"deliveries"`
}
