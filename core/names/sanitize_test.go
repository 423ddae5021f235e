package names_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// lowLevelCase is a case of sanitize_low_level.json.
type lowLevelCase struct {
	Function    string `json:"fn"`
	Value       string
	MaxLength   int    `json:"max_length"`
	Bytes       bool   `json:"length_is_bytes"`
	Allowed     string `json:"allowed_characters"`
	Replacement string `json:"replace_with"`
	Mode        string `json:"hash_fragment_mode"`
	HashLength  int    `json:"hash_fragment_length"`
	AlwaysHash  int    `json:"hash_length"`
	Result      json.RawMessage
	Error       string
	Message     string
}

func TestLowLevelVectors(t *testing.T) {
	modes := map[string]names.HashMode{"": names.HashIfChanged}
	for _, mode := range []names.HashMode{names.HashAlways, names.HashNever} {
		modes[mode.String()] = mode
	}
	for _, c := range readVectors[lowLevelCase](t, "sanitize_low_level.json", 30) {
		var got string
		var err error
		switch c.Function {
		case "sanitize_string":
			mode, ok := modes[c.Mode]
			if !ok {
				t.Errorf("unknown mode %q", c.Mode)
			}
			got, err = names.SanitizeString(c.Value, names.SanitizeOptions{
				MaxLength: c.MaxLength, Bytes: c.Bytes, Allowed: c.Allowed, Replacement: c.Replacement, Hash: mode, HashLength: c.HashLength,
			})
		case "hash_excess_length":
			got, err = names.HashExcess(c.Value, c.MaxLength, c.Bytes)
		case "sanitize_characters_in_string":
			got = names.ReplaceDisallowed(c.Value, c.Allowed, c.Replacement)
		case "AlwaysHashStrategy.__init__":
			_, err = names.NewAlwaysHash(c.AlwaysHash)
		default:
			t.Errorf("unknown function %q", c.Function)
		}
		if c.Error != "" {
			want := core.ErrInvalidOptions
			if strings.HasPrefix(c.Message, "Entire value") {
				want = core.ErrInvalidKey
			}
			if !errors.Is(err, want) || got != "" {
				t.Errorf("%+v: %q, %v, want %v", c, got, err, want)
			}
			continue
		}
		want := ""
		if c.Result != nil {
			want = text(t, c.Result)
		}
		if err != nil || got != want {
			t.Errorf("%+v: %q, %v, want %q", c, got, err, want)
		}
	}
}

func TestSanitizeStringRefuses(t *testing.T) {
	for _, options := range []names.SanitizeOptions{
		{},
		{MaxLength: 200, HashLength: 65},
		{MaxLength: 200, HashLength: -1},
		{MaxLength: 200, Hash: -1},
		{MaxLength: 16, Separator: "123456789"},
	} {
		if got, err := names.SanitizeString("x", options); !errors.Is(err, core.ErrInvalidOptions) || got != "" {
			t.Errorf("%+v: %q, %v", options, got, err)
		}
	}
}

// What the reference makes of an empty value: measured, and not among its
// vectors.
func TestSanitizeStringEmpty(t *testing.T) {
	for _, test := range []struct {
		mode names.HashMode
		want string
		err  error
	}{
		{names.HashIfChanged, "", nil},
		{names.HashAlways, "e3b0c442", nil},
		{names.HashNever, "", core.ErrInvalidKey},
	} {
		got, err := names.SanitizeString("", names.SanitizeOptions{MaxLength: 16, Hash: test.mode})
		if got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%v: %q, %v, want %q, %v", test.mode, got, err, test.want, test.err)
		}
	}
}

func TestSanitizeStringSeparator(t *testing.T) {
	got, err := names.SanitizeString("a b", names.SanitizeOptions{MaxLength: 16, Allowed: "ab", Separator: "--"})
	if want := "a_b--" + sum("a b")[:8]; got != want || err != nil {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}
