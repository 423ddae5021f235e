package managed

import (
	"encoding/json"

	"github.com/go-keyvalue/keyvalue/core/internal/jsonscan"
)

// Members calls visit for each member of a JSON object, in their order: with
// the name, whose escapes are resolved, and the value as it stands there. Of
// several members with one name the last counts, as everywhere in JSON. It is
// for those who keep envelopes of their own in values.
//
// Both are parts of the object, but for names with escapes; a name is not valid
// UTF-8 where it escapes a lone surrogate. An object that is
// not valid JSON gives an error that matches core.ErrCorrupt, after some of its
// members may have been visited.
func Members(object []byte, visit func(name []byte, value json.RawMessage)) error {
	_, err := walk(object, func(name []byte, value part) {
		if jsonscan.Escaped(name) {
			name = jsonscan.AppendUnquoted(nil, name)
		}
		visit(name, object[value.start:value.end:value.end])
	})
	return err
}

// walk visits the members of the object that data is: each with the body of its
// name, and the place of its value. It returns where the object ends.
func walk(data []byte, visit func(name []byte, value part)) (end int, err error) {
	i := jsonscan.Space(data, 0)
	if i >= len(data) || data[i] != '{' {
		return 0, corrupt("expected a JSON object", i)
	}
	if i = jsonscan.Space(data, i+1); i >= len(data) || data[i] != '}' {
		for {
			nameEnd, start, err := jsonscan.Member(data, i)
			if err != nil {
				return 0, corruptSyntax(err)
			}
			// The object itself is the first level of nesting.
			end, err := jsonscan.Value(data, start, jsonscan.MaxDepth-1)
			if err != nil {
				return 0, corruptSyntax(err)
			}
			visit(data[i+1:nameEnd-1], part{start, end})
			i = jsonscan.Space(data, end)
			if i >= len(data) || data[i] != ',' {
				break
			}
			i = jsonscan.Space(data, i+1)
		}
		if i >= len(data) || data[i] != '}' {
			return 0, corrupt("expected ',' or '}' after a member", i)
		}
	}
	if end := jsonscan.Space(data, i+1); end < len(data) {
		return 0, corrupt("unexpected text after the JSON object", end)
	}
	return i, nil
}
