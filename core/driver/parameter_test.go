package driver_test

import (
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

func TestUnknownParameter(t *testing.T) {
	const hint = "unknown parameter; in a password, %3F stands for a question mark"
	for _, c := range []struct{ query, name, want string }{
		{"time_out=5s", "time_out", `unknown parameter "time_out"`},
		{"maxPoolSize=5&tls.ca-file=x", "tls.ca-file", `unknown parameter "tls.ca-file"`},
		{"=5s", "", "unknown parameter"},
		{"na%0Ame=5s", "na\nme", "unknown parameter"},
		{"n%C3%A4me", "näme", "unknown parameter"},
		{strings.Repeat("n", 40), strings.Repeat("n", 40), `unknown parameter "` + strings.Repeat("n", 40) + `"`},
		{strings.Repeat("n", 41), strings.Repeat("n", 41), "unknown parameter"},
		// user:pass?word@host, user:pass?wo=rd@host and user:pass?word%40x@host
		{"word@host", "word@host", hint},
		{"wo=rd@host", "wo", hint},
		{"word%40x@host", "word@x@host", hint},
		// An @ that was escaped is one that somebody meant.
		{"name=a%40b", "name", `unknown parameter "name"`},
	} {
		if got := driver.UnknownParameter(c.query, c.name); got != c.want {
			t.Errorf("UnknownParameter(%q, %q) = %s, want %s", c.query, c.name, got, c.want)
		}
	}
}
