package elasticsearch

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// ServerError is an answer of the server that is no success.
type ServerError struct {
	Status int    // of HTTP: 403
	Type   string // as Elasticsearch calls it: security_exception; may be empty

	// Reason is the server's text. It is empty where the server was given a
	// document, which it may repeat.
	Reason string
}

// Error returns all of it in one line.
func (e *ServerError) Error() string {
	text := "the server answers " + strconv.Itoa(e.Status)
	if e.Type != "" {
		text += ", " + e.Type
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

var (
	// errAnswer says that the answer cannot be understood: it is cut off, or
	// not Elasticsearch's at all.
	errAnswer = errors.New("the server's answer is not the JSON that was expected")

	// errUnknown says that nobody knows who has deleted an entry.
	errUnknown = errors.New("the outcome is unknown: the request was sent more than once")
)

// cause is what Elasticsearch says about an error.
type cause struct {
	Type     string
	Reason   string
	CausedBy *cause `json:"caused_by"`
}

// isLength reports whether a text is longer than a term may be.
func (c *cause) isLength() bool {
	for ; c != nil; c = c.CausedBy {
		if c.Type == "max_bytes_length_exceeded_exception" || strings.Contains(c.Reason, " immense ") {
			return true
		}
	}
	return false
}

// maxReason is how much of a reason is kept.
const maxReason = 300

// failure returns the error that the answer is, or nil for a success.
func (a *answer) failure() error {
	if a.status >= 200 && a.status < 300 {
		return nil
	}
	var body struct {
		Error json.RawMessage
	}
	var c cause
	if json.Unmarshal(a.body, &body) == nil && json.Unmarshal(body.Error, &c) != nil {
		_ = json.Unmarshal(body.Error, &c.Reason) // some errors are no more than a text
	}
	return c.failure(a.status)
}

// failure returns the error for a request of which no part was a document.
func (c *cause) failure(status int) error {
	reason := strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, c.Reason)
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "") + "…"
	}
	return c.classified(&ServerError{Status: status, Type: c.Type, Reason: reason})
}

// documentFailure returns the error for a document that was not written. What
// the server says about a document may repeat some of it.
func (c *cause) documentFailure(status int) error {
	err := &ServerError{Status: status, Type: c.Type}
	if status == http.StatusBadRequest && (strings.HasSuffix(c.Type, "parsing_exception") ||
		c.Type == "illegal_argument_exception" || c.Type == "strict_dynamic_mapping_exception") {
		if c.isLength() {
			return fmt.Errorf("%w: a text is longer than the mapping of the index allows: %w", core.ErrTooLarge, err)
		}
		return fmt.Errorf("%w: the mapping of the index does not allow it: %w", core.ErrInvalidValue, err)
	}
	return c.classified(err)
}

// classified returns the error with what it means to the layer above.
func (c *cause) classified(err *ServerError) error {
	switch {
	case c.Type == "index_not_found_exception":
		return fmt.Errorf("%w: %w", driver.ErrNotSetUp, err)
	case err.Status == http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w: %w", core.ErrTooLarge, err)
	}
	return err
}

// isStatus reports whether the error is the server's answer with that status.
func isStatus(err error, status int) bool {
	var answered *ServerError
	return errors.As(err, &answered) && answered.Status == status
}

// isAnswer reports whether the server has answered at all.
func isAnswer(err error) bool {
	var answered *ServerError
	return errors.As(err, &answered)
}
