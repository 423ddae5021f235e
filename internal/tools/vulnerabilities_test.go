package main

import (
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// What govulncheck 1.9 prints, shortened.
const scanned = `{"config":{"protocol_version":"v1.0.0","scanner_name":"govulncheck"}}
{"progress":{"message":"Scanning your code"}}
{"osv":{"id":"GO-2026-0001"}}
{"finding":{"osv":"GO-2026-0001","fixed_version":"v1.26.10","trace":[{"module":"stdlib","version":"v1.26.8"}]}}
{"finding":{"osv":"GO-2026-0001","fixed_version":"v1.26.10","trace":[{"module":"stdlib","version":"v1.26.8","package":"crypto/tls","function":"Read","receiver":"*Conn"},{"module":"x.org/kv/redis","package":"x.org/kv/redis","function":"scan"}]}}
{"finding":{"osv":"GO-2026-0002","trace":[{"module":"x.org/driver","version":"v1.2.3"}]}}
{"finding":{"osv":"GO-2026-0002","trace":[{"module":"x.org/driver","version":"v1.2.3","package":"x.org/driver"}]}}
`

const called = `{"finding":{"osv":"GO-2026-0002","trace":[{"module":"x.org/driver","version":"v1.2.3","package":"x.org/driver","function":"Dial"}]}}
`

func TestVulnerable(t *testing.T) {
	found := make(vulnerable)
	for _, dir := range []string{"redis", "valkey"} {
		if err := found.add(dir, strings.NewReader(scanned)); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	const ofGo = "GO-2026-0001: stdlib v1.26.8, fixed in v1.26.10, called by redis, valkey\n"
	if err := found.report(&out, []modules.Module{{Dir: "redis"}, {Dir: "valkey"}}); err != nil || out.String() != ofGo {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := found.add("redis", strings.NewReader(scanned+called)); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	const ofDriver = "GO-2026-0002: x.org/driver v1.2.3, fixed in no version, called by redis"
	if err := found.report(&out, []modules.Module{{Dir: "redis"}, {Dir: "valkey"}}); err == nil || err.Error() != ofDriver || out.String() != ofGo+ofDriver+"\n" {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := found.report(&out, []modules.Module{{Dir: "valkey"}}); err != nil {
		t.Errorf("in a module that is not tagged: %v", err)
	}
	for _, text := range []string{"", "no JSON", `{"progress":{}}`} {
		if err := found.add("redis", strings.NewReader(text)); err == nil {
			t.Errorf("%q is a scan", text)
		}
	}
}
