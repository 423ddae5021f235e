package mongodb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

// client returns a client that never reaches a server.
func client(t *testing.T) *mongo.Client {
	t.Helper()
	c, err := mongo.Connect(options.Client().ApplyURI("mongodb://127.0.0.1:1/"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Disconnect(context.WithoutCancel(t.Context())) })
	return c
}

func TestInvalidOptions(t *testing.T) {
	c := client(t)
	for name, o := range map[string]*Options{
		"database": {Database: "a.b"}, "NUL": {Database: "a\x00"}, "long database": {Database: strings.Repeat("d", 64)},
		"unacknowledged": {WriteConcern: writeconcern.Unacknowledged()},
	} {
		if s, err := New(c, o); s != nil || !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("New with %s = %v, %v; want ErrInvalidOptions", name, s, err)
		}
	}
	if s, err := New(nil, nil); s != nil || !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("New(nil) = %v, %v; want ErrInvalidOptions", s, err)
	}
	s, err := New(c, &Options{Database: strings.Repeat("d", 63), WriteConcern: writeconcern.Majority()})
	if err != nil || s.Client() != c {
		t.Errorf("New = %v", err)
	}
}

func TestURLs(t *testing.T) {
	for url, want := range map[string]Options{
		"mongodb://127.0.0.1:1":                                                {},
		"mongodb://a:1,b:2/":                                                   {},
		"mongodb://a/my-database?replicaSet=rs0&w=majority":                    {Database: "my-database"},
		"mongodb://user:p%40ss@a/db%2Dx?authSource=admin&no_create=true":       {Database: "db-x", NoCreate: true},
		"mongodb://a/?v1_collections=1&readPreference=secondary&maxPoolSize=5": {V1Collections: true},
		"mongodb+srv://u:p@host.invalid/db?srvMaxHosts=2":                      {Database: "db"},
		"mongodb://u:p@a/?authMechanism=SCRAM-SHA-256&tls=true":                {},
	} {
		_, o, err := splitURL(url)
		if err != nil || *o != want {
			t.Errorf("%s = %+v, %v; want %+v", url, o, err, want)
		}
	}
	s, err := Open(t.Context(), "mongodb://127.0.0.1:1/db?no_create=true&w=1")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.(*Store).Collection("").Database().Name(); got != "db" {
		t.Errorf("the database is %q", got)
	}
	for range 2 {
		if err := core.Close(s); err != nil {
			t.Errorf("Close = %v", err)
		}
	}
}

func TestIllegalURLs(t *testing.T) {
	for _, url := range []string{
		"", "redis://a", "mongodb:a", "mongodb://", "mongodb://a/b.c", "mongodb://a/%zz", "mongodb://a/?canary=1", "mongodb://a/?w=canary&",
		"mongodb://a/?maxPoolSize=canary", "mongodb://a/?no_create=canary", "mongodb://u:canary@@a/", "mongodb://a:canary/",
		"mongodb://a/?canary!=1", "mongodb+srv://u:canary@host.invalid/", "mongodb://a/?w=0&journal=true", "mongodb://a/?srvMaxHosts=1",
		"mongodb://u:12?canary@host", "mongodb://u:12?canary=x@host",
	} {
		s, err := Open(t.Context(), url)
		if s != nil || !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("Open(%q) = %v, %v; want ErrInvalidOptions", url, s, err)
			continue
		}
		if strings.Contains(strings.ReplaceAll(err.Error(), `unknown parameter "canary"`, ""), "canary") {
			t.Errorf("Open(%q) = %v, which repeats the URL", url, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, "mongodb://a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a context that is done = %v", err)
	}
}

func TestNames(t *testing.T) {
	scheme := newScheme(DefaultDatabase)
	for name, want := range map[string]string{
		"users": "users", "a b": "a b", "a::b": "a::b", "é😀": "é😀", "a.b": "a.b", "%41": "%41", "System": "System",
		strings.Repeat("n", 200): strings.Repeat("n", 200),
		"a$b":                    "~kv1~a%24b", ".a": "~kv1~%2ea", "a.": "~kv1~a%2e", "a..b": "~kv1~a%2e%2eb", "a\x00": "~kv1~a%00",
		"system.x": "~kv1~system%2ex", "a.system.b": "~kv1~a%2esystem%2eb", "~kv1~": "~kv1~%7ekv1%7e",
	} {
		if got := scheme.Encode(name); got != want {
			t.Errorf("%q is in %q, want %q", name, got, want)
		}
	}
	if got := scheme.Encode(strings.Repeat("n", 201)); !strings.HasPrefix(got, names.HashMarker) || len(got) > 100 {
		t.Errorf("a name of 201 bytes is in %q", got)
	}
	long := newScheme(strings.Repeat("d", maxDatabase))
	if got := long.Encode(strings.Repeat("n", 172)); !strings.HasPrefix(got, names.HashMarker) {
		t.Errorf("beside a database of 63 bytes a name of 172 is in %q", got)
	}
}

// No two collections are in one MongoDB collection, and each is one that
// MongoDB takes.
func FuzzNames(f *testing.F) {
	for _, seed := range [][2]string{{"a", "~kv1~a"}, {"a$", "~kv1~a%24"}, {".", ".."}, {"system.", "a.system.b"}, {"\x00", "%00"}} {
		f.Add(seed[0], seed[1])
	}
	scheme := newScheme(DefaultDatabase)
	f.Fuzz(func(t *testing.T, a, b string) {
		if core.CheckCollection(a) != nil || core.CheckCollection(b) != nil || a == "" || b == "" {
			return
		}
		x, y := scheme.Encode(a), scheme.Encode(b)
		if (x == y) != (a == b) {
			t.Fatalf("%q is in %q and %q in %q", a, x, b, y)
		}
		if strings.ContainsAny(x, "$\x00") || reserved(x) || x == "" || len(x)+1+len(DefaultDatabase) > maxNamespace {
			t.Fatalf("%q is in %q, which MongoDB does not take", a, x)
		}
		if name, ok := scheme.Decode(x); ok && name != a || !ok && !scheme.Hashed(x) {
			t.Fatalf("%q is in %q, which is that of %q, %t", a, x, name, ok)
		}
	})
}

// Nothing of what the server answers may be in the text of an error: it
// repeats commands, and what foreign indexes hold.
func TestFailuresAreDiscreet(t *testing.T) {
	details, err := bson.Marshal(bson.D{{Key: "consideredValue", Value: "canary"}})
	if err != nil {
		t.Fatal(err)
	}
	refused := mongo.WriteError{Code: 121, Message: "canary", Details: details}
	unsafe := &mongo.WriteConcernError{Code: 64, Name: "WriteConcernFailed", Message: "canary", Details: details}
	for _, err := range []error{
		mongo.CommandError{Code: 13, Name: "Unauthorized", Message: "not authorized to execute { canary }"},
		mongo.WriteException{WriteErrors: mongo.WriteErrors{refused}},
		mongo.WriteException{WriteConcernError: unsafe}, mongo.BulkWriteException{WriteConcernError: unsafe}, refused,
	} {
		got := failure(err)
		if got == nil || strings.Contains(got.Error(), "canary") || !strings.Contains(got.Error(), "code") {
			t.Errorf("%T becomes %v", err, got)
		}
		if wrapped := errors.Unwrap(got); wrapped == nil || !strings.Contains(fmt.Sprintf("%+v", wrapped), "canary") {
			t.Errorf("%T is not to be had from %v", err, got)
		}
	}
	for _, code := range []int{10334, 17419} {
		if err := failure(mongo.WriteError{Code: code}); !errors.Is(err, core.ErrTooLarge) {
			t.Errorf("code %d = %v, want ErrTooLarge", code, err)
		}
	}
	if err := failure(nil); err != nil {
		t.Errorf("no error becomes %v", err)
	}
}

func TestChunks(t *testing.T) {
	keys := make([]string, 2500)
	for i := range keys {
		keys[i] = fmt.Sprint(i)
	}
	keys[0] = strings.Repeat("k", MaxKey)
	broken := errors.New("broken")
	calls := 0
	err := chunks(keys, func(part []string) (driver.KeyErrors, error) {
		if calls++; calls == 2 {
			return nil, broken
		}
		return driver.KeyErrors{part[0]: broken}, nil
	})
	failed, ok := err.(driver.KeyErrors)
	if !ok || calls != 3 || len(failed) != 1002 || failed["1000"] == nil || failed["2000"] == nil || failed["999"] != nil {
		t.Errorf("%d requests, %d keys failed, %T", calls, len(failed), err)
	}
	if err := chunks(keys, func([]string) (driver.KeyErrors, error) { return nil, broken }); err != broken {
		t.Errorf("nothing worked: %v", err)
	}
	calls = 0
	large := []string{keys[0], keys[0] + "1", keys[0] + "2", keys[0] + "3", keys[0] + "4"}
	if err := chunks(large, func([]string) (driver.KeyErrors, error) { calls++; return nil, nil }); err != nil || calls != 2 {
		t.Errorf("%d requests for 1.25 MiB of keys, %v", calls, err)
	}
}

// A password that nobody escaped is in no error, whatever it is taken for.
func FuzzUnescapedPassword(f *testing.F) {
	storetest.FuzzPassword(f, "mongodb://user:", "@host/", func(_ *testing.T, url string) error {
		_, _, err := splitURL(url)
		return err
	})
}
