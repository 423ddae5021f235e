package frameworks

import (
	"bytes"
	"crypto/rand"
	"encoding/gob"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gorilla/sessions"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
)

// gorillaStore is a store for gorilla/sessions: its interface speaks of types
// of that module, so it takes a few lines that import it. They are here to be
// copied.
type gorillaStore struct {
	bytes  *adapters.Bytes
	maxAge time.Duration
}

var _ sessions.Store = (*gorillaStore)(nil)

func (g *gorillaStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(g, name)
}

func (g *gorillaStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(g, name)
	session.Options = &sessions.Options{
		Path: "/", MaxAge: int(g.maxAge.Seconds()), HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	}
	session.IsNew = true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil
	}
	data, err := g.bytes.Get(r.Context(), cookie.Value)
	if errors.Is(err, core.ErrNotFound) || errors.Is(err, core.ErrInvalidKey) {
		return session, nil
	}
	if err == nil {
		err = gob.NewDecoder(bytes.NewReader(data)).Decode(&session.Values)
	}
	if err != nil {
		return session, err
	}
	session.ID, session.IsNew = cookie.Value, false
	return session, nil
}

func (g *gorillaStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge <= 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		if session.ID == "" {
			return nil
		}
		_, err := g.bytes.Delete(r.Context(), session.ID)
		return err
	}
	if session.ID == "" {
		session.ID = rand.Text()
	}
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(session.Values); err != nil {
		return err
	}
	ttl := time.Duration(session.Options.MaxAge) * time.Second
	if err := g.bytes.Put(r.Context(), session.ID, data.Bytes(), ttl); err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), session.ID, session.Options))
	return nil
}

func TestGorilla(t *testing.T) {
	storage := newBytes(t)
	store := &gorillaStore{bytes: storage, maxAge: time.Hour}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, err := store.Get(r, "visitor")
		if err != nil {
			t.Error(err)
		}
		n := count(session.Values["visits"])
		session.Values["visits"] = n
		if err := session.Save(r, w); err != nil {
			t.Error(err)
		}
		fmt.Fprint(w, n)
	})
	got := visits(t, func(request *http.Request) *http.Response {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder.Result()
	})
	if got != "3" {
		t.Errorf("the third visit is %s", got)
	}
	wantStored(t, storage)
}
