package adapters

import (
	"encoding/json"

	"github.com/go-keyvalue/keyvalue/core/managed"
)

// member returns the member of that name of a JSON object, as it stands there,
// or nil if there is none or the object is not valid JSON.
func member(object []byte, name string) (found json.RawMessage) {
	err := managed.Members(object, func(other []byte, value json.RawMessage) {
		if string(other) == name {
			found = value
		}
	})
	if err != nil {
		return nil
	}
	return found
}
