package winregistry

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
)

// holdVariable tells this program, started again, the path of a key in which it
// is to take its turn as a writer.
const holdVariable = "KEYVALUE_TEST_HOLD"

func TestMain(m *testing.M) {
	if path := os.Getenv(holdVariable); path != "" {
		hold(path)
	}
	os.Exit(m.Run())
}

// hold takes its turn, says so, and ends in the middle of it, when its input
// ends.
func hold(path string) {
	made, err := newBackend((&Options{Path: path}).withDefaults())
	if err == nil {
		err = made.(*backend).writers.inTurn(context.Background(), func() error {
			os.Stdout.WriteString("mine\n")
			_, err := bufio.NewReader(os.Stdin).ReadByte()
			if err != nil {
				os.Exit(0)
			}
			return nil
		})
	}
	panic(err)
}

// newTestStore returns a store in a key of its own.
func newTestStore(t *testing.T) (store *Store, path string) {
	t.Helper()
	path = `Software\keyvalue-tests-` + rand.Text()
	store, err := New(&Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(store.Destroy(context.Background()), store.Close(), registry.DeleteKey(registry.CURRENT_USER, path)); err != nil {
			t.Error(err)
		}
	})
	return store, path
}

// A write waits for the turn of another process as long as its context allows,
// reads do not wait, and when the process ends in its turn others go on.
func TestTurnOfAnotherProcess(t *testing.T) {
	store, path := newTestStore(t)
	value := []byte(`{"a":1}`)
	if err := store.Put(t.Context(), "c", "k", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other := exec.Command(program)
	other.Env = append(os.Environ(), holdVariable+"="+path)
	other.Stderr = os.Stderr
	input, inputErr := other.StdinPipe()
	output, outputErr := other.StdoutPipe()
	if err := errors.Join(inputErr, outputErr, other.Start()); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); strings.TrimSpace(line) != "mine" {
		t.Fatalf("the other process said %q, %v", line, err)
	}

	late, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := store.Put(late, "c", "k", value, core.NoTTL); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Put in the turn of another process = %v, want DeadlineExceeded", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := store.Delete(cancelled, "c", "k"); !errors.Is(err, context.Canceled) {
		t.Errorf("Delete in the turn of another process = %v, want Canceled", err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != nil {
		t.Errorf("Get in the turn of another process = %v", err)
	}

	if err := errors.Join(input.Close(), other.Wait()); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), "c", "k", value, core.NoTTL); err != nil {
		t.Errorf("Put after the other process has ended in its turn = %v", err)
	}
}

func TestMutexRights(t *testing.T) {
	for path, want := range map[string]string{
		`\REGISTRY\USER\S-1-5-21-1-2-3-1000\Software\x`:    ";;;S-1-5-21-1-2-3-1000)",
		`\Registry\User\S-1-5-21-1-2-3-1000_Classes\x`:     ";;;S-1-5-21-1-2-3-1000)",
		`\REGISTRY\USER\.DEFAULT\Software\x`:               ";;;AU)",
		`\REGISTRY\MACHINE\SOFTWARE\x`:                     ";;;AU)",
		`\REGISTRY\MACHINE\S-1-5-21-1-2-3-1000\Software\x`: ";;;AU)",
		``: ";;;AU)",
	} {
		if got := mutexRights(path); !strings.HasPrefix(got, "D:P(A;;0x100001"+want) {
			t.Errorf("mutexRights(%q) = %q, want %s", path, got, want)
		}
	}
}

// Close closes every key that is open, and use is counted right.
func TestOpenKeys(t *testing.T) {
	opened := 0
	var keys openKeys
	keys.init(func(string, use) (registry.Key, error) {
		opened++
		return registry.OpenKey(registry.CURRENT_USER, "Software", registry.READ)
	})
	get := func(collection string) *kept {
		t.Helper()
		k, err := keys.get(collection, toRead)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	open := func(k *kept) bool { _, err := k.key.Stat(); return err == nil }

	a, again := get("a"), get("a")
	if a != again || opened != 1 {
		t.Errorf("the key was opened %d times", opened)
	}
	keys.forget(a)
	keys.put(a)
	if !open(again) {
		t.Error("a key that is used was closed")
	}
	keys.put(again)
	if open(a) {
		t.Error("a key that was forgotten is open, and nobody uses it")
	}
	if b := get("a"); b == a || opened != 2 {
		t.Error("the key was not opened again")
	} else {
		keys.put(b)
	}
	for i := range 3 * maxOpenKeys {
		keys.put(get(strings.Repeat("x", i+1)))
	}
	if len(keys.kept) != maxOpenKeys {
		t.Errorf("%d keys are kept open, want %d", len(keys.kept), maxOpenKeys)
	}
	var left []*kept
	for _, k := range keys.kept {
		left = append(left, k)
	}
	if err := keys.close(); err != nil {
		t.Error(err)
	}
	for _, k := range left {
		if open(k) {
			t.Error("a key is open after close")
		}
	}
}
