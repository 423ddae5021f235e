package jsonscan

// MaxDepth is the deepest nesting that can be asked for. It is the limit of
// package encoding/json. An object or array that holds nothing nested has
// depth 1.
const MaxDepth = 10000

// Object returns nil if data is exactly one JSON object, with or without white
// space around it, nested at most maxDepth deep. A maxDepth above [MaxDepth]
// counts as MaxDepth. The error is a [*SyntaxError].
func Object(data []byte, maxDepth int) error {
	i := Space(data, 0)
	if i >= len(data) || data[i] != '{' {
		return &SyntaxError{Offset: i, reason: at(data, i, notObject)}
	}
	i, err := Value(data, i, maxDepth)
	if err != nil {
		return err
	}
	if i = Space(data, i); i < len(data) {
		return &SyntaxError{Offset: i, reason: trailing}
	}
	return nil
}

// Value scans the one value that begins at data[i], with no space before it,
// and returns the offset behind it. What follows is not looked at. A maxDepth
// above [MaxDepth] counts as MaxDepth. The error is a [*SyntaxError].
func Value(data []byte, i, maxDepth int) (end int, err error) {
	maxDepth = min(maxDepth, MaxDepth)
	end, why := scan(data, i, min(maxDepth, wordSize), nil)
	if why == tooDeep && maxDepth > wordSize {
		end, why = scanDeep(data, i, maxDepth)
	}
	return result(end, why)
}

// Space returns the offset of the first byte at or after i that is not JSON
// white space, or len(data).
func Space(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
}

// Member scans the name that begins at data[i], with no space before it, the
// colon, and the space on both sides of it. It returns the offset behind the
// name's closing quote and the offset at which the member's value begins.
// The error is a [*SyntaxError].
func Member(data []byte, i int) (nameEnd, value int, err error) {
	nameEnd, value, why := member(data, i)
	if why != fine {
		return 0, 0, &SyntaxError{Offset: value, reason: why}
	}
	return nameEnd, value, nil
}

// String scans the string whose opening quote is data[i] and returns the
// offset behind its closing quote. The error is a [*SyntaxError].
func String(data []byte, i int) (end int, err error) {
	if i >= len(data) || data[i] != '"' {
		return result(i, at(data, i, notValue))
	}
	return result(scanString(data, i+1))
}

const (
	wordSize = 64
	words    = (MaxDepth + wordSize - 1) / wordSize
)

// scanDeep scans again what was deeper than one word of bits. It is a function
// of its own because clearing the bits of ten thousand levels would cost every
// small document more than scanning it.
//
//go:noinline
func scanDeep(data []byte, i, maxDepth int) (int, reason) {
	var spill [words]uint64
	return scan(data, i, maxDepth, spill[:])
}

// scan scans one value. The kinds of the open brackets are the bits of a
// stack, 1 for an object: the innermost 64 in a variable, the others in spill.
func scan(data []byte, i, maxDepth int, spill []uint64) (int, reason) {
	depth := 0
	kinds := uint64(0)
	var why reason
	for {
		// A value begins at i.
		if i >= len(data) {
			return i, unexpectedEnd
		}
		switch c := data[i]; c {
		case '"':
			if i, why = scanString(data, i+1); why != fine {
				return i, why
			}
		case '{', '[':
			if depth == maxDepth {
				return i, tooDeep
			}
			if depth%wordSize == 0 && depth > 0 {
				spill[depth/wordSize-1] = kinds
			}
			depth++
			kinds = kinds<<1 | uint64(c>>5&1) // '{' is 0x7B, '[' is 0x5B
			if i++; i < len(data) && data[i] <= ' ' {
				i = Space(data, i)
			}
			if i < len(data) && data[i] == c+2 {
				// Empty: the loop below sees the closing bracket.
				break
			}
			if c == '{' {
				if _, i, why = member(data, i); why != fine {
					return i, why
				}
			}
			continue
		case 't':
			if i, why = literal(data, i, "true"); why != fine {
				return i, why
			}
		case 'f':
			if i, why = literal(data, i, "false"); why != fine {
				return i, why
			}
		case 'n':
			if i, why = literal(data, i, "null"); why != fine {
				return i, why
			}
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			if i, why = scanNumber(data, i); why != fine {
				return i, why
			}
		default:
			return i, notValue
		}

		// A value has ended at i.
		for {
			if depth == 0 {
				return i, fine
			}
			if i < len(data) && data[i] <= ' ' {
				i = Space(data, i)
			}
			if i >= len(data) {
				return i, unexpectedEnd
			}
			object := kinds&1 != 0
			if c := data[i]; c == ',' {
				if i++; i < len(data) && data[i] <= ' ' {
					i = Space(data, i)
				}
				if object {
					if _, i, why = member(data, i); why != fine {
						return i, why
					}
				}
				break
			} else if object && c != '}' {
				return i, notCommaOrBrace
			} else if !object && c != ']' {
				return i, notCommaOrBracket
			}
			i++
			kinds >>= 1
			if depth--; depth%wordSize == 0 && depth > 0 {
				kinds = spill[depth/wordSize-1]
			}
		}
	}
}

// member scans a name, a colon and the space around the colon. On error the
// second result is the offset of the error.
func member(data []byte, i int) (nameEnd, value int, why reason) {
	if i >= len(data) || data[i] != '"' {
		return 0, i, at(data, i, notName)
	}
	nameEnd, why = scanString(data, i+1)
	if why != fine {
		return 0, nameEnd, why
	}
	i = nameEnd
	if i < len(data) && data[i] <= ' ' {
		i = Space(data, i)
	}
	if i >= len(data) || data[i] != ':' {
		return 0, i, at(data, i, notColon)
	}
	if i++; i < len(data) && data[i] <= ' ' {
		i = Space(data, i)
	}
	return nameEnd, i, fine
}

// literal scans the word at data[i].
func literal(data []byte, i int, word string) (int, reason) {
	if end := i + len(word); end <= len(data) && string(data[i:end]) == word {
		return end, fine
	}
	for i < len(data) && data[i] == word[0] {
		i++
		word = word[1:]
	}
	return i, at(data, i, notValue)
}
