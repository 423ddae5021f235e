package quote

import "testing"

func TestName(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit int
		want  string
	}{
		{"", 4, `""`},
		{"a\nb\xff", 4, `"a\nb\xff"`},
		{"abcde", 5, `"abcde"`},
		{"abcdef", 5, `"abcde"… (6 bytes)`},
		{"abcdéf", 5, `"abcd"… (7 bytes)`},
		{"\x80\x80\x80", 2, `""… (3 bytes)`},
	} {
		if got := Name(c.name, c.limit); got != c.want {
			t.Errorf("Name(%q, %d) = %s, want %s", c.name, c.limit, got, c.want)
		}
	}
}

func TestCut(t *testing.T) {
	for limit, want := range []string{"", "a", "a", "aé", "aéb", "aéb"} {
		if got := Cut("aéb", limit); got != want {
			t.Errorf("Cut to %d bytes = %q, want %q", limit, got, want)
		}
	}
}
