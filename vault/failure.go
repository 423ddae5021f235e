package vault

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/core"
)

// A responseError is what the server answered instead of doing what it should.
// It tells the server's messages, and nothing else of the answer: what a proxy
// has to say may be a page long.
type responseError struct{ response *vault.ResponseError }

func (e *responseError) Error() string {
	text := fmt.Sprintf("the server answers %d %s", e.response.StatusCode, http.StatusText(e.response.StatusCode))
	if len(e.response.Errors) > 0 {
		text += fmt.Sprintf(": %.500s", strings.TrimSpace(strings.Join(e.response.Errors, "; ")))
	}
	return text
}

// Unwrap returns the driver's error, so that its IsErrorStatus works.
func (e *responseError) Unwrap() error { return e.response }

// failure returns what an error of the driver means to the layer above.
func failure(err error) error {
	var redirect *vault.RedirectError
	if errors.As(err, &redirect) {
		kept := *redirect
		kept.OriginalRequest = nil // which holds the token
		return &kept
	}
	var response *vault.ResponseError
	if !errors.As(err, &response) {
		return err
	}
	kept := *response
	kept.OriginalRequest = nil
	err = &responseError{&kept}
	switch {
	case isTooLarge(response):
		return fmt.Errorf("%w: %w", core.ErrTooLarge, err)
	case says(response, http.StatusNotFound, "no handler for route"):
		return fmt.Errorf("%w: no engine is mounted there: %w", core.ErrSetup, err)
	}
	return err
}

// isTooLarge reports whether the request was too large for the server, or the
// secret for its storage. The message is about the value, for names that are
// too long for a storage are another matter.
func isTooLarge(response *vault.ResponseError) bool {
	if response.StatusCode == http.StatusRequestEntityTooLarge {
		return true
	}
	for _, message := range response.Errors {
		if strings.Contains(message, "value being too large") || strings.Contains(message, "too large, max size") ||
			strings.Contains(message, "exceeds max") {
			return true
		}
	}
	return false
}

// isRefusedVersion reports whether a conditional write met another version.
func isRefusedVersion(err error) bool { return saysOf(err, "did not match the current version") }

// isAboutVersions reports whether a write was refused since it has to say which
// version it replaces, or said so and met another one.
func isAboutVersions(err error) bool {
	return isRefusedVersion(err) || saysOf(err, "check-and-set parameter required")
}

func saysOf(err error, text string) bool {
	var response *vault.ResponseError
	return errors.As(err, &response) && says(response, http.StatusBadRequest, text)
}

// says reports whether the server answers that status with such a message.
func says(response *vault.ResponseError, status int, text string) bool {
	if response.StatusCode != status {
		return false
	}
	for _, message := range response.Errors {
		if strings.Contains(message, text) {
			return true
		}
	}
	return false
}
