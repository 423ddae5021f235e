package disk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/disk"
)

func init() {
	tasks["mix"] = mix
	tasks["insert"] = insertAll
}

const (
	processes = 4
	rounds    = 400
)

// own is the key that a process alone writes.
func own(number string, i int) string { return "own-" + number + "-" + strconv.Itoa(i%8) }

// mix puts, deletes, culls, inserts and reads what other processes do the same
// with, and checks what nobody else touches.
func mix(store *disk.Store) error {
	ctx := context.Background()
	number := os.Getenv("KEYVALUE_TEST_DISK_NUMBER")
	filler := strings.Repeat(number, 2000)
	for i := range rounds {
		shared := "shared-" + strconv.Itoa(rand.IntN(8))
		value := json.RawMessage(fmt.Sprintf(`{"by":%q,"filler":%q}`, number, filler))
		var err error
		switch rand.IntN(6) {
		case 0:
			err = store.Put(ctx, "mix", shared, value, time.Duration(1+rand.IntN(20))*time.Millisecond)
		case 1:
			_, err = store.Delete(ctx, "mix", shared)
		case 2:
			_, err = store.Cull(ctx)
		case 3:
			_, err = store.Insert(ctx, "mix", shared, value, time.Hour)
		case 4:
			err = store.Put(ctx, "mix", shared, value, core.NoTTL)
		case 5:
			_, err = store.DestroyCollection(ctx, "passing")
			if err == nil {
				err = store.Put(ctx, "passing", shared, value, time.Millisecond)
			}
		}
		if err != nil {
			return err
		}
		entry, err := store.Get(ctx, "mix", shared)
		if err == nil {
			var read struct{ By, Filler string }
			if err := entry.Decode(&read); err != nil || read.Filler != strings.Repeat(read.By, 2000) {
				return fmt.Errorf("a torn entry: %w", err)
			}
		} else if !errors.Is(err, core.ErrNotFound) {
			return err
		}
		// An acknowledged write of a key that nobody else writes is there.
		key := own(number, i)
		want := fmt.Sprintf(`{"round":%d}`, i)
		if err := store.Put(ctx, "mix", key, json.RawMessage(want), core.NoTTL); err != nil {
			return err
		}
		if entry, err := store.Get(ctx, "mix", key); err != nil || string(entry.Value) != want {
			return fmt.Errorf("%s is %s, %w", key, entry.Value, err)
		}
	}
	return nil
}

// insertAll inserts keys that all processes insert, and says which it won. Half
// of them have expired entries under them.
func insertAll(store *disk.Store) error {
	ctx := context.Background()
	for i := range rounds {
		inserted, err := store.Insert(ctx, "insert", strconv.Itoa(i), json.RawMessage(`{}`), core.NoTTL)
		if err != nil {
			return err
		}
		if inserted {
			fmt.Println(i)
		}
	}
	return nil
}

// Processes share a directory.
func TestProcesses(t *testing.T) {
	report(t)
	directory := filepath.Join(t.TempDir(), "data")
	var children []*child
	for i := range processes {
		children = append(children, startChild(t, "mix", directory, "KEYVALUE_TEST_DISK_NUMBER="+strconv.Itoa(i)))
	}
	for i, c := range children {
		if err := c.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
	store := open(t, directory, nil)
	for i := range processes {
		for last := rounds - 8; last < rounds; last++ {
			entry, err := store.Get(t.Context(), "mix", own(strconv.Itoa(i), last))
			if err != nil || string(entry.Value) != fmt.Sprintf(`{"round":%d}`, last) {
				t.Errorf("process %d, round %d: %s, %v", i, last, entry.Value, err)
			}
		}
	}
	if left, err := os.ReadDir(filepath.Join(directory, ".tmp")); err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
}

// Of inserts in several processes one wins, also over an entry that has expired.
func TestInsertAmongProcesses(t *testing.T) {
	report(t)
	directory := filepath.Join(t.TempDir(), "data")
	store := open(t, directory, nil)
	for i := 0; i < rounds; i += 2 {
		if err := store.Put(t.Context(), "insert", strconv.Itoa(i), json.RawMessage(`{"old":1}`), time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(2 * time.Millisecond)
	won := make(map[string]int)
	var children []*child
	for range processes {
		children = append(children, startChild(t, "insert", directory))
	}
	winners := 0
	for i, c := range children {
		count := 0
		for c.lines.Scan() {
			won[c.lines.Text()]++
			count++
		}
		if count > 0 {
			winners++
		}
		if err := c.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
	for i := range rounds {
		if n := won[strconv.Itoa(i)]; n != 1 {
			t.Errorf("the insert of %d was won %d times", i, n)
		}
	}
	t.Logf("%d of %d processes won something", winners, processes)
}
