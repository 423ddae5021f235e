package frameworks

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	fiber2 "github.com/gofiber/fiber/v2"
	session2 "github.com/gofiber/fiber/v2/middleware/session"
	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/session"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/memory"
)

var (
	_ fiber2.Storage = (*adapters.FiberStorage)(nil)
	_ fiber.Storage  = (*adapters.FiberStorage)(nil)
)

func newBytes(t *testing.T) *adapters.Bytes {
	t.Helper()
	store, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	b, err := adapters.NewBytes(store, &adapters.BytesOptions{Collection: "sessions"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// visits makes three requests with the cookies of the answers and returns what
// the last one said.
func visits(t *testing.T, do func(*http.Request) *http.Response) string {
	t.Helper()
	var cookies []*http.Cookie
	var body []byte
	for range 3 {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		for _, cookie := range cookies {
			request.AddCookie(cookie)
		}
		response := do(request)
		if set := response.Cookies(); len(set) > 0 {
			cookies = set
		}
		var err error
		if body, err = io.ReadAll(response.Body); err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	if len(cookies) == 0 {
		t.Error("no session cookie")
	}
	return string(body)
}

// count is the number of visits after this one.
func count(seen any) int {
	n, _ := seen.(int)
	return n + 1
}

func TestFiber2(t *testing.T) {
	storage := newBytes(t)
	sessions := session2.New(session2.Config{Storage: storage.Fiber(0)})
	app := fiber2.New()
	app.Get("/", func(c *fiber2.Ctx) error {
		s, err := sessions.Get(c)
		if err != nil {
			return err
		}
		n := count(s.Get("visits"))
		s.Set("visits", n)
		if err := s.Save(); err != nil {
			return err
		}
		return c.JSON(n)
	})
	got := visits(t, func(request *http.Request) *http.Response {
		response, err := app.Test(request)
		if err != nil {
			t.Fatal(err)
		}
		return response
	})
	if got != "3" {
		t.Errorf("the third visit is %s", got)
	}
	wantStored(t, storage)
	response, err := app.Test(hostile())
	wantFirstVisit(t, response, err)
}

func TestFiber3(t *testing.T) {
	storage := newBytes(t)
	app := fiber.New()
	app.Use(session.New(session.Config{Storage: storage.Fiber(0)}))
	app.Get("/", func(c fiber.Ctx) error {
		s := session.FromContext(c)
		n := count(s.Get("visits"))
		s.Set("visits", n)
		return c.JSON(n)
	})
	got := visits(t, func(request *http.Request) *http.Response {
		response, err := app.Test(request)
		if err != nil {
			t.Fatal(err)
		}
		return response
	})
	if got != "3" {
		t.Errorf("the third visit is %s", got)
	}
	wantStored(t, storage)
	response, err := app.Test(hostile())
	wantFirstVisit(t, response, err)
}

// A cookie that no store takes for a key is no session, and no breakdown.
func hostile() *http.Request {
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set("Cookie", "session_id=\xff\xfe")
	return request
}

func wantFirstVisit(t *testing.T, response *http.Response, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK || string(body) != "1" || err != nil {
		t.Errorf("a hostile cookie: %d %s, %v", response.StatusCode, body, err)
	}
}

// wantStored wants one session in the store.
func wantStored(t *testing.T, b *adapters.Bytes) {
	t.Helper()
	n := 0
	for _, err := range b.Keys(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d sessions are stored, want 1", n)
	}
}
