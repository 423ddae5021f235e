package storetest

import (
	"fmt"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// sampleValue is a value with a name for messages.
type sampleValue struct{ name, text string }

// plainValues are values that every store keeps.
var plainValues = []sampleValue{
	{"empty object", `{}`},
	{"null", `{"value":null,"list":[null],"nested":{"a":null}}`},
	{"the word null", `{"null":"null","value":"null"}`},
	{"booleans", `{"t":true,"f":false,"list":[true,false],"nested":{"a":true},"true":"true"}`},
	{"integers", `{"one":1,"negative":-42,"zero":0,"large":1000000000000000000,"list":[1,2,3]}`},
	{"the largest int64", `{"max":9223372036854775807,"min":-9223372036854775808}`},
	{"integers beyond a float64", `{"a":9007199254740993,"b":-9007199254740993}`},
	{"numbers as strings", `{"1":"1","1.0":"1.0","value":"12"}`},
	{"floats", `{"a":1.5,"b":12345678901.2345,"c":-0.25,"d":0.1,"e":123456789.123456789}`},
	{"strings", `{"a":"","b":"text","c":"Hello 世界 🌍 émojis","d":"line\nand\ttab"}`},
	{"strings like others", `{"uuid":"5f1b0c1e-0d5e-4c55-a1d6-0123456789ab","date":"2025-01-01T00:00:00Z","b64":"aGk="}`},
	{"escapes", `{"a":"\"\\\/\b\f\n\r\t\u0041\u00e9\u2028","\u0041\"":1}`},
	{"a pair of surrogates", `{"a":"\ud83d\ude00","b":"😀"}`},
	{"composed and decomposed", `{"é":"é","e\u0301":"e\u0301"}`},
	{"HTML", `{"a":"<b>&amp;'</b>"}`},
	{"order of members", `{"z":1,"a":{"y":1,"b":2},"m":[{"q":1,"c":2}],"A":3}`},
	{"white space around", " \n\t\r{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n"},
	{"empty containers", `{"a":[],"b":{},"c":[[],{}],"d":[{}]}`},
	{"arrays of one", `{"a":[1],"b":[[1]],"c":[null]}`},
	{"mixed array", `{"a":[1,"1",1.5,true,null,{"a":1},[1]]}`},
	{"1,000 integers", `{"a":[` + strings.TrimSuffix(strings.Repeat("12345,", 1000), ",") + `]}`},
	{"10,000 characters", `{"a":"` + strings.Repeat("x", 10_000) + `"}`},
	{"nested 60 deep", nested(60)},

	// What looks like an entry of ours or of a wrapper is data.
	{"an entry", `{"value":{"a":1},"version":1,"key":"k","collection":"c","created_at":"2020-01-01T00:00:00+00:00"}`},
	{"an expired entry", `{"value":{"a":1},"expires_at":"2020-01-01T00:00:00+00:00","version":1}`},
	{"an entry with a text", `{"value":"{\"a\":1}","version":1,"insert_id":"x"}`},
	{"a compressed value", `{"__compressed_data__":"H4sIAAAAAAAA/6tWSlSyMqwFAL4qDJcHAAAA","__compression_version__":1}`},
	{"an encrypted value", `{"__encrypted_data__":"Z0FBQUFBQm5kQUFB","__encryption_version__":1}`},
	{"a list in an object", `{"items":[1,2,3]}`},
	{"a document", `{"_id":"1","_source":{"a":1},"object":{"a":1},"flattened":{"a":1}}`},
	{"a marker of absence", `{"__null__":true,"missing":true,"deleted":true,"error":"not found"}`},
}

// textValues are values that a store of documents may refuse.
var textValues = []sampleValue{
	{"1 and 1.0", `{"a":1,"b":1.0,"c":[1.0,1],"d":-0,"e":-0.0,"f":1.50}`},
	{"exponents", `{"a":1e5,"b":1E5,"c":1e+5,"d":100000,"e":1.5e-7,"f":0e0}`},
	{"extreme floats", `{"a":1.7976931348623157e+308,"b":5e-324}`},
	{"numbers beyond a float64", `{"a":1e400,"b":-1e400,"c":1e-400}`},
	{"many digits", `{"a":3.14159265358979323846264338327950288,"b":0.1000000000000000000001}`},
	{"big integers", `{"a":9223372036854775808,"b":18446744073709551616,"c":1180591620717411303424,"d":` +
		strings.Repeat("9", 400) + `}`},
	{"operators of databases", `{"$date":1,"$oid":"5f1b0c1e0d5e4c55a1d60123","$set":{"a":1},"a":{"$gt":0},"$numberLong":"1"}`},
	{"dates of databases", `{"a":{"$date":"2020-01-01T00:00:00Z"},"b":{"$numberDecimal":"1.0"},"c":{"$binary":"AA=="}}`},
	{"names with dots", `{"a.b":1,"a":{"b.c":2},".":3,"..":4}`},
	{"names with dollars", `{"$":1,"$$":2,"a$":3,"$a":{"$b":4}}`},
	{"an empty name", `{"":1,"a":{"":{"":2}}}`},
	{"names that differ in case", `{"a":1,"A":2,"á":3,"Á":4}`},
	{"NUL", `{"a":"x\u0000y","b":"\u0000","c\u0000":1}`},
	{"control characters", `{"a":"\u0001\u001f\u007f\u0085","\u0001":1}`},
	{"noncharacters", `{"a":"\ufffe\uffff","b":"\ufdd0"}`},
	{"lone surrogates", `{"a":"\ud800","b":"x\udfffy","c":"\ude00\ud83d","\ud800":1,"\udbff":2}`},
	{"a long name", `{"` + strings.Repeat("n", 5000) + `":1}`},
	{"1,000 members", manyMembers(1000)},
	{"nested 100 deep", nested(100)},
	{"nested as deep as is legal", nested(core.MaxDepth)},
	{"arrays nested deep", `{"a":` + strings.Repeat("[", core.MaxDepth-1) + strings.Repeat("]", core.MaxDepth-1) + `}`},
}

// illegalValues are values that every store refuses. Each holds the word
// canary where it can, which must not appear in an error.
var illegalValues = []sampleValue{
	{"nothing", ``},
	{"white space", " \n"},
	{"null", `null`},
	{"a boolean", `true`},
	{"a number", `12`},
	{"a string", `"canary"`},
	{"a list", `["canary"]`},
	{"an object in a string", `"{\"canary\":1}"`},
	{"two objects", `{"canary":1}{"canary":2}`},
	{"text behind the object", `{"canary":1} canary`},
	{"NUL behind the object", "{\"canary\":1}\x00"},
	{"a comma behind the object", `{"canary":1},`},
	{"an object that does not end", `{"canary":1`},
	{"a string that does not end", `{"canary`},
	{"only a bracket", `{`},
	{"a trailing comma", `{"canary":1,}`},
	{"a trailing comma in a list", `{"canary":[1,]}`},
	{"no value", `{"canary":}`},
	{"no colon", `{"canary" 1}`},
	{"a name without quotes", `{canary:1}`},
	{"single quotes", `{'canary':1}`},
	{"a comment", `{"canary":1/*canary*/}`},
	{"NaN", `{"canary":NaN}`},
	{"Infinity", `{"canary":-Infinity}`},
	{"undefined", `{"canary":undefined}`},
	{"a hexadecimal number", `{"canary":0x10}`},
	{"a leading zero", `{"canary":01}`},
	{"a plus sign", `{"canary":+1}`},
	{"a number without digits", `{"canary":1.}`},
	{"a number that begins with a dot", `{"canary":.5}`},
	{"an empty exponent", `{"canary":1e}`},
	{"a control character in a string", "{\"canary\":\"a\nb\"}"},
	{"an unknown escape", `{"canary":"\x41"}`},
	{"half an escape", `{"canary":"\u00"}`},
	{"a byte order mark", "\ufeff{\"canary\":1}"},
	{"invalid UTF-8", "{\"canary\":\"\xff\"}"},
	{"invalid UTF-8 in a name", "{\"canary\xc3\":1}"},
	{"a surrogate in UTF-8", "{\"canary\":\"\xed\xa0\x80\"}"},
	{"UTF-16", "\xff\xfe{\x00}\x00"},
	{"brackets that do not match", `{"canary":[1}]`},
	{"nested too deep", nested(core.MaxDepth + 1)},
	{"lists nested too deep", `{"a":` + strings.Repeat("[", core.MaxDepth) + strings.Repeat("]", core.MaxDepth) + `}`},
	{"nested without end", strings.Repeat(`{"a":`, 20_000)},
}

// nested is an object that is nested that deep.
func nested(depth int) string {
	return strings.Repeat(`{"a":`, depth-1) + `{}` + strings.Repeat(`}`, depth-1)
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"m%d":%d`, i, i)
	}
	return "{" + b.String()[1:] + "}"
}

// sized is an object that takes that many bytes, of text that cannot be
// compressed to much less.
func sized(bytes int) string {
	const frame = `{"a":""}`
	var b strings.Builder
	state := uint32(1)
	for range bytes - len(frame) {
		state = state*1664525 + 1013904223
		b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"[state>>26])
	}
	return frame[:6] + b.String() + frame[6:]
}
