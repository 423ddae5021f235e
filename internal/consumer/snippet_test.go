package main

import (
	"strings"
	"testing"
)

func TestSnippet(t *testing.T) {
	const statements = "# x\n\n```sh\ngo get x\n```\n\n```go\nstore, err := memory.New(nil)\nif err != nil {\n\treturn err\n}\n" +
		"err = store.Put(ctx, \"c\", id, json.RawMessage(`{}`), time.Minute)\n```\n\n```go\nignored\n```\n"
	program, err := snippet(statements)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"encoding/json"`, `"time"`, `keyvalue/memory"`, `keyvalue/core"`, "_, _ = store, err"} {
		if !strings.Contains(string(program), want) {
			t.Errorf("no %s in\n%s", want, program)
		}
	}
	const whole = "```go\nfunc main() { fmt.Println() }\n```\n"
	program, err = snippet(whole)
	if err != nil || strings.Count(string(program), "func main") != 1 || !strings.Contains(string(program), `"fmt"`) {
		t.Errorf("%v\n%s", err, program)
	}
	for _, broken := range []string{"no block", "```go\nnever closed", "```go\nif {\n```\n"} {
		if program, err := snippet(broken); err == nil {
			t.Errorf("snippet(%q):\n%s", broken, program)
		}
	}
}

func TestAfter(t *testing.T) {
	for last, want := range map[string]string{"v0.1.0": "v0.1.1", "v1.2.19": "v1.2.20"} {
		if got := after(last); got != want {
			t.Errorf("after(%q) is %q, want %q", last, got, want)
		}
	}
}
