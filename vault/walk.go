package vault

import (
	"context"
	"errors"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// found is a secret that a walk has read.
type found struct {
	name            string // of the secret
	collection, key string // of the entry; what is hashed in the name is empty where there is no entry
	secret
	entry core.Entry
	err   error // one that matches core.ErrCorrupt: then there is no entry

	// foreign says that it is an entry of other names than lead here.
	foreign bool
}

// isEntry reports whether the secret holds an entry that belongs there.
func (f *found) isEntry() bool { return f.text != nil && f.err == nil && !f.foreign }

// walk reads secrets, several at once.
func (b *backend) walk(ctx context.Context, names []string) ([]found, error) {
	all := make([]found, len(names))
	err := b.atOnce(ctx, len(names), func(i int) (err error) {
		all[i], err = b.look(ctx, names[i])
		return err
	})
	return all, err
}

// look reads a secret.
func (b *backend) look(ctx context.Context, name string) (found, error) {
	f := found{name: name}
	f.collection, f.key, _ = splitName(name)
	f.secret, f.err = b.get(ctx, name)
	if f.err != nil && !errors.Is(f.err, core.ErrCorrupt) {
		return found{}, f.err
	}
	if f.err != nil || f.text == nil {
		return f, nil
	}
	envelope, err := managed.Decode(f.text)
	if err != nil {
		f.err = err
		return f, nil
	}
	f.entry = envelope.Entry
	if collection, ok := envelope.Collection(); ok {
		f.collection = collection
	}
	if key, ok := envelope.Key(); ok {
		f.key = key
	}
	f.foreign = !isOurs(name, f.collection, f.key)
	return f, nil
}

// atOnce calls a function for 0 to n-1, several at once, and returns the first
// error. It begins no call after an error.
func (b *backend) atOnce(ctx context.Context, n int, call func(i int) error) error {
	var (
		mutex sync.Mutex
		next  int
		first error
		group sync.WaitGroup
	)
	step := func(err error) (i int, ok bool) {
		mutex.Lock()
		defer mutex.Unlock()
		if first == nil {
			first = err
		}
		if first == nil {
			first = ctx.Err()
		}
		i, ok = next, first == nil && next < n
		next++
		return i, ok
	}
	for range min(b.options.Concurrency, n) {
		group.Go(func() {
			for i, ok := step(nil); ok; {
				i, ok = step(call(i))
			}
		})
	}
	group.Wait()
	return first
}
