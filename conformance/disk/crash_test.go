package disk_test

import (
	"bufio"
	"context"
	"encoding/json"
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

// kills is how often the crash test kills a writer.
const kills = 200

func init() { tasks["write"] = writeForEver }

// crashKeys are the keys that the writer overwrites in turn.
const crashKeys = 16

// crashValue is a value whose parts must belong together.
func crashValue(number int) json.RawMessage {
	text := strconv.Itoa(number)
	return json.RawMessage(fmt.Sprintf(`{"number":%d,"copies":"%s"}`, number, strings.Repeat(text+" ", 300)))
}

// writeForEver writes at full speed, and says what was acknowledged.
func writeForEver(store *disk.Store) error {
	ctx := context.Background()
	start, _ := strconv.Atoi(os.Getenv("KEYVALUE_TEST_DISK_START"))
	out := bufio.NewWriter(os.Stdout)
	for number := start; ; number++ {
		if err := store.Put(ctx, "crash", strconv.Itoa(number%crashKeys), crashValue(number), core.NoTTL); err != nil {
			return err
		}
		fmt.Fprintln(out, number)
		if err := out.Flush(); err != nil {
			return nil // nobody listens any longer
		}
	}
}

// A process that is killed while it writes loses nothing that was acknowledged,
// tears no entry, and leaves nothing that stays. The system goes on, and with
// it what it has in memory: what a machine that fails does to files that were
// synced is for the file system to keep.
func TestCrash(t *testing.T) {
	t.Parallel() // it waits for the disk most of the time
	report(t)
	directory := filepath.Join(t.TempDir(), "data")
	acknowledged := make(map[string]int) // number by key
	next := 0
	for range kills {
		writer := startChild(t, "write", directory, "KEYVALUE_TEST_DISK_SYNC=1", "KEYVALUE_TEST_DISK_START="+strconv.Itoa(next))
		alive := true
		for writer.lines.Scan() {
			if alive { // from the first write on
				time.AfterFunc(time.Duration(rand.Int64N(int64(8*time.Millisecond))), func() { _ = writer.Process.Kill() })
				alive = false
			}
			number, err := strconv.Atoi(writer.lines.Text())
			if err != nil {
				break // cut off
			}
			acknowledged[strconv.Itoa(number%crashKeys)] = number
			next = number + 1
		}
		_ = writer.Wait()
	}
	if next < kills {
		t.Fatalf("only %d writes were acknowledged in %d lives", next, kills)
	}
	t.Logf("%d writes acknowledged in %d lives", next, kills)

	store := open(t, directory, nil)
	ctx := t.Context()
	for key, number := range acknowledged {
		entry, err := store.Get(ctx, "crash", key)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		var value struct{ Number int }
		if err := entry.Decode(&value); err != nil {
			t.Fatal(err)
		}
		// The write after the last that was acknowledged may have landed.
		if value.Number < number || string(entry.Value) != string(crashValue(value.Number)) {
			t.Errorf("%s is %d, and %d was acknowledged", key, value.Number, number)
		}
	}
	listed := 0
	for key, err := range store.Keys(ctx, "crash") {
		if err != nil {
			t.Error(err)
		}
		if _, ok := acknowledged[key]; ok {
			listed++
		}
	}
	if listed != len(acknowledged) {
		t.Errorf("%d keys are listed, want %d", listed, len(acknowledged))
	}

	// What was left is removed when it is old enough to be nobody's.
	left, err := os.ReadDir(filepath.Join(directory, ".tmp"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d temporary files were left", len(left))
	then := time.Now().Add(-2 * time.Hour)
	for _, file := range left {
		if err := os.Chtimes(filepath.Join(directory, ".tmp", file.Name()), then, then); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Setup(ctx); err != nil {
		t.Fatal(err)
	}
	if left, err = os.ReadDir(filepath.Join(directory, ".tmp")); err != nil || len(left) > 0 {
		t.Errorf("after Setup there are %d, %v", len(left), err)
	}
}
