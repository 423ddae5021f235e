package elasticsearch

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// request is one request to a cluster. Names of indices are in its path, ids
// and all else of a user in its body, so that no proxy makes something else of
// a slash or two dots in a key, and no log of requests shows one.
type request struct {
	method string
	path   []string // its segments, not escaped
	query  url.Values
	body   []byte
	lines  bool // the body is one JSON text for each line

	// sent, if set, notes how often it was sent.
	sent *sending
}

// sending notes how often requests were sent. The driver repeats one when a
// connection breaks, or where a proxy says that it has no answer.
type sending struct{ asked, begun atomic.Int64 }

// repeated reports whether a request may have been sent more than once. A
// transport that does not tell may do so.
func (s *sending) repeated() bool { return s.begun.Load() != s.asked.Load() }

// answer is what the cluster has answered.
type answer struct {
	status int
	body   []byte
}

// The server is asked again after a pause where it says that it has too much to
// do. The pauses add up to some six seconds.
const (
	busyAttempts = 8
	firstPause   = 50 * time.Millisecond
)

// send sends a request and returns the answer, whatever its status is. It
// repeats a request that the server was too busy for.
func (b *backend) send(ctx context.Context, r *request) (*answer, error) {
	for attempt := 1; ; attempt++ {
		a, err := b.sendOnce(ctx, r)
		if err != nil || !isBusy(a.status) || attempt == busyAttempts {
			return a, err
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
}

// isBusy reports whether the status says that the server has not done what it
// was asked for, but may do it in a moment.
func isBusy(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// pause waits before the next attempt.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(firstPause << (attempt - 1))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (b *backend) sendOnce(ctx context.Context, r *request) (*answer, error) {
	if r.sent != nil {
		r.sent.asked.Add(1)
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GetConn: func(string) { r.sent.begun.Add(1) },
		})
	}
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	// The driver puts scheme and host before the path.
	target := url.URL{Path: "/" + strings.Join(r.path, "/"), RawQuery: r.query.Encode()}
	httpRequest, err := http.NewRequestWithContext(ctx, r.method, "/", body)
	if err != nil {
		return nil, err
	}
	httpRequest.URL = &target
	httpRequest.Header.Set("Accept", "application/json")
	switch {
	case r.lines:
		httpRequest.Header.Set("Content-Type", "application/x-ndjson")
	case r.body != nil:
		httpRequest.Header.Set("Content-Type", "application/json")
	}
	response, err := b.client.Perform(httpRequest)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	a := &answer{status: response.StatusCode}
	a.body, err = readAll(response)
	return a, err
}

// maxExpected is how much memory is set aside for an answer because a server
// says that it is so long.
const maxExpected = 64 << 20

// readAll reads an answer to its end, so that its connection can be used again.
func readAll(response *http.Response) ([]byte, error) {
	var buffer bytes.Buffer
	if n := response.ContentLength; n > 0 && n <= maxExpected {
		buffer.Grow(int(n) + bytes.MinRead)
	}
	_, err := buffer.ReadFrom(response.Body)
	return buffer.Bytes(), err
}

// call sends a request and decodes the answer into the target, unless that is
// nil. An answer that is not a success is an error.
func (b *backend) call(ctx context.Context, r *request, target any) error {
	a, err := b.send(ctx, r)
	if err != nil {
		return err
	}
	if err := a.failure(); err != nil {
		return err
	}
	if target == nil {
		return nil
	}
	return a.decode(target)
}

// decode takes the answer apart.
func (a *answer) decode(target any) error {
	if err := json.Unmarshal(a.body, target); err != nil {
		return errAnswer
	}
	return nil
}

// jsonBody returns the JSON text of a body that is known to have one.
func jsonBody(body any) []byte {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return text
}
