package core_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestMux(t *testing.T) {
	opened := ""
	mux := core.Mux{
		"memory": func(_ context.Context, url string) (core.Store, error) { opened = url; return &stub{}, nil },
		"broken": func(context.Context, string) (core.Store, error) { return nil, errStub },
	}
	for _, url := range []string{"memory:", "memory://", "MEMORY://x?y=z", "memory://user:canary@host:1/2"} {
		if s, err := mux.Open(t.Context(), url); err != nil || s == nil || opened != url {
			t.Errorf("Open(%q) = %v, %v; the opener was given %q", url, s, err, opened)
		}
	}
	if _, err := mux.Open(t.Context(), "broken://"); err != errStub {
		t.Errorf("the opener's error became %v", err)
	}
	for _, url := range []string{"", "memory", "://canary", "redis://user:canary@host", "/canary"} {
		_, err := mux.Open(t.Context(), url)
		var e *core.Error
		if !errors.As(err, &e) || !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("Open(%q) = %v, want an *Error that matches ErrInvalidOptions", url, err)
			continue
		}
		if text := err.Error(); strings.Contains(text, "canary") || !strings.Contains(text, "broken, memory") {
			t.Errorf("Open(%q) = %v; want the known schemes and not the URL", url, err)
		}
	}
	if _, err := (core.Mux)(nil).Open(t.Context(), "memory:"); !strings.HasSuffix(err.Error(), "known are none") {
		t.Errorf("an empty Mux: %v", err)
	}
}
