package keyring_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"testing"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// What the Python library makes of an item.
type pythonAnswer struct {
	Value map[string]any `json:"value"` // nil: a miss
	Raw   bool           `json:"raw"`   // Python's keyring finds an item of that name
}

// askPython puts or gets an entry with the Python library.
func askPython(t *testing.T, environment []string, kind, op, service, key string) pythonAnswer {
	t.Helper()
	path, err := exec.LookPath(os.Getenv("KEYVALUE_TEST_PYTHON"))
	if err != nil {
		servers.Missing(t, "python", "KEYVALUE_TEST_PYTHON names no Python with py-key-value-aio[keyring] and keyring-pass")
	}
	command := exec.Command(path, "testdata/python.py", kind, op, service, "c", key)
	command.Env = append(os.Environ(), environment...)
	text, err := command.Output()
	if err != nil {
		if exit, ok := err.(*exec.ExitError); ok {
			t.Fatalf("%v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var answer pythonAnswer
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return answer
}

// On the Secret Service, Go and Python do not see each other's entries, and do
// not hurt them: both use the same keyring, service and names, but other
// attributes.
func TestPythonSecretService(t *testing.T) {
	t.Parallel()
	needDesktop(t)
	const service = "keyvalue-python"
	store := open(t, &keyring.Config{Backends: []driver.BackendType{driver.SecretServiceBackend}, Service: service})
	if err := store.Put(t.Context(), "c", "go", []byte(`{"from":"Go"}`), 0); err != nil {
		t.Fatal(err)
	}
	if a := askPython(t, nil, "secret-service", "get", service, "go"); a.Value != nil || a.Raw {
		t.Errorf("Python reads what Go wrote: %+v; the table in the README says that it does not", a)
	}
	if a := askPython(t, nil, "secret-service", "put", service, "python"); a.Value["from"] != "Python" || !a.Raw {
		t.Fatalf("Python does not read what it wrote: %+v", a)
	}
	if _, err := store.Get(t.Context(), "c", "python"); err != core.ErrNotFound {
		t.Errorf("Get of what Python wrote = %v; the table in the README says that it is a miss", err)
	}
	if err := store.Destroy(t.Context()); err != nil {
		t.Error(err)
	}
	if a := askPython(t, nil, "secret-service", "get", service, "python"); a.Value["from"] != "Python" {
		t.Errorf("Destroy has removed what Python wrote: %+v", a)
	}
}

// On pass, with its backend of another maker and without that one's prefix,
// Python uses the same file, in which it wants the entry itself: each side sees
// the other's as damaged.
func TestPythonPass(t *testing.T) {
	t.Parallel()
	config := inPasswordStore(t)
	environment := []string{"PASSWORD_STORE_DIR=" + config.PassDir}
	store := open(t, config)
	if err := store.Put(t.Context(), "c", "go", []byte(`{"from":"Go"}`), 0); err != nil {
		t.Fatal(err)
	}
	if a := askPython(t, environment, "pass", "get", keyring.DefaultService, "go"); !a.Raw || a.Value["error"] != "DeserializationError" {
		t.Errorf("Python makes %+v of what Go wrote; the table in the README says that it finds it, and cannot decode it", a)
	}
	if a := askPython(t, environment, "pass", "put", keyring.DefaultService, "python"); a.Value["from"] != "Python" {
		t.Fatalf("Python does not read what it wrote: %+v", a)
	}
	if _, err := store.Get(t.Context(), "c", "python"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Get of what Python wrote = %v; the table in the README says ErrCorrupt", err)
	}
}
