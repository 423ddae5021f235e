package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

func TestLayoutErrors(t *testing.T) {
	const (
		core  = `{"Module":{"Path":"x.org/kv/core"},"Go":"1.25.0"}`
		redis = `{"Module":{"Path":"x.org/kv/redis"},"Require":[{"Path":"x.org/kv/core"}],
			"Replace":[{"Old":{"Path":"x.org/kv/core"},"New":{"Path":"../core"}}]}`
		work = `{"Use":[{"DiskPath":"./core"},{"DiskPath":"./redis"}]}`
	)
	tests := []struct {
		name, work, core, redis string
		want                    string // part of the error, empty for none
	}{
		{"sound", work, core, redis, ""},
		{"module not in go.work", `{"Use":[{"DiskPath":"./core"}]}`, core, redis, "no line for ./redis"},
		{"line without module", `{"Use":[{"DiskPath":"./core"},{"DiskPath":"./redis"},{"DiskPath":"./disk"}]}`, core, redis, "disk has no go.mod"},
		{"replace in go.work", `{"Use":[{"DiskPath":"core"},{"DiskPath":"redis"}],"Replace":[{}]}`, core, redis, "go.work: replace"},
		{"core requires", work, `{"Module":{"Path":"x.org/kv/core"},"Require":[{"Path":"y.org/z"}]}`, redis, "core requires nothing"},
		{"path of another directory", work, core, strings.Replace(redis, "kv/redis", "kv/valkey", 1), "does not end in the directory"},
		{"no replace", work, core, `{"Module":{"Path":"x.org/kv/redis"},"Require":[{"Path":"x.org/kv/core"}]}`, "not replaced"},
		{"replace by another directory", work, core, strings.Replace(redis, "../core", "../cores", 1), "not replaced"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var w modules.Workspace
			tree := []modules.Module{{Dir: "core"}, {Dir: "redis"}}
			for text, v := range map[string]any{test.work: &w, test.core: &tree[0], test.redis: &tree[1]} {
				if err := json.Unmarshal([]byte(text), v); err != nil {
					t.Fatal(err)
				}
			}
			err := layoutErrors(w, tree)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got error %v, want %q", err, test.want)
			}
		})
	}
}
