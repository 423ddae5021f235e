package main

import (
	"strings"
	"testing"
)

const onServers = `{"Action":"run","Package":"kv/a","Test":"TestA"}
{"Action":"run","Package":"kv/a","Test":"TestA/one"}
{"Action":"attr","Package":"kv/a","Test":"TestA/one","Key":"backend","Value":"redis"}
{"Action":"attr","Package":"kv/a","Test":"TestA/one","Key":"server","Value":"redis 7"}
{"Action":"attr","Package":"kv/a","Test":"TestA/one","Key":"origin","Value":"REDIS_URL"}
{"Action":"pass","Package":"kv/a","Test":"TestA/one"}
{"Action":"pass","Package":"kv/a","Test":"TestA"}
{"Action":"run","Package":"kv/a","Test":"TestB"}
{"Action":"attr","Package":"kv/a","Test":"TestB","Key":"backend","Value":"redis"}
{"Action":"attr","Package":"kv/a","Test":"TestB","Key":"server","Value":"redis 7"}
{"Action":"attr","Package":"kv/a","Test":"TestB","Key":"origin","Value":"REDIS_URL"}
{"Action":"run","Package":"kv/a","Test":"TestB/one"}
{"Action":"fail","Package":"kv/a","Test":"TestB/one"}
{"Action":"run","Package":"kv/a","Test":"TestB/two"}
{"Action":"pass","Package":"kv/a","Test":"TestB/two"}
{"Action":"fail","Package":"kv/a","Test":"TestB"}
{"Action":"run","Package":"kv/b","Test":"TestC"}
{"Action":"attr","Package":"kv/b","Test":"TestC","Key":"backend","Value":"memcached"}
{"Action":"output","Package":"kv/b","Test":"TestC","Output":"    kind.go:70: no memcached: it is not there\n"}
{"Action":"output","Package":"kv/b","Test":"TestC","Output":"--- SKIP: TestC (0.00s)\n"}
{"Action":"skip","Package":"kv/b","Test":"TestC"}
{"Action":"run","Package":"kv/b","Test":"TestD"}
{"Action":"pass","Package":"kv/b","Test":"TestD"}
`

func TestServers(t *testing.T) {
	r := newReporter(new(strings.Builder))
	if err := r.read(strings.NewReader(onServers)); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	r.servers.print(&out)
	const want = `
backend    server   where it came from  passed  skipped                               failed
memcached  none     -                   0       1 (no memcached: it is not there)  0
redis      redis 7  REDIS_URL           2       0                                     1
`
	if got := strings.Fields(out.String()); strings.Join(got, " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("printed%s\nwant%s", out.String(), want)
	}
}
