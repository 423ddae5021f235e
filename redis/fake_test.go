package redis

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// fake is a hook that answers the commands of a client itself, from a map: no
// connection is made.
type fake struct {
	mutex sync.Mutex
	data  map[string]string
	life  map[string]time.Duration // what PTTL answers, where it is not "for ever"
	sent  [][]any

	// answer, if set, may answer a command first, with any error but errPass.
	answer func(cmd redis.Cmder) error

	// pages are the answers of SCAN; by default one with all names.
	pages [][]string

	// pipelined, if set, is the error of every pipeline, which is not passed on.
	pipelined error
}

// errPass leaves the answer to the map.
var errPass = errors.New("pass")

// newFake returns a fake server and a store over a client of it.
func newFake(t testing.TB, options *Options) (*fake, *Store) {
	t.Helper()
	f := &fake{data: make(map[string]string), life: make(map[string]time.Duration)}
	client := redis.NewClient(&redis.Options{Dialer: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("a command went past the hook")
	}})
	client.AddHook(f)
	t.Cleanup(func() { client.Close() })
	store, err := New(client, options)
	if err != nil {
		t.Fatal(err)
	}
	return f, store
}

func (f *fake) DialHook(next redis.DialHook) redis.DialHook { return next }

func (f *fake) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(_ context.Context, cmd redis.Cmder) error { return f.perform(cmd) }
}

func (f *fake) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(_ context.Context, cmds []redis.Cmder) error {
		if f.pipelined != nil {
			return f.pipelined
		}
		var first error
		for _, cmd := range cmds {
			cmd.SetErr(f.perform(cmd))
			if first == nil {
				first = cmd.Err()
			}
		}
		return first
	}
}

func (f *fake) perform(cmd redis.Cmder) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.sent = append(f.sent, slices.Clone(cmd.Args()))
	if wrapped, ok := cmd.(once); ok {
		cmd = wrapped.Cmder
	}
	if f.answer != nil {
		if err := f.answer(cmd); err != errPass {
			return err
		}
	}
	return f.fromMap(cmd)
}

func (f *fake) fromMap(cmd redis.Cmder) error {
	text := func(i int) string { return cmd.Args()[i].(string) }
	switch cmd := cmd.(type) {
	case *redis.StringCmd: // get, getex, getdel
		value, ok := f.data[text(1)]
		if !ok {
			return redis.Nil
		}
		cmd.SetVal(value)
		if cmd.Name() == "getdel" {
			delete(f.data, text(1))
		}
	case *redis.StatusCmd: // set, ping
		if cmd.Name() == "set" {
			f.data[text(1)] = string(cmd.Args()[2].([]byte))
		}
	case *redis.BoolCmd: // set nx
		if _, ok := f.data[text(1)]; !ok {
			f.data[text(1)] = string(cmd.Args()[2].([]byte))
			cmd.SetVal(true)
		}
	case *redis.DurationCmd: // pttl
		cmd.SetVal(lasts)
		if life, ok := f.life[text(1)]; ok {
			cmd.SetVal(life)
		}
	case *redis.ScanCmd:
		f.scan(cmd)
	default:
		return errors.New("the fake does not know " + cmd.Name())
	}
	return nil
}

// scan answers with the pages, or with all names. It takes no notice of the
// pattern: what a server finds need not be what was asked for.
func (f *fake) scan(cmd *redis.ScanCmd) {
	pages := f.pages
	if pages == nil {
		var names []string
		for name := range f.data {
			names = append(names, name)
		}
		pages = [][]string{names}
	}
	at := cmd.Args()[1].(uint64)
	next := at + 1
	if next == uint64(len(pages)) {
		next = 0
	}
	cmd.SetVal(pages[at], next)
}

// managedEntry returns an entry with an empty value, as it is stored.
func managedEntry(collection, key string, expires time.Time) []byte {
	return managed.Append(nil, &managed.Record{
		Collection: collection, Key: key, Entry: core.Entry{Value: []byte(`{}`), CreatedAt: time.Now(), ExpiresAt: expires},
	})
}
