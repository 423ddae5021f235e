package rocksdb_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// The variables that make a writer of the test program.
const (
	writerDirectory = "KEYVALUE_TEST_ROCKSDB_WRITER"
	writerSync      = "KEYVALUE_TEST_ROCKSDB_SYNC"
)

const (
	// A writer that waits for the disk gets less done between two kills, so it
	// is killed more seldom.
	kills, killsOfSync = 150, 50

	crashKeys  = 64
	crashBatch = 8
)

// A text of a value is so long that a torn one could not pass for another.
func crashValue(n int) json.RawMessage {
	return fmt.Appendf(nil, `{"n":%d,"text":"%s","again":%d}`, n, strings.Repeat(string(rune('a'+n%26)), 50+n%700), n)
}

// write is what a writer does until it is killed: it puts single entries and
// batches with the numbers from the one given on standard input, deletes, and
// says on standard output what is done.
func write(directory string) {
	store, err := rocksdb.New(directory, &rocksdb.Options{Sync: os.Getenv(writerSync) != ""})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var first int
	if _, err := fmt.Scan(&first); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	ctx := context.Background()
	for n := first; ; n++ {
		if err = store.Put(ctx, "single", fmt.Sprint(n%crashKeys), crashValue(n), time.Hour); err == nil {
			items := make([]core.Item, crashBatch)
			for i := range items {
				items[i] = core.Item{Key: fmt.Sprint(i), Value: crashValue(n)}
			}
			err = store.PutMany(ctx, "batch", items)
		}
		if err == nil {
			_, err = store.Delete(ctx, "single", fmt.Sprint((n+crashKeys/2)%crashKeys))
		}
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("done", n)
	}
}

// What a writer was told to be done is there after it was killed, and nothing
// is torn: neither an entry nor a batch.
func TestCrash(t *testing.T) {
	t.Parallel()
	need(t)
	for sync, kills := range map[bool]int{false: kills, true: killsOfSync} {
		t.Run(fmt.Sprint("sync=", sync), func(t *testing.T) {
			t.Parallel()
			directory := filepath.Join(t.TempDir(), "data")
			next, last, done := 0, -1, make(map[int]bool)
			for i := range kills {
				early := i%4 == 0
				for n := range kill(t, directory, next, sync, early) {
					done[next+n] = true
				}
				for done[next] {
					last = next
					next++
				}
				// Of the round behind the last one that was acknowledged some
				// may be there: its number is not used again.
				next = max(next, check(t, directory, last, done)+1)
			}
			if len(done) < kills {
				t.Errorf("only %d rounds were acknowledged, which proves nothing", len(done))
			}
			t.Logf("%d rounds of writes acknowledged before %d kills", len(done), kills)
		})
	}
}

// kill runs a writer, kills it at a random moment, and returns how many rounds
// it has acknowledged. An early kill may also find it opening the database.
func kill(t *testing.T, directory string, first int, sync, early bool) (done int) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), writerDirectory+"="+directory)
	if sync {
		command.Env = append(command.Env, writerSync+"=true")
	}
	command.Stdin = strings.NewReader(fmt.Sprintln(first))
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	end := onceFunc(func() { _ = command.Process.Kill() })
	defer end()
	if early {
		time.AfterFunc(rand.N(60*time.Millisecond), end)
	}
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break // what was cut off was not acknowledged
		}
		var n int
		if _, err := fmt.Sscanf(line, "done %d\n", &n); err != nil || n != first+done {
			t.Fatalf("the writer says %q and not that %d is done", line, first+done)
		}
		if done++; done == 1 && !early {
			time.AfterFunc(rand.N(10*time.Millisecond), end)
		}
	}
	_ = command.Wait()
	return done
}

// onceFunc is for where sync is the name of a variable.
var onceFunc = sync.OnceFunc

// check looks at what writers have left, whose acknowledged rounds are given, and
// returns the last round that has left anything.
func check(t *testing.T, directory string, last int, done map[int]bool) (seen int) {
	t.Helper()
	store, err := rocksdb.New(directory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	number := func(entry core.Entry) int {
		if !entry.Found() {
			return -1
		}
		var value struct{ N int }
		if err := entry.Decode(&value); err != nil || string(entry.Value) != string(crashValue(value.N)) {
			t.Fatalf("an entry is torn: %.80s, %v", entry.Value, err)
		}
		seen = max(seen, value.N)
		return value.N
	}

	keys := make([]string, crashBatch)
	for i := range keys {
		keys[i] = fmt.Sprint(i)
	}
	batch, err := store.GetMany(t.Context(), "batch", keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range batch {
		if n := number(entry); n < last || n != number(batch[0]) {
			t.Fatalf("a batch has an entry of round %d and one of %d, after %d was acknowledged", n, number(batch[0]), last)
		}
	}

	keys = make([]string, crashKeys)
	for i := range keys {
		keys[i] = fmt.Sprint(i)
	}
	single, err := store.GetMany(t.Context(), "single", keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range single {
		if n := number(entry); n >= 0 && n%crashKeys != i {
			t.Fatalf("under %d is what was put under %d", i, n%crashKeys)
		}
	}
	// A key is put and deleted by turns, half of all keys apart: what these rounds
	// have done, no round has undone that anything is seen of.
	for n := max(0, seen-crashKeys/2+1); n <= last; n++ {
		if !done[n] {
			continue
		}
		if number(single[n%crashKeys]) < n {
			t.Fatalf("the entry of round %d is not there, after %d was acknowledged", n, last)
		}
		if single[(n+crashKeys/2)%crashKeys].Found() {
			t.Fatalf("what round %d has deleted is there, after %d was acknowledged", n, last)
		}
	}
	return seen
}
