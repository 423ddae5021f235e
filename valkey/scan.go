package valkey

import (
	"context"
	"strings"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// scan finds the names that match a pattern, on one server after the other.
// Valkey keeps nothing for it between two steps. A name may come more
// than once.
type scan struct {
	backend *backend
	pattern string
	kind    string // what lies under the names; empty: anything
	begun   bool
	servers []valkey.Client // those left; the scan is at the first
	cursor  uint64
}

// separator stands between collection and key in names.
const separator = "::"

// scan returns a scan for the names of a collection, or of all of them for the
// empty string.
func (b *backend) scan(collection string) *scan {
	pattern := "*" + separator + "*"
	if collection != "" {
		pattern = escaper.Replace(names.CompoundPrefix(collection)) + "*"
	}
	return &scan{backend: b, pattern: pattern}
}

// escaper makes a pattern of SCAN match the text itself.
var escaper = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)

// next returns the names that the next step finds, possibly none, and the server
// that holds them. Their number is about, and not at most, that of a page.
func (s *scan) next(ctx context.Context) ([]string, valkey.Client, error) {
	if !s.begun {
		servers, err := s.backend.servers(ctx)
		if err != nil {
			return nil, nil, err
		}
		s.servers, s.begun = servers, true
	}
	if !s.more() {
		return nil, nil, nil
	}
	server := s.servers[0]
	cmd := scanFrom(server.B(), s.cursor, s.pattern, s.kind)
	result, err := alone(ctx, func(ctx context.Context) valkey.ValkeyResult { return server.Do(ctx, cmd) })
	if err != nil {
		return nil, nil, err
	}
	entry, err := result.AsScanEntry()
	if err != nil {
		return nil, nil, err
	}
	if s.cursor = entry.Cursor; s.cursor == 0 {
		s.servers = s.servers[1:]
	}
	return entry.Elements, server, nil
}

// more reports whether there may be more to find.
func (s *scan) more() bool { return !s.begun || len(s.servers) > 0 }
