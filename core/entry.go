package core

import (
	"encoding/json"
	"time"
)

// Entry is a managed entry: a value and the two times that are kept with it.
//
// The zero Entry says that there is no entry; it is what [Store.GetMany]
// answers for a miss.
type Entry struct {
	// Value is one JSON object. It is nil where there is no entry.
	Value json.RawMessage

	// CreatedAt is when the value was last written. Zero means unknown.
	CreatedAt time.Time

	// ExpiresAt is the first instant at which the entry is no longer visible.
	// Zero means never.
	ExpiresAt time.Time
}

// Found reports whether there is an entry.
func (e Entry) Found() bool { return e.Value != nil }

// TTL returns the remaining time to live and true,
// or zero and false for an entry that never expires.
// The remaining time of an entry that has expired since it was read is
// zero or negative.
func (e Entry) TTL() (remaining time.Duration, expires bool) {
	if e.ExpiresAt.IsZero() {
		return NoTTL, false
	}
	return time.Until(e.ExpiresAt), true
}

// Expired reports whether the entry is no longer visible at this moment.
func (e Entry) Expired() bool {
	return !e.ExpiresAt.IsZero() && e.ExpiredAt(time.Now())
}

// ExpiredAt reports whether the entry is no longer visible at the given time:
// at ExpiresAt and ever after.
func (e Entry) ExpiredAt(now time.Time) bool {
	return !e.ExpiresAt.IsZero() && !now.Before(e.ExpiresAt)
}

// Decode stores the value in the variable that target points to,
// as [json.Unmarshal] does. It returns [ErrNotFound] where there is no entry
// and an error that matches [ErrInvalidValue] where the value does not fit.
func (e Entry) Decode(target any) error {
	if !e.Found() {
		return ErrNotFound
	}
	if err := json.Unmarshal(e.Value, target); err != nil {
		return &Error{Op: "decode", Err: invalid(ErrInvalidValue, decodeReason(err))}
	}
	return nil
}

// decodeReason says what did not fit, without the text of the value, which
// errors of package json repeat.
func decodeReason(err error) string {
	switch err := err.(type) {
	case *json.UnmarshalTypeError:
		reason := "a JSON " + jsonKind(err.Value) + " does not fit Go type " + err.Type.String()
		if err.Field != "" {
			reason += " of field " + err.Field
		}
		return reason
	case *json.SyntaxError:
		return "not valid JSON"
	case *json.InvalidUnmarshalError:
		return "the target is not a pointer"
	}
	return "the target refused it"
}

// jsonKind cuts a description such as "number 12" to its first word.
func jsonKind(description string) string {
	for i := range len(description) {
		if description[i] == ' ' {
			return description[:i]
		}
	}
	return description
}
