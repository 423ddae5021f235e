package valkey

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valkey-io/valkey-go"
)

func newGatherer(client valkey.Client) *gatherer {
	return &gatherer{client: client, replies: new(replies)}
}

// Each caller has its own answer, however many there are and whatever goes on.
func TestGatherAnswersEach(t *testing.T) {
	server := newFakeServer(t, func(words []string) string { return bulk("value of " + words[1]) })
	client := server.client(t)
	g := newGatherer(client)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	for caller := range 64 {
		group.Go(func() {
			for i := range 50 {
				ctx := ctx
				switch i % 4 {
				case 0: // one that leaves now and then
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, time.Duration(i)*10*time.Microsecond)
					defer cancel()
				case 1: // one that cannot leave
					ctx = context.WithoutCancel(ctx)
				}
				name := fmt.Sprint(caller, "/", i)
				result, err := g.do(ctx, get(client.B(), name), len(name))
				if err != nil {
					if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() == nil {
						t.Errorf("%s = %v", name, err)
					}
					continue
				}
				if text, err := result.ToString(); err != nil || text != "value of "+name {
					t.Errorf("%s = %q, %v", name, text, err)
				}
			}
		})
	}
	group.Wait()
	if inside := g.inside.Load(); inside != 0 {
		t.Errorf("%d calls are inside in the end", inside)
	}
}

// What is said while the server is busy with something else is sent at once.
func TestGatherSendsTogether(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	server := newFakeServer(t, func(words []string) string {
		if words[1] == "first" {
			close(begun)
			<-goOn
		}
		return bulk("")
	})
	client := server.client(t)
	g := newGatherer(client)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	call := func(name string) {
		group.Go(func() {
			if _, err := g.do(ctx, get(client.B(), name), len(name)); err != nil {
				t.Errorf("%s = %v", name, err)
			}
		})
	}
	call("first")
	<-begun
	const others = 100
	for i := range others {
		call(fmt.Sprint(i))
	}
	for g.inside.Load() < 1+others {
		runtime.Gosched()
	}
	close(goOn)
	group.Wait()
	server.mutex.Lock()
	defer server.mutex.Unlock()
	if most := slices.Max(server.reads); most < others/2 {
		t.Errorf("of %d commands at most %d came together: %v", others, most, server.reads)
	}
}

// A batch takes no more than its commands and replies allow, and what is large
// is sent alone.
func TestGatherSizes(t *testing.T) {
	add := func(g *gatherer, bytes int) *batch {
		return g.join(&call{done: make(chan struct{}, 1)}, get(g.client.B(), "k"), bytes, false)
	}
	old := runtime.GOMAXPROCS(1) // no batch is sent before we wait for something
	defer runtime.GOMAXPROCS(old)
	for _, c := range []struct {
		name                   string
		reply, bytes, together int
	}{
		{"many", 10, 10, maxCommands},
		{"much to send", 10, large - 1, maxBytes/(large-1) + 1},
		{"large to send", 10, large, 1},
		{"much to receive", maxBytes / 10, 10, 10},
		{"large to receive", 10 * maxBytes, 10, 1},
	} {
		server := newFakeServer(t, func([]string) string { return bulk("") })
		g := newGatherer(server.client(t))
		g.replies.size.Store(int64(c.reply))
		first := add(g, c.bytes)
		together := 1
		for add(g, c.bytes) == first {
			together++
		}
		if together != c.together {
			t.Errorf("%s: %d commands are sent together, want %d", c.name, together, c.together)
		}
	}
}

// What was large once does not make batches small for ever, nor is forgotten at
// the next small one.
func TestGatherRemembersReplies(t *testing.T) {
	length := 0
	server := newFakeServer(t, func([]string) string { return bulk(strings.Repeat("x", length)) })
	client := server.client(t)
	g := newGatherer(client)
	reply := func(n int) int {
		length = n
		if _, err := g.do(t.Context(), get(client.B(), "k"), 1); err != nil {
			t.Fatal(err)
		}
		return g.replies.limit()
	}
	if limit := reply(100); limit != maxCommands {
		t.Errorf("the limit after small replies is %d", limit)
	}
	if limit := reply(maxBytes / 4); limit != 4 {
		t.Errorf("the limit after a large reply is %d, want 4", limit)
	}
	if limit := reply(0); limit != 4 {
		t.Errorf("the limit after a large and a small reply is %d, want 4", limit)
	}
	for range 200 {
		reply(0)
	}
	if limit := reply(0); limit != maxCommands {
		t.Errorf("the limit after many small replies is %d", limit)
	}
}

// The driver does not repeat what nobody waits for.
func TestGatherEndsWithItsCallers(t *testing.T) {
	retries := atomic.Int64{}
	client, err := valkey.NewClient(valkey.ClientOption{
		InitAddress: []string{"127.0.0.1:1"}, ForceSingleClient: true, DisableCache: true,
		RetryDelay: func(int, valkey.Completed, error) time.Duration {
			retries.Add(1)
			return time.Millisecond
		},
	})
	if client == nil {
		t.Fatal(err)
	}
	defer client.Close()
	g := newGatherer(client)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	for range 3 {
		go func() {
			_, err := g.do(ctx, get(client.B(), "k"), 1)
			left <- err
		}()
	}
	for retries.Load() < 10 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	for range 3 {
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("a call that is cancelled = %v", err)
		}
	}
	for {
		before := retries.Load()
		time.Sleep(50 * time.Millisecond)
		if retries.Load() == before {
			return
		}
	}
}

// failing is a client that does not return.
type failing struct {
	valkey.Client
	fail func()
}

func (f failing) Do(context.Context, valkey.Completed) valkey.ValkeyResult {
	f.fail()
	return valkey.ValkeyResult{}
}

func (f failing) DoMulti(context.Context, ...valkey.Completed) []valkey.ValkeyResult {
	f.fail()
	return nil
}

// Panics, and the end of a goroutine, are the callers'.
func TestGatherThatDoesNotReturn(t *testing.T) {
	server := newFakeServer(t, func([]string) string { return bulk("") })
	client := server.client(t)
	for name, fail := range map[string]func(){"panic": func() { panic("cause") }, "exit": runtime.Goexit} {
		g := newGatherer(failing{client, fail})
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				returned := false
				defer func() {
					if cause := recover(); returned || name == "panic" && cause != "cause" || name == "exit" && cause != nil {
						t.Errorf("%s: returned is %v, and the panic is %v", name, returned, cause)
					}
				}()
				_, _ = g.do(ctx, get(client.B(), "k"), 1)
				returned = true
			})
		}
		group.Wait()
		cancel()
		if inside := g.inside.Load(); inside != 0 {
			t.Errorf("%s: %d calls are inside in the end", name, inside)
		}
	}
}
