package jsonscan

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// document returns an object of about size bytes.
func document(size int, element string) []byte {
	var text strings.Builder
	text.WriteString(`{"rows":[`)
	for text.Len() < size {
		text.WriteString(element + ",")
	}
	return []byte(text.String() + `0]}`)
}

func BenchmarkObject(b *testing.B) {
	kinds := []struct{ name, element string }{
		{"strings", `{"name":"A somewhat longer piece of text as users write it","city":"Amsterdam"}`},
		{"numbers", `{"x":12345,"y":-0.125,"z":[1,2,3,4e5]}`},
		{"accents", `"Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich"`},
		{"chinese", `"天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"`},
	}
	for _, kind := range kinds {
		for _, size := range []int{100, 1 << 10, 64 << 10} {
			data := document(size, kind.element)
			b.Run(fmt.Sprintf("%s/%d", kind.name, size), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					if Object(data, 1000) != nil {
						b.Fatal("refused")
					}
				}
			})
		}
	}
}

func BenchmarkEncodingJSONValid(b *testing.B) {
	data := document(64<<10, `{"name":"A somewhat longer piece of text as users write it","city":"Amsterdam"}`)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if !json.Valid(data) {
			b.Fatal("refused")
		}
	}
}
