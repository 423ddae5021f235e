package wrappers

import (
	"context"
	"time"
)

// refreshPatience is after how long a refresh that nobody waits for is given
// up. A load that somebody waits for goes on as long as he does.
const refreshPatience = time.Minute

// refresh loads keys in the background whose copies are stale, except for
// those that are being loaded.
func (c *PassthroughCache) refresh(ctx context.Context, op, collection string, keys []string) {
	b := newBatch(ctx, op, collection)
	b.refresh = true
	for _, key := range keys {
		s, name := c.stripe(collection, key)
		s.mutex.Lock()
		if t := s.traffic[name]; t == nil || t.flight == nil {
			b.add(s, name)
		}
		s.mutex.Unlock()
	}
	if len(b.flights) == 0 {
		b.cancel()
		return
	}
	c.fly(b)
}
