package vault

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/vault-client-go"

	"github.com/go-keyvalue/keyvalue/core"
)

// hidden is a value that must not show in any error.
const hidden = `{"password":"hunter2"}`

// calls are one call of each method that speaks to the server.
var calls = map[string]func(ctx context.Context, s *Store) error{
	"Get": func(ctx context.Context, s *Store) error { _, err := s.Get(ctx, "c", "k"); return err },
	"Put": func(ctx context.Context, s *Store) error { return s.Put(ctx, "c", "k", []byte(hidden), 0) },
	"Delete": func(ctx context.Context, s *Store) error {
		_, err := s.Delete(ctx, "c", "k")
		return err
	},
	"Insert": func(ctx context.Context, s *Store) error {
		_, err := s.Insert(ctx, "c", "k", []byte(hidden), 0)
		return err
	},
	"GetMany": func(ctx context.Context, s *Store) error {
		_, err := s.GetMany(ctx, "c", []string{"k", "l"})
		return err
	},
	"Keys": func(ctx context.Context, s *Store) error {
		for _, err := range s.Keys(ctx, "c") {
			return err
		}
		return nil
	},
	"Collections": func(ctx context.Context, s *Store) error {
		for _, err := range s.Collections(ctx) {
			return err
		}
		return nil
	},
	"DestroyCollection": func(ctx context.Context, s *Store) error {
		_, err := s.DestroyCollection(ctx, "c")
		return err
	},
	"Destroy": func(ctx context.Context, s *Store) error { return s.Destroy(ctx) },
	"Cull":    func(ctx context.Context, s *Store) error { _, err := s.Cull(ctx); return err },
	"Ping":    func(ctx context.Context, s *Store) error { return s.Ping(ctx) },
}

// What is no answer of Vault's that there is nothing is an error of every call.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		answer answer
		want   string // in the error
	}{
		"forbidden":         {answer{403, `{"errors":["permission denied"]}`}, "permission denied"},
		"no engine":         {answer{404, `{"errors":["no handler for route \"secret/data/c::k\""]}`}, "no handler for route"},
		"page of a proxy":   {answer{404, `<html>hunter2 not found</html>`}, "404"},
		"JSON of a proxy":   {answer{404, `{"message":"hunter2"}`}, "404"},
		"null":              {answer{404, `null`}, "404"},
		"warning":           {answer{404, `{"request_id":"1","data":null,"warnings":["Invalid path for a versioned K/V secrets engine"]}`}, "404"},
		"nothing":           {answer{404, ``}, "404"},
		"sealed":            {answer{503, `{"errors":["Vault is sealed"]}`}, "Vault is sealed"},
		"internal error":    {answer{500, `{"errors":["internal error"]}`}, "internal error"},
		"too many requests": {answer{429, `{"errors":["request path rate limit quota exceeded"]}`}, "quota"},
		"half an answer":    {answer{200, `{"data":{"data":{"value":"hunter2`}, ""},
		"welcome page":      {answer{200, `<html>hunter2</html>`}, ""},
		"empty answer":      {answer{200, ``}, ""},
		"empty object":      {answer{200, `{}`}, ""},
		"redirect":          {answer{302, ``}, ""},
		"redirect to there": {answer{302, `elsewhere`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t, func(request) answer { return c.answer })
			server.bare = true
			store := server.store(nil)
			for method, call := range calls {
				err := call(t.Context(), store)
				var e *core.Error
				switch {
				case !errors.As(err, &e) || errors.Is(err, core.ErrNotFound) || errors.Is(err, core.ErrCorrupt):
					t.Errorf("%s = %v, want an error", method, err)
				case method != "Ping" && !strings.Contains(err.Error(), c.want):
					t.Errorf("%s = %v, which does not say %q", method, err, c.want)
				case holdsRequest(err):
					t.Errorf("%s = %v, which holds the request with the token", method, err)
				case strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), testToken):
					t.Errorf("%s = %v, which repeats a value or the token", method, err)
				}
			}
		})
	}
}

// holdsRequest reports whether an error of the driver's has the request that
// failed, and so the token.
func holdsRequest(err error) bool {
	var response *vault.ResponseError
	var redirect *vault.RedirectError
	return errors.As(err, &response) && response.OriginalRequest != nil ||
		errors.As(err, &redirect) && redirect.OriginalRequest != nil
}

// Only these are misses.
func TestMisses(t *testing.T) {
	for name, body := range map[string]string{
		"never there": `{"errors":[]}`,
		"deleted":     `{"data":{"data":null,"metadata":{"version":3,"deletion_time":"2026-01-01T00:00:00Z","destroyed":false}}}`,
		"destroyed":   `{"data":{"data":null,"metadata":{"version":3,"deletion_time":"","destroyed":true}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			store := newServer(t, func(request) answer { return answer{404, body} }).store(nil)
			if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
				t.Errorf("Get = %v, want a miss", err)
			}
			if live, err := store.Delete(t.Context(), "c", "k"); live || err != nil {
				t.Errorf("Delete = %v, %v; want false, nil", live, err)
			}
		})
	}
}

// What lies there and is no entry is corrupt.
func TestCorrupt(t *testing.T) {
	for name, data := range map[string]string{
		"other fields": `{"user":"ada","password":"hunter2"}`, "object": `{"value":{"password":"hunter2"}}`, "number": `{"value":1}`,
		"no entry": `{"value":"hunter2"}`, "empty": `{}`, "empty text": `{"value":""}`,
	} {
		t.Run(name, func(t *testing.T) {
			store := newServer(t, func(r request) answer {
				if r.method == http.MethodPost {
					return answer{400, `{"errors":["check-and-set parameter did not match the current version"]}`}
				}
				return answer{200, `{"data":{"data":` + data + `,"metadata":{"version":1}}}`}
			}).store(nil)
			for _, method := range []string{"Get", "Insert"} {
				if err := calls[method](t.Context(), store); !errors.Is(err, core.ErrCorrupt) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%s = %v, want ErrCorrupt without the value", method, err)
				}
			}
		})
	}
}

// An engine of version 1 is found out before the first write, and where the token
// may not ask, by its answers.
func TestVersion1(t *testing.T) {
	var mount answer
	server := newServer(t, func(r request) answer {
		switch {
		case strings.HasPrefix(r.path, mountPath):
			return mount
		case r.method == http.MethodPost:
			return answer{status: 204}
		}
		return answer{200, `{"data":{"data":{"value":"hunter2"}}}`}
	})
	server.bare = true
	for _, mount = range []answer{
		{200, `{"data":{"path":"secret/","type":"kv","options":{"version":"1"}}}`},
		{200, `{"data":{"path":"secret/","type":"kv","options":null}}`},
		{200, `{"data":{"path":"secret/","type":"transit","options":null}}`},
		{403, `{"errors":["preflight capability check returned 403"]}`},
	} {
		store := server.store(nil)
		for _, method := range []string{"Get", "Put", "Insert", "Delete"} {
			err := calls[method](t.Context(), store)
			if err == nil || !strings.Contains(err.Error(), "not KV version 2") {
				t.Errorf("%s = %v, want an error that tells of the version", method, err)
			}
			write := method == "Put" || method == "Insert"
			if told := errors.Is(err, core.ErrSetup); told != (write && mount.status == 200) {
				t.Errorf("%s = %v, which matches ErrSetup: %v", method, err, told)
			}
		}
		written := slices.ContainsFunc(server.sent(), func(r request) bool { return r.method == http.MethodPost })
		if mount.status == 200 && written {
			t.Error("it was written to nevertheless")
		}
	}
	mount = answer{200, `{"data":{"path":"team/","type":"kv","options":{"version":"2"}}}`}
	if err := calls["Put"](t.Context(), server.store(&Options{Mount: "team/kv"})); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Put to what is a part of an engine = %v, want ErrSetup", err)
	}
}

// What the server finds too large is told from other failures.
func TestTooLarge(t *testing.T) {
	for name, said := range map[string]answer{
		"request":       {413, `{"errors":["http: request body too large"]}`},
		"proxy":         {413, `<html>hunter2</html>`},
		"storage":       {500, `{"errors":["put failed due to value being too large; got 2 bytes, max: 1 bytes"]}`},
		"Consul's text": {500, `{"errors":["Value exceeds max size"]}`},
	} {
		store := newServer(t, func(request) answer { return said }).store(nil)
		for _, method := range []string{"Put", "Insert"} {
			if err := calls[method](t.Context(), store); !errors.Is(err, core.ErrTooLarge) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s, %s = %v, want ErrTooLarge", method, name, err)
			}
		}
	}
	server := newServer(t, func(request) answer { return answer{200, `{}`} })
	store := server.store(&Options{MaxValue: 10})
	if err := store.Put(t.Context(), "c", "k", []byte(`{"a":"1234567"}`), core.NoTTL); !errors.Is(err, core.ErrTooLarge) || len(server.sent()) > 0 {
		t.Errorf("Put of more than MaxValue = %v, want ErrTooLarge and no request", err)
	}
}

func TestPing(t *testing.T) {
	for body, want := range map[string]string{
		`{"initialized":true,"sealed":false}`:                "",
		`{"initialized":true,"sealed":false,"standby":true}`: "",
		`{"initialized":true,"sealed":true}`:                 "sealed",
		`{"initialized":false,"sealed":true}`:                "not initialized",
		`{"status":"ok"}`:                                    "does not tell its health",
		`<html>welcome</html>`:                               "does not tell its health",
		``:                                                   "does not tell its health",
		`{"initialized":true,"sealed":"hunter2","x":"hunter2`: "does not tell its health",
	} {
		store := newServer(t, func(request) answer { return answer{200, body} }).store(nil)
		err := store.Ping(t.Context())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("Ping of %s = %v, want %q", body, err, want)
		}
	}
}
