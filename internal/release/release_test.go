package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/internal/modules"
	"github.com/go-keyvalue/keyvalue/internal/publish"
)

// throwAway is a repository with the files of this one, in one commit.
func throwAway(t *testing.T) repository {
	t.Helper()
	r := repository{dir: t.TempDir(), today: time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)}
	root := filepath.Join("..", "..")
	names, err := modules.Run(root, nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(names, "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // removed, and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		r.put(t, name, string(text))
	}
	r.must(t, "init", "--quiet", "--initial-branch=main")
	r.must(t, "config", "user.name", "A Maintainer")
	r.must(t, "config", "user.email", "maintainer@example.org")
	r.commit(t)
	return r
}

func (r repository) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := r.git(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (r repository) commit(t *testing.T) {
	t.Helper()
	r.must(t, "add", "--all")
	r.must(t, "commit", "--quiet", "--message", "a change")
}

func (r repository) put(t *testing.T, name, text string) {
	t.Helper()
	full := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (r repository) text(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// edit replaces the first occurrence of a text in a file.
func (r repository) edit(t *testing.T, name, old, new string) {
	t.Helper()
	text := r.text(t, name)
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", name, old)
	}
	r.put(t, name, strings.Replace(text, old, new, 1))
}

// releaseAll releases stage after stage, and makes the tags that it is told
// to, until there is nothing left. It returns the tags of each stage.
func (r repository) releaseAll(t *testing.T) [][]string {
	t.Helper()
	var stages [][]string
	for range 10 {
		var out strings.Builder
		if err := r.release(true, &out); err != nil {
			t.Fatal(err)
		}
		var tags []string
		for line := range strings.Lines(out.String()) {
			if _, rest, ok := strings.Cut(line, "git tag -a "); ok {
				tag, _, _ := strings.Cut(rest, " ")
				r.must(t, "tag", "-a", tag, "-m", tag)
				tags = append(tags, tag)
			}
		}
		if len(tags) == 0 {
			return stages
		}
		stages = append(stages, tags)
	}
	t.Fatal("stages without end")
	return nil
}

// Two releases in a row: everything for the first time, and then a few changes
// of different weight.
func TestRehearsal(t *testing.T) {
	if testing.Short() {
		t.Skip("it releases every module twice")
	}
	t.Setenv("GOFLAGS", "") // those of who runs the tests are not for the go command of a release
	r := throwAway(t)

	stages := r.releaseAll(t)
	tree, err := modules.Find(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := modules.Sets(tree)
	if err != nil {
		t.Fatal(err)
	}
	if len(stages) != len(sets) {
		t.Fatalf("%d stages, want one for each set: %v", len(stages), stages)
	}
	for i, set := range sets {
		var want []string
		for _, dir := range set.Modules {
			want = append(want, dir+"/v0.1.0")
		}
		if !slices.Equal(stages[i], want) {
			t.Errorf("stage %d is %v, want %v", i, stages[i], want)
		}
	}
	changelog := r.text(t, "CHANGELOG.md")
	for _, want := range []string{"## core v0.1.0, 2027-01-02\n", "## redis v0.1.0, 2027-01-02\n"} {
		if !strings.Contains(changelog, want) {
			t.Errorf("no %q in the changelog", want)
		}
	}

	// core adds something that memory uses, without a change of its own API;
	// redis takes something away; valkey changes in its tests alone.
	r.put(t, "core/added.go", "package core\n\n// Added is new.\nconst Added = 1\n")
	r.put(t, "memory/uses.go", "package memory\n\nimport \"github.com/go-keyvalue/keyvalue/core\"\n\nconst uses = core.Added\n")
	r.edit(t, "redis/doc.go", "package redis", "package redis // changed")
	r.edit(t, "redis/options.go", "\ntype Options struct {\n", "\ntype Options struct {\n\tAdded int // new\n")
	r.put(t, "valkey/more_test.go", "package valkey_test\n")
	r.commit(t)
	r.edit(t, "CHANGELOG.md", "## [Unreleased]\n", "## [Unreleased]\n\n### core\n\n#### Added\n\n- Added.\n\n### memory\n\n- Faster.\n\n### redis\n\n- More.\n")
	r.commit(t)
	stages = r.releaseAll(t)
	want := [][]string{{"core/v0.2.0"}, {"memory/v0.1.1"}, {"redis/v0.2.0"}}
	if !slices.EqualFunc(stages, want, slices.Equal) {
		t.Fatalf("second release: %v, want %v", stages, want)
	}
	if text := r.text(t, "memory/go.mod"); !strings.Contains(text, "keyvalue/core v0.2.0") {
		t.Errorf("memory does not require the core that it uses:\n%s", text)
	}
	if text := r.text(t, "valkey/go.mod"); !strings.Contains(text, "keyvalue/core v0.1.0") {
		t.Errorf("valkey was touched without need:\n%s", text)
	}
	r.proveTags(t, "memory", "v0.1.1", "core", "v0.2.0", "v0.1.0")

	r.edit(t, "CHANGELOG.md", "- Faster.", "- Much faster.")
	r.commit(t)
	const edited = "CHANGELOG.md says something else of memory/v0.1.1 than it did when that was tagged"
	if err := r.release(false, io.Discard); err == nil || err.Error() != edited {
		t.Errorf("after an edit of history: %v", err)
	}
}

// proveTags publishes tags in a module proxy, and gets the module from there.
// An older core would not do.
func (r repository) proveTags(t *testing.T, dir, version, core, newest, older string) {
	t.Helper()
	proxy := publish.Proxy{Dir: t.TempDir()}
	for _, tag := range [][2]string{{core, older}, {core, newest}, {dir, version}} {
		worktree := filepath.Join(t.TempDir(), "tag")
		r.must(t, "worktree", "add", "--detach", worktree, tag[0]+"/"+tag[1])
		if err := proxy.Publish(worktree, tag[0], "github.com/go-keyvalue/keyvalue/"+tag[0], tag[1]); err != nil {
			t.Fatal(err)
		}
	}
	scratch := repository{dir: t.TempDir()}
	scratch.put(t, "main.go", "package main\n\nimport _ \"github.com/go-keyvalue/keyvalue/"+dir+"\"\n\nfunc main() {}\n")
	cache := t.TempDir()
	environment := []string{
		"GOWORK=off", "GOPROXY=" + proxy.URL(), "GONOSUMDB=*", "GOMODCACHE=" + cache, "GOFLAGS=-modcacherw",
	}
	for _, args := range [][]string{
		{"mod", "init", "example.org/scratch"}, {"get", "github.com/go-keyvalue/keyvalue/" + dir + "@" + version}, {"build", "-o", os.DevNull, "."},
	} {
		if _, err := modules.Run(scratch.dir, environment, "go", args...); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDirtyTree(t *testing.T) {
	r := repository{dir: t.TempDir()}
	r.must(t, "init", "--quiet")
	r.put(t, "file", "text")
	for _, write := range []bool{false, true} {
		if err := r.release(write, io.Discard); err == nil || !strings.Contains(err.Error(), "not committed") {
			t.Errorf("release(%v) of a dirty tree: %v", write, err)
		}
	}
}

func TestNextVersion(t *testing.T) {
	added, broken := api{adds: true}, api{breaks: true, text: "X: removed"}
	for _, test := range []struct {
		last string
		api  api
		want string
	}{
		{"v0.1.0", api{}, "v0.1.1"},
		{"v0.1.9", added, "v0.2.0"},
		{"v0.1.0", broken, "v0.2.0"},
		{"v1.2.3", api{}, "v1.2.4"},
		{"v1.2.3", added, "v1.3.0"},
		{"v1.2.3", broken, ""},
		{"v1.2.3-rc.1", api{}, ""},
	} {
		got, err := nextVersion(test.last, test.api)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("nextVersion(%q, %+v) is %q, %v, want %q", test.last, test.api, got, err, test.want)
		}
	}
}

func TestReleaseNotes(t *testing.T) {
	const text = "# Changelog\n\n## [Unreleased]\n\n### core\n\n#### Added\n\n- A.\n\n### redis\n\n- B.\n\n## core v0.1.0, 2026-01-01\n\n- Old.\n"
	day := time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)
	stage := []release{{module: modules.Module{Dir: "core"}, next: "v0.2.0"}}
	const want = "# Changelog\n\n## [Unreleased]\n\n### redis\n\n- B.\n\n## core v0.2.0, 2027-01-02\n\n### Added\n\n- A.\n\n## core v0.1.0, 2026-01-01\n\n- Old.\n"
	got, err := releaseNotes(text, stage, day)
	if err != nil || got != want {
		t.Errorf("got %v:\n%s\nwant:\n%s", err, got, want)
	}
	if _, err := releaseNotes(want, stage, day); err == nil || !strings.Contains(err.Error(), "says nothing of core") {
		t.Errorf("a release without notes: %v", err)
	}
}
