package core_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestAs(t *testing.T) {
	inside := &able{}
	for _, s := range []core.Store{inside, see{inside}, see{see{inside}}} {
		if got, ok := core.As[*able](s); !ok || got != inside {
			t.Errorf("As[*able](%T) = %v, %v", s, got, ok)
		}
	}
	if _, ok := core.As[*stub](see{inside}); ok {
		t.Error("found a type that is not there")
	}
	if outer, ok := core.As[see](see{see{inside}}); !ok || outer.Store == core.Store(inside) {
		t.Error("As did not return the outermost match")
	}
	if _, ok := core.As[*able](nil); ok {
		t.Error("found something in nil")
	}
	if _, ok := core.As[*able](see{nil}); ok {
		t.Error("found something in a wrapper around nil")
	}
}
