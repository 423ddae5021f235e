package redis

import (
	"context"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// scan finds the names of strings that match a pattern, on one server after the
// other. Redis keeps nothing for it between two steps. A name may come more
// than once.
type scan struct {
	backend *backend
	pattern string
	begun   bool
	servers []redis.Cmdable // those left; the scan is at the first
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
func (s *scan) next(ctx context.Context) ([]string, redis.Cmdable, error) {
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
	server, at := s.servers[0], s.cursor
	var cmd *redis.ScanCmd
	finished, err := s.backend.await(ctx, func() error {
		cmd = server.ScanType(ctx, at, s.pattern, driver.PageSize, "string")
		return cmd.Err()
	})
	if !finished || err != nil {
		return nil, nil, failure(err)
	}
	found, cursor := cmd.Val()
	if s.cursor = cursor; cursor == 0 {
		s.servers = s.servers[1:]
	}
	return found, server, nil
}

// more reports whether there may be more to find.
func (s *scan) more() bool { return !s.begun || len(s.servers) > 0 }
