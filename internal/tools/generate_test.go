package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const optionsOfATest = `package x

// XOptions are for x.
type XOptions struct {
	// Size is the largest | size in
	// bytes. Zero means [Default].
	Size, Length int

	// Time is core.DefaultTime, or [DefaultTime], unless [io/fs.ErrExist].
	Time int

	Check func(name string) error // no comment above
	own   bool
}

type yOptions struct{ Z int }

const (
	Default     = 64 << 10
	DefaultTime = 5*time.Minute
)
`

func TestOptionTables(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte(optionsOfATest), 0o666); err != nil {
		t.Fatal(err)
	}
	const before = "# x\n\n<!-- generated: options -->\nold\n<!-- end -->\n\nrest\n"
	const want = "# x\n\n<!-- generated: options -->\n\n" +
		"| `XOptions` | type | meaning |\n|---|---|---|\n" +
		"| `Size` | `int` | Size is the largest \\| size in bytes. Zero means Default (`64 << 10`). |\n" +
		"| `Length` | `int` | Size is the largest \\| size in bytes. Zero means Default (`64 << 10`). |\n" +
		"| `Time` | `int` | Time is core.DefaultTime, or DefaultTime (`5 * time.Minute`), unless io/fs.ErrExist. |\n" +
		"| `Check` | `func(name string) error` |  |\n\n" +
		"<!-- end -->\n\nrest\n"
	for range 2 { // what is written stays
		got, err := generated(before, dir)
		if err != nil || got != want {
			t.Fatalf("%v\ngot\n%s\nwant\n%s", err, got, want)
		}
	}
	for _, wrong := range []string{
		"<!-- generated: options -->\n", "<!-- generated: nothing -->\n<!-- end -->", "<!-- generated: options YOptions -->\n<!-- end -->",
		"<!-- generated: stores sizes -->\n<!-- end -->",
	} {
		if text, err := generated(wrong, dir); err == nil {
			t.Errorf("%q became %q", wrong, text)
		}
	}
}

func TestOptionsInURLs(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"options.go": "package x\n\ntype Options struct {\n\t// A.\n\tClientCacheTTL int\n\n\t// B.\n\tV1Keys bool\n\n\tTLSName string\n\n\tOther bool\n}\n",
		"url.go":     "package x\n\nvar known = []string{\"client_cache_ttl\", `v1_keys`, \"tls_name\"}\n",
		"other.go":   "package x\n\nconst other = \"other\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const want = "| `Options` | in a URL | type | meaning |\n|---|---|---|---|\n" +
		"| `ClientCacheTTL` | `client_cache_ttl` | `int` | A. |\n" +
		"| `V1Keys` | `v1_keys` | `bool` | B. |\n" +
		"| `TLSName` | `tls_name` | `string` |  |\n" +
		"| `Other` |  | `bool` |  |\n\n"
	if got, err := optionTables(dir, nil); err != nil || got != want {
		t.Errorf("%v\ngot\n%s\nwant\n%s", err, got, want)
	}
}

func TestSuiteResults(t *testing.T) {
	const events = `{"Action":"attr","Package":"kv/a","Test":"TestA","Key":"backend","Value":"redis"}
{"Action":"attr","Package":"kv/a","Test":"TestA","Key":"server","Value":"redis 7"}
{"Action":"attr","Package":"kv/a","Test":"TestA/one","Key":"storetest-capabilities","Value":"keys, destroy collection"}
{"Action":"attr","Package":"kv/a","Test":"TestA/one","Key":"storetest-max-key","Value":"1024"}
{"Action":"attr","Package":"kv/a","Test":"TestA/one","Key":"storetest-time-step","Value":"1ms"}
{"Action":"attr","Package":"kv/b","Test":"TestOfNoBackend","Key":"storetest-capabilities","Value":"none"}
`
	read := func(events string) (results, error) {
		r := newReporter(new(strings.Builder))
		if err := r.read(strings.NewReader(events)); err != nil {
			t.Fatal(err)
		}
		return suiteResults(r.servers.attributes, r.servers.above)
	}
	found, err := read(events)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	redis := found["redis"]
	if strings.Join(redis.Capabilities, ";") != "keys;destroy collection" || redis.MaxKey != 1024 || redis.TimeStep != "1ms" || redis.Servers[0] != "redis 7" {
		t.Errorf("found %+v", redis)
	}
	// The same store on another server is fine, another store is not.
	second := strings.ReplaceAll(strings.ReplaceAll(events, "TestA", "TestB"), "redis 7", "redis 8")
	if found, err = read(events + second); err != nil || len(found["redis"].Servers) != 2 {
		t.Errorf("two servers: %+v, %v", found["redis"], err)
	}
	if _, err = read(events + strings.ReplaceAll(second, "1024", "1025")); err == nil {
		t.Error("two limits of one store are no error")
	}
	if table := limitTable(found); !strings.Contains(table, "| redis | 1 KiB | – | – | 1ms | text | redis 7, redis 8 |") {
		t.Errorf("limits:\n%s", table)
	}
}
