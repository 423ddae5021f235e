package names_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

func TestNewSchemeRefuses(t *testing.T) {
	words := names.Digits + names.Lower + names.Upper
	for _, test := range []struct {
		options names.SchemeOptions
		reason  string
	}{
		{names.SchemeOptions{MaxBytes: 69}, "a hashed name has 70 bytes, and MaxBytes is 69"},
		{names.SchemeOptions{MaxBytes: -1}, "MaxBytes is -1"},
		{names.SchemeOptions{HashMarker: "~hash~", MaxBytes: 69}, "has 70 bytes"},
		{names.SchemeOptions{Allowed: words + "~"}, `does not take '%', which Escape needs`},
		{names.SchemeOptions{Allowed: words + "%"}, `does not take '~', which Marker needs`},
		{names.SchemeOptions{Allowed: words + "-", Escape: '-', Marker: "kv-", HashMarker: "kvh~"}, `does not take '~', which HashMarker needs`},
		{names.SchemeOptions{Allowed: "~%" + names.Upper + names.Digits}, `does not take 'a', which an escaped or hashed name needs`},
		{names.SchemeOptions{Allowed: "abcdef~%"}, `does not take '0'`},
		{names.SchemeOptions{Escape: ' '}, `does not take ' ', which Escape`},
		{names.SchemeOptions{Escape: 0xE9}, `does not take 'é', which Escape`},
		{names.SchemeOptions{Marker: "é", NonASCII: true}, `does not take 'é', which Marker`},
		{names.SchemeOptions{Marker: "\xff"}, "which Marker"},
		{names.SchemeOptions{Allowed: names.Graphic + "é"}, "set NonASCII instead"},
		{names.SchemeOptions{FoldCase: true, Marker: "KV"}, `does not take 'K', which Marker`},
		{names.SchemeOptions{FoldCase: true, Escape: 'X'}, `does not take 'X', which Escape`},
		{names.SchemeOptions{FoldCase: true, NonASCII: true}, "both FoldCase and NonASCII"},
		{names.SchemeOptions{Marker: "~", HashMarker: "~h"}, `"~" and "~h"`},
		{names.SchemeOptions{Marker: "~k", HashMarker: "~"}, `"~k" and "~"`},
		{names.SchemeOptions{Marker: "~", HashMarker: "~"}, "the beginning of the other"},
		{names.SchemeOptions{Reserved: func(string) bool { return true }}, "hashed names are Reserved"},
	} {
		scheme, err := names.NewScheme(test.options)
		if scheme != nil || !errors.Is(err, core.ErrInvalidOptions) || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("NewScheme(%+v): %v, want %s", test.options, err, test.reason)
		}
	}
}

func TestNewSchemeSmallest(t *testing.T) {
	if _, err := names.NewScheme(names.SchemeOptions{MaxBytes: 70}); err != nil {
		t.Error(err)
	}
	if _, err := names.NewScheme(names.SchemeOptions{Marker: "a", HashMarker: "b", MaxBytes: 65}); err != nil {
		t.Error(err)
	}
}

func TestMustSchemePanics(t *testing.T) {
	defer func() {
		err, _ := recover().(error)
		if !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("it panics with %v", err)
		}
	}()
	names.MustScheme(names.SchemeOptions{MaxBytes: 1})
	t.Error("it does not panic")
}
