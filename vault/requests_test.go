package vault

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// The versions of a secret are limited when it is made, and not again.
func TestLimitVersions(t *testing.T) {
	for name, c := range map[string]struct {
		options *Options
		version string
		want    string
	}{
		"new":                  {nil, "1", `{"max_versions":1}`},
		"new, five":            {&Options{MaxVersions: 5}, "1", `{"max_versions":5}`},
		"new, as the engine":   {&Options{MaxVersions: -1}, "1", ""},
		"one that was there":   {nil, "2", ""},
		"one of many versions": {nil, "12345678901", ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t, func(r request) answer { return answer{200, `{"data":{"version":` + c.version + `}}`} })
			if err := server.store(c.options).Put(t.Context(), "c", "k", []byte(`{}`), 0); err != nil {
				t.Fatal(err)
			}
			var limited string
			for _, r := range server.sent() {
				if strings.HasPrefix(r.path, "/v1/secret/metadata/") {
					limited = r.body
				}
			}
			if limited != c.want {
				t.Errorf("sent %q, want %q", limited, c.want)
			}
		})
	}
}

// Where the limit cannot be set the error says that the entry is there.
func TestLimitVersionsFails(t *testing.T) {
	server := newServer(t, func(r request) answer {
		if strings.Contains(r.path, "/metadata/") {
			return answer{403, `{"errors":["permission denied"]}`}
		}
		return answer{200, `{"data":{"version":1}}`}
	})
	err := server.store(nil).Put(t.Context(), "c", "k", []byte(`{}`), 0)
	if err == nil || !strings.Contains(err.Error(), "the entry is written") || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("Put = %v", err)
	}
}

// An engine that takes no write without a version is told the current one.
func TestRequiredVersion(t *testing.T) {
	server := newServer(t, func(r request) answer {
		var body struct{ Options struct{ CAS *int } }
		if r.method == http.MethodPost {
			if err := json.Unmarshal([]byte(r.body), &body); err != nil {
				t.Error(err)
			}
			switch cas := body.Options.CAS; {
			case cas == nil:
				return answer{400, `{"errors":["check-and-set parameter required for this call"]}`}
			case *cas != 7:
				return answer{400, `{"errors":["check-and-set parameter did not match the current version"]}`}
			}
			return answer{200, `{"data":{"version":8}}`}
		}
		return answer{404, `{"data":{"data":null,"metadata":{"version":7,"deletion_time":"2026-01-01T00:00:00Z"}}}`}
	})
	if err := server.store(nil).Put(t.Context(), "c", "k", []byte(`{}`), 0); err != nil {
		t.Error(err)
	}
}

// A sealed server behind a client that repeats: the repetitions are the client's,
// and its last word is the error. An Insert that the first attempt has made is true.
func TestRepeatedInsert(t *testing.T) {
	var stored string
	server := newServer(t, func(r request) answer {
		if r.method == http.MethodPost && strings.Contains(r.path, "/data/") {
			if stored != "" {
				return answer{400, `{"errors":["check-and-set parameter did not match the current version"]}`}
			}
			var body struct{ Data struct{ Value string } }
			if err := json.Unmarshal([]byte(r.body), &body); err != nil {
				t.Error(err)
			}
			stored = body.Data.Value
			return answer{502, `<html>the reply got lost</html>`}
		}
		if r.method == http.MethodPost {
			return answer{status: 204}
		}
		return answer{200, `{"data":{"data":` + toJSON(t, map[string]string{"value": stored}) + `,"metadata":{"version":1}}}`}
	})
	t.Setenv("VAULT_TOKEN", testToken)
	store, err := Open(t.Context(), "vault+http://"+strings.TrimPrefix(server.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close(store)
	if inserted, err := core.Insert(t.Context(), store, "c", "k", []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert that was repeated = %v, %v; want true", inserted, err)
	}
	if !slices.ContainsFunc(server.sent(), func(r request) bool { return r.body == `{"max_versions":1}` }) {
		t.Error("its versions are not limited")
	}
	if inserted, err := core.Insert(t.Context(), store, "c", "k", []byte(`{"n":2}`), core.NoTTL); inserted || err != nil {
		t.Errorf("Insert over it = %v, %v; want false", inserted, err)
	}
}

// What is left of a secret is destroyed only if nobody could bring it back.
func TestDestroyKeepsDeleted(t *testing.T) {
	old := managed.Append(nil, &driver.Record{Collection: "c", Key: "live", Entry: core.Entry{Value: []byte(`{}`), CreatedAt: time.Now()}})
	removed := map[string]bool{}
	server := newServer(t, func(r request) answer {
		_, name, _ := strings.Cut(r.path, "::")
		switch {
		case strings.Contains(r.query, "list=true"):
			return answer{200, `{"data":{"keys":["c::live","c::soft","c::hard","c::noted","c::older","c::foreign","folder/","x"]}}`}
		case r.method == http.MethodDelete:
			removed[name] = true
			return answer{status: 204}
		case strings.Contains(r.path, "/metadata/") && name == "hard":
			return answer{200, `{"data":{"current_version":2,"versions":{"2":{"deletion_time":"","destroyed":true}}}}`}
		case strings.Contains(r.path, "/metadata/") && name == "noted":
			return answer{200, `{"data":{"current_version":1,"custom_metadata":{"owner":"ada"},"versions":{"1":{"destroyed":true}}}}`}
		case strings.Contains(r.path, "/metadata/") && name == "older":
			return answer{200, `{"data":{"current_version":2,"versions":{"1":{"deletion_time":"","destroyed":false},"2":{"destroyed":true}}}}`}
		case name == "live":
			return answer{200, `{"data":{"data":` + toJSON(t, map[string]string{"value": string(old)}) + `,"metadata":{"version":1}}}`}
		case name == "foreign":
			return answer{200, `{"data":{"data":{"user":"ada"},"metadata":{"version":1}}}`}
		case name == "soft":
			return answer{404, `{"data":{"data":null,"metadata":{"version":2,"deletion_time":"2026-01-01T00:00:00Z","destroyed":false}}}`}
		}
		return answer{404, `{"data":{"data":null,"metadata":{"version":2,"deletion_time":"","destroyed":true}}}`}
	})
	if err := server.store(&Options{Concurrency: 1}).Destroy(t.Context()); err != nil && !strings.Contains(err.Error(), "c::foreign") {
		t.Error(err)
	}
	if len(removed) != 2 || !removed["live"] || !removed["hard"] {
		t.Errorf("removed %v, want live and hard", removed)
	}
}
