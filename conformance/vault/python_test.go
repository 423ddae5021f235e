package vault_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

// pythonStore is a process with the store of the Python library.
type pythonStore struct {
	t     *testing.T
	input io.Writer
	lines *bufio.Scanner
	log   *strings.Builder
}

// request is what the process is asked to do.
type request struct {
	Op         string   `json:"op"`
	Collection string   `json:"collection"`
	Keys       []string `json:"keys"`
	Values     []string `json:"values,omitempty"` // JSON text
	TTL        *float64 `json:"ttl"`              // seconds
}

// reply is what came of it.
type reply struct {
	Error   string     `json:"error"`
	Values  []*string  `json:"values"` // JSON text, nil for a miss
	TTLs    []*float64 `json:"ttls"`   // seconds, nil for none
	Deleted int        `json:"deleted"`
}

func startPython(t *testing.T, url, mounted string) *pythonStore {
	t.Helper()
	path, err := exec.LookPath(os.Getenv("KEYVALUE_TEST_PYTHON"))
	if err != nil {
		servers.Missing(t, "python", "KEYVALUE_TEST_PYTHON names no Python with py-key-value-aio[vault]")
	}
	command := exec.Command(path, "testdata/store.py", url, rootToken, mounted)
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
	t.Cleanup(func() {
		input.Close() // which ends it
		timer := time.AfterFunc(20*time.Second, func() { _ = command.Process.Kill() })
		defer timer.Stop()
		if err := command.Wait(); err != nil {
			t.Errorf("the Python process: %v\n%s", err, log)
		}
	})
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 16<<20)
	return &pythonStore{t: t, input: input, lines: lines, log: log}
}

// ask sends a request and returns the reply.
func (p *pythonStore) ask(r request) reply {
	p.t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.input.Write(append(text, '\n')); err != nil {
		p.t.Fatalf("%v\n%s", err, p.log)
	}
	if !p.lines.Scan() {
		p.t.Fatalf("no reply: %v\n%s", p.lines.Err(), p.log)
	}
	var answer reply
	if err := json.Unmarshal(p.lines.Bytes(), &answer); err != nil {
		p.t.Fatalf("%v in %.200s", err, p.lines.Bytes())
	}
	return answer
}

// must is ask for a request that cannot fail.
func (p *pythonStore) must(r request) reply {
	p.t.Helper()
	answer := p.ask(r)
	if answer.Error != "" {
		p.t.Fatalf("Python: %s of %.80q: %s", r.Op, r.Keys, answer.Error)
	}
	return answer
}
