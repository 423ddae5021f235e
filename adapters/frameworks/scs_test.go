package frameworks

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/alexedwards/scs/v2"

	"github.com/go-keyvalue/keyvalue/adapters"
)

var (
	_ scs.Store            = (*adapters.SCSStore)(nil)
	_ scs.CtxStore         = (*adapters.SCSStore)(nil)
	_ scs.IterableStore    = (*adapters.SCSStore)(nil)
	_ scs.IterableCtxStore = (*adapters.SCSStore)(nil)
)

func TestSCS(t *testing.T) {
	storage := newBytes(t)
	sessions := scs.New()
	sessions.Store = storage.SCS(0)
	handler := sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := sessions.GetInt(r.Context(), "visits") + 1
		sessions.Put(r.Context(), "visits", n)
		fmt.Fprint(w, n)
	}))
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
