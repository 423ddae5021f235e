package valkey

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valkey-io/valkey-go"
)

// gatherer sends the commands of calls that are made at the same time together.
//
// The driver has one connection for the commands of concurrent calls, but on a
// busy machine it writes each by itself, since the goroutine that writes runs as
// soon as it has one. Here the goroutine of a batch lets all others run first
// that are ready to. And since it is not the callers' own, they can leave at any
// time, whether the driver is connecting, has no room in line, or waits.
type gatherer struct {
	client  valkey.Client
	replies *replies
	inside  atomic.Int64 // how many calls are under way

	mutex sync.Mutex
	next  *batch // what takes further commands, if there is such
}

// large is the size in bytes from which on a command is sent alone: others of
// its batch would wait for it.
const large = 64 << 10

// do performs a command of so many bytes. Where it returns an error of the
// context, the driver may still have the command.
func (g *gatherer) do(ctx context.Context, cmd valkey.Completed, bytes int) (valkey.ValkeyResult, error) {
	alone := g.inside.Add(1) == 1
	defer g.inside.Add(-1)
	if alone && ctx.Done() == nil { // nobody to gather with, and no reason to leave
		return g.client.Do(ctx, cmd), nil
	}
	c := calls.Get().(*call)
	b := g.join(c, cmd, bytes, alone)
	select {
	case <-c.done:
		result, end := c.result, c.end
		c.result = valkey.ValkeyResult{}
		calls.Put(c)
		end.repeat()
		return result, nil
	case <-ctx.Done():
		b.waiting.Add(-1)
		return valkey.ValkeyResult{}, ctx.Err()
	}
}

// join adds a command to the next batch, or to one of its own: that of a caller
// who is alone need not look for others.
func (g *gatherer) join(c *call, cmd valkey.Completed, bytes int, alone bool) *batch {
	if alone || bytes >= large {
		b := newBatch(g)
		b.add(c, cmd, bytes)
		go b.perform()
		return b
	}
	g.mutex.Lock()
	b := g.next
	starts := b == nil
	if starts {
		b = newBatch(g)
		g.next = b
	}
	b.add(c, cmd, bytes)
	if len(b.calls) >= g.replies.limit() || b.bytes >= maxBytes {
		g.next = nil
	}
	g.mutex.Unlock()
	if starts {
		go b.run()
	}
	return b
}

// call is one caller's command in a batch.
type call struct {
	result valkey.ValkeyResult
	end    outcome
	done   chan struct{} // takes one element without waiting
}

var calls = sync.Pool{New: func() any { return &call{done: make(chan struct{}, 1)} }}

// batch is commands that are sent together. It is the context of that.
type batch struct {
	gatherer *gatherer
	calls    []*call
	cmds     []valkey.Completed
	bytes    int
	waiting  atomic.Int64 // how many callers have not left

	// room for the first few without a further allocation
	firstCalls [4]*call
	firstCmds  [4]valkey.Completed
}

func newBatch(g *gatherer) *batch {
	b := &batch{gatherer: g}
	b.calls, b.cmds = b.firstCalls[:0], b.firstCmds[:0]
	return b
}

func (b *batch) add(c *call, cmd valkey.Completed, bytes int) {
	b.calls = append(b.calls, c)
	b.cmds = append(b.cmds, cmd)
	b.bytes += bytes
	b.waiting.Add(1)
}

// run lets others add to the batch, and sends it.
func (b *batch) run() {
	runtime.Gosched()
	g := b.gatherer
	g.mutex.Lock()
	if g.next == b {
		g.next = nil
	}
	g.mutex.Unlock()
	b.perform()
}

// perform sends the commands and hands out the results.
func (b *batch) perform() {
	var results []valkey.ValkeyResult
	var one [1]valkey.ValkeyResult
	finally(func() {
		if len(b.cmds) == 1 {
			one[0] = b.gatherer.client.Do(b, b.cmds[0])
			results = one[:]
		} else {
			results = b.gatherer.client.DoMulti(b, b.cmds...)
		}
	}, func(end outcome) {
		b.gatherer.replies.note(results)
		for i, c := range b.calls {
			if c.end = end; end.returned {
				c.result = results[i]
			}
			c.done <- struct{}{}
		}
	})
}

// A batch never is done as long as somebody waits. Then the driver does not
// repeat it any more; what it has begun it does not break off.
var _ context.Context = (*batch)(nil)

// Deadline says that there is none.
func (b *batch) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done says that it cannot be done.
func (b *batch) Done() <-chan struct{} { return nil }

// Err returns an error once nobody waits any more.
func (b *batch) Err() error {
	if b.waiting.Load() > 0 {
		return nil
	}
	return context.Canceled
}

// Value returns nil: a batch has many callers, whose values differ.
func (b *batch) Value(any) any { return nil }

// replies remembers about how large they were lately. A batch may take no longer
// than the driver waits for a sign of life, and that comes with its end.
type replies struct{ size atomic.Int64 }

// limit is how many commands a batch should have at most.
func (r *replies) limit() int {
	if r == nil {
		return maxCommands
	}
	return int(max(1, min(maxCommands, maxBytes/max(1, r.size.Load()))))
}

// note takes the largest result into account, at once if it is larger than
// those before and otherwise by and by.
func (r *replies) note(results []valkey.ValkeyResult) {
	if r == nil {
		return
	}
	largest := 0
	for i := range results {
		if text, err := results[i].ToString(); err == nil {
			largest = max(largest, len(text))
		}
	}
	if size := r.size.Load(); int64(largest) != size {
		r.size.Store(max(int64(largest), size-(size-int64(largest)+7)/8))
	}
}
