package contract

import (
	"encoding/json"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// Example is a webhook body that GitHub once sent, from npm's @octokit/webhooks-examples. They
// are food for parsers, no judge: a third of them are older than today's description.
type Example struct {
	Event   string
	Payload json.RawMessage
}

// Examples are all of them, in the order of the package.
func Examples() ([]Example, error) {
	b, err := pinned.Read(pinned.Examples)
	if err != nil {
		return nil, err
	}
	var events []struct {
		Name     string
		Examples []json.RawMessage
	}
	if err := json.Unmarshal(b, &events); err != nil {
		return nil, err
	}
	var all []Example
	for _, e := range events {
		for _, payload := range e.Examples {
			all = append(all, Example{Event: e.Name, Payload: payload})
		}
	}
	return all, nil
}
