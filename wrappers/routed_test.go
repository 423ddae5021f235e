package wrappers_test

import (
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// spare is a store beside the one under proof. It ends with the wrapper.
func spare(t testing.TB) core.Store {
	t.Helper()
	store, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func routing(t testing.TB, byDefault, other core.Store, toOther bool) core.Store {
	t.Helper()
	store, err := wrappers.NewRouting(byDefault, &wrappers.RoutingOptions{
		Stores: map[string]core.Store{"other": other},
		Route: func(string) string {
			if toOther {
				return "other"
			}
			return ""
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func bothRouted(t *testing.T, first, second core.Store) core.Store {
	return routing(t, first, second, false)
}

func TestRouting(t *testing.T) {
	t.Run("route", func(t *testing.T) {
		prove(t, func(t testing.TB, inner core.Store) core.Store { return routing(t, spare(t), inner, true) },
			&storetest.WrapperOptions{Both: bothRouted}, nil)
	})
	t.Run("default", func(t *testing.T) {
		prove(t, func(t testing.TB, inner core.Store) core.Store { return routing(t, inner, spare(t), false) },
			&storetest.WrapperOptions{Both: bothRouted}, nil)
	})
}

func TestFallback(t *testing.T) {
	fallback := func(t testing.TB, first, second core.Store) core.Store {
		t.Helper()
		store, err := wrappers.NewFallback(first, &wrappers.FallbackOptions{Secondary: second})
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	prove(t, func(t testing.TB, inner core.Store) core.Store { return fallback(t, inner, spare(t)) },
		&storetest.WrapperOptions{
			Both: func(t *testing.T, first, second core.Store) core.Store { return fallback(t, first, second) },
			Skip: map[string]string{
				"errors/Get": "the second store answers", "errors/GetAppend": "the second store answers",
				"errors/GetMany": "the second store answers", "partial failures/GetMany": "the second store answers",
			},
		}, nil)
}
