package memcached

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestParse(t *testing.T) {
	const usual = 500 * time.Millisecond
	for text, want := range map[string]struct {
		servers  string
		timeout  time.Duration
		maxConns int
		v1       bool
		item     int
	}{
		"memcached://localhost":                          {"localhost:11211", usual, 64, false, 1 << 20},
		"memcached://localhost/":                         {"localhost:11211", usual, 64, false, 1 << 20},
		"memcached://a:1,b,c:3":                          {"a:1,b:11211,c:3", usual, 64, false, 1 << 20},
		"memcached://127.0.0.1:11212,127.0.0.1:11213":    {"127.0.0.1:11212,127.0.0.1:11213", usual, 64, false, 1 << 20},
		"memcached://[::1]:1,[fe80::1]":                  {"[::1]:1,[fe80::1]:11211", usual, 64, false, 1 << 20},
		"memcached:///run/memcached.sock":                {"/run/memcached.sock", usual, 64, false, 1 << 20},
		"memcached:///run/my%20sock?timeout=2s":          {"/run/my sock", 2 * time.Second, 64, false, 1 << 20},
		"memcached://a?timeout=2s&v1_keys=true":          {"a:11211", 2 * time.Second, 64, true, 1 << 20},
		"MEMCACHED://a?max_conns=7&max_item_size=100000": {"a:11211", usual, 7, false, 100_000},
	} {
		c, err := parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var list []string
		for _, server := range c.servers {
			list = append(list, server.String())
		}
		if got := strings.Join(list, ","); got != want.servers || c.timeout != want.timeout || c.maxConns != want.maxConns ||
			c.options.V1Keys != want.v1 || c.options.MaxItemSize != want.item {
			t.Errorf("%s: %s, %+v; want %+v", text, got, c, want)
		}
	}
}

// What a URL must not have is refused, and no part of it is repeated.
func TestOpenRefuses(t *testing.T) {
	for _, text := range []string{
		"", "memcached", "memcached:", "memcached:/", "memcached://", "memcached:///", "memcached://,", "memcached://a,",
		"memcached://,a", "memcached://a,,b", "memcached://a:0", "memcached://a:65536", "memcached://a:x", "memcached://a:1:2",
		"memcached://::1", "memcached://[::1", "memcached://:1", "memcached://user:secret@a", "memcached://secret@a:1",
		"memcached://a/secret", "memcached://a b", "memcached://a#secret", "memcached://a?timeout=2s#secret",
		"memcached:///%zz", "memcached:///a%00b",
		"memcached://a?timeout=secret", "memcached://a?timeout=0", "memcached://a?timeout=-1s", "memcached://a?timeout=1s&timeout=2s",
		"memcached://a?v1_keys=secret", "memcached://a?max_conns=0", "memcached://a?max_conns=secret",
		"memcached://a?max_item_size=1024", "memcached://a?max_item_size=-1", "memcached://a?max_item_size=99999999999999999999",
		"memcached://a?unknown=secret", "memcached://a?a;b=secret", "memcached://a?%zz=secret",
	} {
		store, err := Open(context.Background(), text)
		if !errors.Is(err, core.ErrInvalidOptions) || store != nil {
			t.Errorf("%s: %v; want ErrInvalidOptions and no store", text, err)
			continue
		}
		var e *core.Error
		if !errors.As(err, &e) || e.Op != "open" || e.Store != "memcached" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", text, err)
		}
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(done, "memcached://localhost"); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is done: %v", err)
	}
}

// FuzzParse wants servers that can be dialled, or a refusal, and no panic.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"memcached://a:1,b?timeout=1s", "memcached:///s", "x://[::1]:5?v1_keys=1", "memcached://a:1:2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parse(text)
		if err != nil {
			if !errors.Is(err, core.ErrInvalidOptions) {
				t.Errorf("%v", err)
			}
			return
		}
		if len(c.servers) == 0 || c.timeout <= 0 || c.maxConns <= 0 {
			t.Errorf("%q: %+v", text, c)
		}
		for _, server := range c.servers {
			if tcp := server.Network() == "tcp"; tcp == strings.HasPrefix(server.String(), "/") {
				t.Errorf("%q: %s %s", text, server.Network(), server.String())
			}
		}
	})
}
