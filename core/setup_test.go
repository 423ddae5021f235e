package core_test

import (
	"errors"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestSetup(t *testing.T) {
	if err := core.Setup(t.Context(), &stub{}, "c"); err != nil {
		t.Errorf("a store with nothing to set up: %v", err)
	}
	for _, s := range []core.Store{&able{}, see{&able{}}} {
		err := core.Setup(t.Context(), s, "c")
		var e *core.Error
		if !errors.As(err, &e) || e.Collection != "c" {
			t.Errorf("%T: %v, want the stub's error", s, err)
		}
	}
}
