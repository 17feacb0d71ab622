package hotfix

import "time"

// The hidden markers in the bot's own texts. They are how everything is found
// again when the database is gone, and they are believed only in texts whose
// author is the bot.

// StatusMarker stands in a status comment.
type StatusMarker struct {
	Pull int `json:"pull"` // the hotfix
	// Tags and Released remember what was made once, so that what a person deletes
	// stays deleted.
	Tags     ByApplication[string] `json:"tag,omitempty"`
	Released ByApplication[bool]   `json:"released,omitempty"`
	// Proved is, by environment branch, a commit at which it was contained (P15).
	Proved map[string]OID `json:"proved,omitempty"`
	// Told is, by environment branch, the open backport that GitHub was told to merge by
	// itself: who called that off has said so.
	Told map[string]int `json:"told,omitempty"`
	// Settled is the whole standing as it was when the hotfix was solved.
	Settled *Status `json:"settled,omitempty"`
	// Asked is when the last command was given that Settled knows of.
	Asked time.Time `json:"asked,omitzero"`
	// Seal shows that Proved and Settled were written by the App and by nobody else.
	Seal string `json:"seal,omitempty"`
}

// IssueMarker stands in the body of an issue that the bot opened.
type IssueMarker struct {
	Pull int `json:"pull"`
}

// BackportMarker stands in the body of a backport pull request.
type BackportMarker struct {
	Pull        int            `json:"pull"`
	Environment string         `json:"environment"` // the environment's branch
	Attempt     int            `json:"attempt"`     // from 1
	Onto        OID            `json:"onto"`        // the tip it was made on
	Tip         OID            `json:"tip"`         // the commit that the bot pushed last
	Made        time.Time      `json:"made"`        // when the bot pushed it
	Conflicts   []PathConflict `json:"conflicts,omitempty"`
	Cut         bool           `json:"cut,omitempty"`     // there was no room for all Conflicts
	Command     int64          `json:"command,omitempty"` // the comment that asked for this attempt
	Press       string         `json:"press,omitempty"`   // or the button press
}

// ReminderMarker stands in a reminder on a backport pull request.
type ReminderMarker struct {
	Pull  int `json:"pull"`  // the backport
	Stage int `json:"stage"` // 1: to its assignees; 2: to the maintainers
}

// RevertMarker stands in the body of a pull request that takes a hotfix back.
type RevertMarker struct {
	Pull        int    `json:"pull"`
	Environment string `json:"environment"`     // the environment's branch
	Tip         OID    `json:"tip"`             // the commit that the bot pushed
	Command     int64  `json:"command"`         // the comment that asked for it
	Press       string `json:"press,omitempty"` // or the button press
}

// PromotionMarker stands in the body of a promotion pull request.
type PromotionMarker struct {
	Pull        int    `json:"pull"`
	Environment string `json:"environment"` // the environment's branch
	Tag         string `json:"tag"`         // of the first application that is released
	Commit      OID    `json:"commit"`      // the release's commit
}
