package winregistry_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/winregistry"
)

// The tests below start this program again, with a task for it.
const (
	taskVariable = "KEYVALUE_TEST_TASK"
	pathVariable = "KEYVALUE_TEST_PATH"
)

// tasks are what other processes do. They print a line for each thing done,
// until they are through or killed.
var tasks = map[string]func(ctx context.Context, store *winregistry.Store, say func(string)) error{
	"insert": insertAll,
	"delete": deleteAll,
	"put":    putAll,
	"sweep":  sweep,
	"write":  writeForEver,
}

func TestMain(m *testing.M) {
	task := os.Getenv(taskVariable)
	if task == "" {
		os.Exit(m.Run())
	}
	store, err := winregistry.New(&winregistry.Options{Path: os.Getenv(pathVariable)})
	if err == nil {
		var mutex sync.Mutex
		err = tasks[task](context.Background(), store, func(line string) {
			mutex.Lock()
			defer mutex.Unlock()
			fmt.Println(line)
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// process is this program with a task.
type process struct {
	command *exec.Cmd
	lines   *bufio.Scanner
}

func start(t *testing.T, task, path string) *process {
	t.Helper()
	program, err := os.Executable()
	must(t, err)
	p := &process{command: exec.Command(program)}
	p.command.Env = append(os.Environ(), taskVariable+"="+task, pathVariable+"="+path)
	p.command.Stderr = os.Stderr
	output, err := p.command.StdoutPipe()
	must(t, err)
	must(t, p.command.Start())
	p.lines = bufio.NewScanner(output)
	return p
}

// rest returns the lines that are still to come, and waits for the end.
func (p *process) rest(t *testing.T) (lines []string) {
	t.Helper()
	for p.lines.Scan() {
		lines = append(lines, p.lines.Text())
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("another process: %v", err)
	}
	return lines
}

// Numbers of the tasks.
const (
	processes = 4
	keyCount  = 150
)

func keyOf(i int) string { return "key-" + strconv.Itoa(i) }

func self() json.RawMessage { return fmt.Appendf(nil, `{"process":%d}`, os.Getpid()) }

func insertAll(ctx context.Context, store *winregistry.Store, say func(string)) error {
	for i := range keyCount {
		inserted, err := store.Insert(ctx, "c", keyOf(i), self(), time.Hour)
		if err != nil {
			return err
		}
		if inserted {
			say(keyOf(i) + " " + string(self()))
		}
	}
	return nil
}

func deleteAll(ctx context.Context, store *winregistry.Store, say func(string)) error {
	for i := range keyCount {
		live, err := store.Delete(ctx, "c", keyOf(i))
		if err != nil {
			return err
		}
		if live {
			say(keyOf(i))
		}
	}
	return nil
}

// together runs the task in several processes at once.
func together(t *testing.T, task, path string) (lines []string) {
	t.Helper()
	var all []*process
	for range processes {
		all = append(all, start(t, task, path))
	}
	for _, p := range all {
		lines = append(lines, p.rest(t)...)
	}
	return lines
}

// Of the processes that insert a key, one is told true, and its value is there;
// also over entries that have expired. Of those that delete it, one.
func TestProcessesInsertAndDelete(t *testing.T) {
	store, path := newStore(t)
	ctx := t.Context()
	for i := 0; i < keyCount; i += 2 {
		must(t, store.Put(ctx, "c", keyOf(i), json.RawMessage(`{"expired":true}`), 1))
	}
	winners := make(map[string]string)
	for _, line := range together(t, "insert", path) {
		key, value, _ := strings.Cut(line, " ")
		if winners[key] != "" {
			t.Errorf("%s was inserted twice", key)
		}
		winners[key] = value
	}
	for i := range keyCount {
		entry, err := store.Get(ctx, "c", keyOf(i))
		if err != nil || string(entry.Value) != winners[keyOf(i)] {
			t.Errorf("%s is %s, %v; inserted was %q", keyOf(i), entry.Value, err, winners[keyOf(i)])
		}
	}
	deleted := make(map[string]int)
	for _, line := range together(t, "delete", path) {
		deleted[line]++
	}
	for i := range keyCount {
		if deleted[keyOf(i)] != 1 {
			t.Errorf("%s was deleted %d times", keyOf(i), deleted[keyOf(i)])
		}
	}
}

// putAll puts entries that expire at once and, over each, one that does not,
// which must be there afterwards.
func putAll(ctx context.Context, store *winregistry.Store, say func(string)) error {
	for i := range keyCount {
		key := fmt.Sprintf("%d-%s", os.Getpid(), keyOf(i))
		if err := store.Put(ctx, "c", key, json.RawMessage(`{}`), 1); err != nil {
			return err
		}
		if err := store.Put(ctx, "c", key, self(), core.NoTTL); err != nil {
			return err
		}
		if _, err := store.Get(ctx, "c", key); err != nil {
			return fmt.Errorf("what was put is not there: %w", err)
		}
		say(key)
	}
	return nil
}

// sweep removes what has expired, and empty collections, again and again.
func sweep(ctx context.Context, store *winregistry.Store, say func(string)) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if _, err := store.Cull(ctx); err != nil {
			return err
		}
		if _, err := store.DestroyCollection(ctx, "other"); err != nil {
			return err
		}
		if err := store.Put(ctx, "other", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			return err
		}
		say("swept")
	}
	return nil
}

// Nothing that a process has put is taken away by one that sweeps.
func TestProcessesPutAndSweep(t *testing.T) {
	store, path := newStore(t)
	sweeper := start(t, "sweep", path)
	defer sweeper.command.Wait()
	defer sweeper.command.Process.Kill()
	if !sweeper.lines.Scan() {
		t.Fatal("nobody sweeps")
	}
	go func() {
		for sweeper.lines.Scan() { // lest it waits for a reader
		}
	}()
	put := together(t, "put", path)
	if len(put) != processes*keyCount {
		t.Errorf("%d entries were put, want %d", len(put), processes*keyCount)
	}
	for _, key := range put {
		if _, err := store.Get(t.Context(), "c", key); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// writeForEver writes, inserts and deletes, and says what it has done.
func writeForEver(ctx context.Context, store *winregistry.Store, say func(string)) error {
	for i := 0; ; i++ {
		key := fmt.Sprintf("%d-%d", os.Getpid(), i)
		if err := store.Put(ctx, "c", key, self(), time.Hour); err != nil {
			return err
		}
		say(key)
	}
}

// A process that is killed while it writes leaves whole entries, and does not
// keep others from writing.
func TestKilledProcesses(t *testing.T) {
	store, path := newStore(t)
	for round := range 20 {
		p := start(t, "write", path)
		var written []string
		for len(written) < 5+round*3 && p.lines.Scan() {
			written = append(written, p.lines.Text())
		}
		must(t, p.command.Process.Kill())
		for p.lines.Scan() {
			written = append(written, p.lines.Text())
		}
		p.command.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		must(t, store.Put(ctx, "c", "mine", json.RawMessage(`{}`), core.NoTTL))
		cancel()
		if len(written) < 5 {
			t.Fatalf("the process wrote only %d entries", len(written))
		}
		for _, key := range written {
			if _, err := store.Get(t.Context(), "c", key); err != nil {
				t.Errorf("%s: %v", key, err)
			}
		}
		names(t, store.Keys(t.Context(), "c")) // an entry that is not whole would be an error
		_, err := store.DestroyCollection(t.Context(), "c")
		must(t, err)
	}
}
