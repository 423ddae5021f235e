package storetest

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// documented are the numbered rules of the documentation of package core.
func documented(t *testing.T) map[int]string {
	text, err := os.ReadFile("../doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "// # Rules\n")
	section, _, _ = strings.Cut(section, "\n// # ")
	begin := regexp.MustCompile(`^//  (\d+)\. (.*)$`)
	link := regexp.MustCompile(`\[([\w.]+)\]`)
	found := make(map[int]string)
	current := 0
	for line := range strings.Lines(section) {
		line = strings.TrimSuffix(line, "\n")
		if m := begin.FindStringSubmatch(line); m != nil {
			current, _ = strconv.Atoi(m[1])
			found[current] = m[2]
		} else if more, ok := strings.CutPrefix(line, "//     "); ok && current > 0 {
			found[current] += " " + more
		} else {
			current = 0
		}
	}
	for n, rule := range found {
		found[n] = link.ReplaceAllString(rule, "$1")
	}
	return found
}

func TestRulesAreThoseOfTheDocumentation(t *testing.T) {
	want := documented(t)
	if len(want) != len(rules)-1 {
		t.Fatalf("package core documents %d rules, the suite has %d", len(want), len(rules)-1)
	}
	for n, rule := range want {
		if rules[n] != rule {
			t.Errorf("rule %d\n of the suite: %s\nof the package: %s", n, rules[n], rule)
		}
	}
}

func TestEveryRuleHasACase(t *testing.T) {
	tested := make(map[int]int)
	seen := make(map[string]bool)
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, c := range cases {
		if !name.MatchString(c.name) {
			t.Errorf("%q is not in lower case with dashes", c.name)
		}
		if seen[c.name] {
			t.Errorf("there are two cases %s", c.name)
		}
		seen[c.name] = true
		if len(c.rules) == 0 || !slices.IsSorted(c.rules) || len(slices.Compact(slices.Clone(c.rules))) != len(c.rules) {
			t.Errorf("%s has the rules %v; want one or more, in order, each once", c.name, c.rules)
		}
		for _, n := range c.rules {
			if n < 1 || n >= len(rules) {
				t.Fatalf("%s has rule %d, which is none", c.name, n)
			}
			tested[n]++
		}
	}
	for n := 1; n < len(rules); n++ {
		if tested[n] == 0 {
			t.Errorf("no case checks rule %d", n)
		}
	}
}

func TestEveryRuleIsBroken(t *testing.T) {
	broken := make(map[int]int)
	seen := make(map[string]bool)
	for _, b := range brokenStores {
		broken[b.rule]++
		if seen[b.name] {
			t.Errorf("there are two broken stores %q", b.name)
		}
		seen[b.name] = true
	}
	for n := 1; n < len(rules); n++ {
		if broken[n] < 2 {
			t.Errorf("%d broken stores break rule %d; want several", broken[n], n)
		}
	}
}

func TestEveryMethodIsCalled(t *testing.T) {
	for _, name := range []string{
		"Get", "GetAppend", "GetMany", "Put", "PutMany", "Delete", "DeleteMany", "Insert", "Keys", "Collections",
		"DestroyCollection", "Destroy", "Cull", "Setup", "Ping",
	} {
		if methodNamed(name).name != name {
			t.Errorf("%s is not in the table of methods", name)
		}
	}
}
