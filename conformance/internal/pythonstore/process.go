// Package pythonstore runs a process with a store of the Python library, which does
// what a test asks for: one line of JSON each way.
package pythonstore

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

// Process is a process with the Python library. It ends with the test.
type Process struct {
	t     *testing.T
	input io.Writer
	lines *bufio.Scanner
	log   *strings.Builder
}

// Layer is a wrapper of the Python library.
type Layer struct {
	Name    string         `json:"name"`
	Options map[string]any `json:"options,omitempty"`
}

// Request is what the process is asked to do.
type Request struct {
	Op         string   `json:"op"`
	Layers     []Layer  `json:"layers,omitempty"`
	Collection string   `json:"collection"`
	Keys       []string `json:"keys"`
	Values     []string `json:"values,omitempty"` // JSON text
	TTL        *float64 `json:"ttl"`              // seconds
}

// Reply is what came of it.
type Reply struct {
	Error   string     `json:"error"`
	Values  []*string  `json:"values"` // JSON text, nil for a miss
	TTLs    []*float64 `json:"ttls"`   // seconds, nil for none
	Deleted int        `json:"deleted"`
}

// Start starts a script with its arguments. The library needs to be there with
// the extra of that name, empty for what has none of its own.
func Start(t *testing.T, extra, script string, arguments ...string) *Process {
	t.Helper()
	path, err := exec.LookPath(os.Getenv("KEYVALUE_TEST_PYTHON"))
	if err != nil {
		library := "py-key-value-aio"
		if extra != "" {
			library += "[" + extra + "]"
		}
		servers.Missing(t, "python", "KEYVALUE_TEST_PYTHON names no Python with %s", library)
	}
	command := exec.Command(path, append([]string{script}, arguments...)...)
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
	return &Process{t: t, input: input, lines: lines, log: log}
}

// Exchange sends anything, and reads what the script answers.
func (p *Process) Exchange(request, reply any) {
	p.t.Helper()
	text, err := json.Marshal(request)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.input.Write(append(text, '\n')); err != nil {
		p.t.Fatalf("%v\n%s", err, p.log)
	}
	if !p.lines.Scan() {
		p.t.Fatalf("no reply: %v\n%s", p.lines.Err(), p.log)
	}
	if err := json.Unmarshal(p.lines.Bytes(), reply); err != nil {
		p.t.Fatalf("%v in %.200s", err, p.lines.Bytes())
	}
}

// Ask sends a request and returns the reply.
func (p *Process) Ask(r Request) Reply {
	p.t.Helper()
	var answer Reply
	p.Exchange(r, &answer)
	return answer
}

// Must is Ask for a request that cannot fail.
func (p *Process) Must(r Request) Reply {
	p.t.Helper()
	answer := p.Ask(r)
	if answer.Error != "" {
		p.t.Fatalf("Python: %s of %.100q: %s", r.Op, r.Keys, answer.Error)
	}
	return answer
}

// Put writes one value.
func (p *Process) Put(layers []Layer, collection, key, value string, ttl *float64) {
	p.t.Helper()
	p.Must(Request{Op: "put", Layers: layers, Collection: collection, Keys: []string{key}, Values: []string{value}, TTL: ttl})
}

// Get returns the value as JSON text, nil for a miss, and the seconds that are
// left, nil for no expiry.
func (p *Process) Get(layers []Layer, collection, key string) (value *string, ttl *float64) {
	p.t.Helper()
	answer := p.Must(Request{Op: "get", Layers: layers, Collection: collection, Keys: []string{key}})
	return answer.Values[0], answer.TTLs[0]
}
