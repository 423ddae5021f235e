package keyring_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// client is a process with a store, in a desktop of its own or of another user.
type client struct {
	t     *testing.T
	input io.Writer
	lines *bufio.Scanner
}

// What a client is asked, and what it answers.
type (
	question struct {
		Op, Key string
		Timeout time.Duration
	}
	answer struct {
		Error    string
		Missing  bool // core.ErrNotFound
		Deadline bool
		Names    []string
		Took     time.Duration
	}
)

// serveClient answers questions until there are no more. The environment has
// the config.
func serveClient() {
	config := &keyring.Config{Backends: []driver.BackendType{driver.BackendType(os.Getenv("CLIENT_BACKEND"))}}
	if config.Backends[0] == driver.FileBackend {
		config = inFiles(os.Getenv("CLIENT_DIR"))
	}
	config.SecretServiceCollection = os.Getenv("CLIENT_COLLECTION")
	store, err := keyring.OpenConfig(context.Background(), config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("{}")
	questions := json.NewDecoder(os.Stdin)
	for {
		var q question
		if err := questions.Decode(&q); err != nil {
			return
		}
		text, err := json.Marshal(reply(store, q))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(text))
	}
}

func reply(store core.Store, q question) answer {
	ctx, cancel := context.WithTimeout(context.Background(), q.Timeout)
	defer cancel()
	start := time.Now()
	var a answer
	var err error
	switch q.Op {
	case "get":
		_, err = store.Get(ctx, "c", q.Key)
	case "put":
		err = store.Put(ctx, "c", q.Key, []byte(`{"a":1}`), 0)
	case "delete":
		_, err = store.Delete(ctx, "c", q.Key)
	case "keys":
		for key, failed := range core.Keys(ctx, store, "c") {
			if err = errors.Join(err, failed); failed == nil {
				a.Names = append(a.Names, key)
			}
		}
	case "cull":
		_, err = core.Cull(ctx, store)
	case "ping":
		err = core.Ping(ctx, store)
	}
	a.Took = time.Since(start)
	if err != nil {
		a.Error, a.Missing, a.Deadline = err.Error(), errors.Is(err, core.ErrNotFound), errors.Is(err, context.DeadlineExceeded)
	}
	return a
}

// startClient starts this program as a client. The command may have been
// changed to run as another user.
func startClient(t *testing.T, environment []string, change func(*exec.Cmd)) *client {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(append(os.Environ(), environment...), environmentRole+"="+roleClient)
	if change != nil {
		change(command)
	}
	log := new(strings.Builder)
	command.Stderr = log
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(command) })
	c := &client{t: t, input: input, lines: bufio.NewScanner(output)}
	if !c.lines.Scan() {
		_ = command.Wait()
		t.Fatalf("the client does not start:\n%s", log)
	}
	return c
}

// ask asks with a generous deadline.
func (c *client) ask(op, key string) answer {
	c.t.Helper()
	return c.within(30*time.Second, op, key)
}

func (c *client) within(timeout time.Duration, op, key string) answer {
	c.t.Helper()
	if err := json.NewEncoder(c.input).Encode(question{op, key, timeout}); err != nil {
		c.t.Fatal(err)
	}
	if !c.lines.Scan() {
		c.t.Fatalf("the client does not answer %s", op)
	}
	var a answer
	if err := json.Unmarshal(c.lines.Bytes(), &a); err != nil {
		c.t.Fatal(err)
	}
	return a
}

func (c *client) must(op, key string) answer {
	c.t.Helper()
	a := c.ask(op, key)
	if a.Error != "" {
		c.t.Fatalf("%s %q: %s", op, key, a.Error)
	}
	return a
}

// wantFailures wants every call to fail, and none to find nothing.
func (c *client) wantFailures(timeout time.Duration, what string, ops ...string) {
	c.t.Helper()
	for _, op := range ops {
		if a := c.within(timeout, op, "k"); a.Error == "" || a.Missing {
			c.t.Errorf("%s: %s answers %+v; want an error that is no miss", what, op, a)
		}
	}
}
