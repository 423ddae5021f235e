package vault_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	vaultclient "github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

const benchBatch = 100

// bench is what all contestants work with: the same client, secrets and values of
// 1 KiB, which for the driver alone are the text that the store writes.
type bench struct {
	b       *testing.B
	store   *vault.Store
	client  *vaultclient.Client
	mounted string
	keys    []string
	value   json.RawMessage
	stored  string
	items   []core.Item
}

func newBench(b *testing.B) *bench {
	b.Helper()
	url := servers.Vault.URL(b)
	mounted := mount(b, newClient(b, url, rootToken))
	store := open(b, url, mounted, "")
	s := &bench{
		b: b, store: store, client: store.Client(), mounted: mounted,
		value: fmt.Appendf(nil, `{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1024-24)),
	}
	for i := range benchBatch {
		s.keys = append(s.keys, fmt.Sprintf("key-%06d", i))
		s.items = append(s.items, core.Item{Key: s.keys[i], Value: s.value})
	}
	if err := store.PutMany(b.Context(), "bench", s.items); err != nil {
		b.Fatal(err)
	}
	var err error
	if s.stored, err = s.rawGet(0); err != nil {
		b.Fatal(err)
	}
	return s
}

func (s *bench) path(n int) string { return s.mounted + "/data/bench::" + s.keys[n%benchBatch] }

func (s *bench) rawGet(n int) (string, error) {
	answer, err := s.client.Read(s.b.Context(), s.path(n))
	if err != nil {
		return "", err
	}
	fields, _ := answer.Data["data"].(map[string]any)
	text, ok := fields["value"].(string)
	if !ok {
		return "", errors.New("nothing read")
	}
	return text, nil
}

func (s *bench) rawPut(n int) error {
	_, err := s.client.Write(s.b.Context(), s.path(n), map[string]any{"data": map[string]any{"value": s.stored}})
	return err
}

func (s *bench) get(n int) error {
	_, err := s.store.Get(s.b.Context(), "bench", s.keys[n%benchBatch])
	return err
}

func (s *bench) put(n int) error {
	return s.store.Put(s.b.Context(), "bench", s.keys[n%benchBatch], s.value, core.NoTTL)
}

// loop does a call for each key of a batch.
func loop(call func(n int) error) func(n int) error {
	return func(int) error {
		for i := range benchBatch {
			if err := call(i); err != nil {
				return err
			}
		}
		return nil
	}
}

// atOnce does a call for each key of a batch, as many at once as the store does.
func atOnce(call func(n int) error) func(n int) error {
	return func(int) error {
		errs := make([]error, benchBatch)
		slots := make(chan struct{}, vault.DefaultConcurrency)
		var group sync.WaitGroup
		for i := range benchBatch {
			slots <- struct{}{}
			group.Go(func() {
				errs[i] = call(i)
				<-slots
			})
		}
		group.Wait()
		return errors.Join(errs...)
	}
}

func BenchmarkGet(b *testing.B) {
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := newBench(b)
			turns.Run(b, callers, 20,
				turns.Contestant{Name: "store", Call: s.get},
				turns.Contestant{Name: "raw", Call: func(n int) error { _, err := s.rawGet(n); return err }},
			)
		})
	}
}

func BenchmarkPut(b *testing.B) {
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := newBench(b)
			turns.Run(b, callers, 20,
				turns.Contestant{Name: "store", Call: s.put},
				turns.Contestant{Name: "raw", Call: s.rawPut},
			)
		})
	}
}

func BenchmarkGetMany(b *testing.B) {
	s := newBench(b)
	turns.Run(b, 1, 1,
		turns.Contestant{Name: "store", Call: func(int) error {
			_, err := s.store.GetMany(b.Context(), "bench", s.keys)
			return err
		}},
		turns.Contestant{Name: "loop", Call: loop(s.get)},
		turns.Contestant{Name: "raw-at-once", Call: atOnce(func(n int) error { _, err := s.rawGet(n); return err })},
	)
}

func BenchmarkPutMany(b *testing.B) {
	s := newBench(b)
	turns.Run(b, 1, 1,
		turns.Contestant{Name: "store", Call: func(int) error { return s.store.PutMany(b.Context(), "bench", s.items) }},
		turns.Contestant{Name: "loop", Call: loop(s.put)},
		turns.Contestant{Name: "raw-at-once", Call: atOnce(s.rawPut)},
	)
}
