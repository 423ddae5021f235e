package core_test

import (
	"errors"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestGetAppend(t *testing.T) {
	ctx := t.Context()
	dst := append(make([]byte, 0, 64), "head"...)

	entry, err := core.GetAppend(ctx, &stub{}, "c", "known", dst)
	if err != nil || string(entry.Value) != `head{"a":1}` {
		t.Errorf("fallback = %q, %v", entry.Value, err)
	}
	if &entry.Value[0] != &dst[0] {
		t.Error("fallback did not use the buffer")
	}

	entry, err = core.GetAppend(ctx, &stub{}, "c", "k", dst)
	if !errors.Is(err, errStub) || entry.Value != nil {
		t.Errorf("fallback that fails = %v, %v; want the zero Entry", entry, err)
	}

	if entry, _ = core.GetAppend(ctx, &able{}, "c", "k", dst); string(entry.Value) != "head!" {
		t.Errorf("method = %q", entry.Value)
	}

	// Through a wrapper that lacks the method the read goes through its Get:
	// reaching past it would bypass what the wrapper does.
	if entry, err = core.GetAppend(ctx, see{&able{}}, "c", "known", nil); string(entry.Value) != `{"a":1}` {
		t.Errorf("wrapper = %q, %v; want what Get returns", entry.Value, err)
	}
}
