package storetest

import (
	"errors"
	"fmt"
	"net/url"
	"testing"
)

// FuzzPasswordOfNet holds a function to it that repeats nothing.
func FuzzPasswordOfNet(f *testing.F) {
	FuzzPassword(f, "mine://user:", "@host/", func(_ *testing.T, text string) error {
		if _, err := url.Parse(text); err != nil {
			return errors.New("not a URL")
		}
		return nil
	})
}

// TestCheckPassword shows each awkward password to a function that repeats what
// it takes for a parameter, which one of them at least must find out.
func TestCheckPassword(t *testing.T) {
	var r record
	for _, password := range awkwardPasswords {
		text := "mine://user:" + password[0] + canaryPassword + password[1] + "@host/"
		u, err := url.Parse(text)
		if err != nil {
			continue
		}
		for name := range u.Query() {
			checkPassword(&r, text, fmt.Errorf("unknown parameter %q", name))
		}
	}
	if !r.Failed() {
		t.Error("no password finds a function out that repeats parameters")
	}
	var quiet record
	checkPassword(&quiet, "mine://user:canary@host/", nil)
	checkPassword(&quiet, "mine://user:canary@host/", errors.New("not a URL"))
	if quiet.Failed() {
		t.Error("an error that repeats nothing is refused")
	}
}
