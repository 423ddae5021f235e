package elasticsearch

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fake is a client that answers as it was told to, and keeps what it was asked.
type fake struct {
	mutex   sync.Mutex
	answers []fakeAnswer // the last one is given again and again
	asked   []string     // method, path and body
}

type fakeAnswer struct {
	status int
	body   string
	err    error
}

func (f *fake) Perform(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.asked = append(f.asked, request.Method+" "+request.URL.RequestURI()+" "+string(body))
	a := f.answers[0]
	if len(f.answers) > 1 {
		f.answers = f.answers[1:]
	}
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{StatusCode: a.status, Body: io.NopCloser(bytes.NewBufferString(a.body))}, nil
}

// ok are the answers to the setup of a store and of a collection.
var ok = []fakeAnswer{{status: 200, body: `{}`}, {status: 200, body: `{}`}}

// answering returns a store whose client answers so.
func answering(t *testing.T, answers ...fakeAnswer) (*Store, *fake) {
	t.Helper()
	f := &fake{answers: answers}
	store, err := New(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	return store, f
}

// writing is answering for a store that is set up before the first write.
func writing(t *testing.T, answers ...fakeAnswer) (*Store, *fake) {
	t.Helper()
	return answering(t, slices.Concat(ok, answers)...)
}

// sent returns the requests whose path ends so.
func (f *fake) sent(end string) []string {
	var found []string
	for _, r := range f.asked {
		_, rest, _ := strings.Cut(r, " ")
		path, _, _ := strings.Cut(rest, " ")
		path, _, _ = strings.Cut(path, "?")
		if strings.HasSuffix(path, end) {
			found = append(found, r)
		}
	}
	return found
}
