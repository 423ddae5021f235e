package core_test

import (
	"errors"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestClose(t *testing.T) {
	if err := core.Close(&stub{}); err != nil {
		t.Errorf("a store with nothing to close: %v", err)
	}
	for _, s := range []core.Store{&able{}, see{&able{}}} {
		if err := core.Close(s); !errors.Is(err, errStub) {
			t.Errorf("%T: %v, want the stub's error", s, err)
		}
	}
}
