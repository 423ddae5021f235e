package jsonscan

import "strconv"

// SyntaxError says that text is not the JSON that was asked for.
type SyntaxError struct {
	// Offset is the offset of the first byte that does not fit. It is the
	// length of the text where the text ends too early.
	Offset int

	reason reason
}

// Error returns the reason and the offset. It never repeats the text.
func (e *SyntaxError) Error() string {
	return e.Reason() + " at byte " + strconv.Itoa(e.Offset)
}

// Reason returns what is wrong, without the offset.
func (e *SyntaxError) Reason() string { return reasons[e.reason] }

// reason is what a scan found wrong. It is a number while scanning, because a
// number is returned in a register; it becomes an error only at the end.
type reason uint8

const (
	fine reason = iota
	unexpectedEnd
	notValue
	notObject
	notName
	notColon
	notCommaOrBrace
	notCommaOrBracket
	notNumber
	controlCharacter
	badEscape
	badEncoding
	tooDeep
	trailing
)

var reasons = [...]string{
	fine:              "no error",
	unexpectedEnd:     "unexpected end of JSON",
	notValue:          "expected a JSON value",
	notObject:         "expected a JSON object",
	notName:           "expected a member name in quotes",
	notColon:          "expected ':' after a member name",
	notCommaOrBrace:   "expected ',' or '}' after a member",
	notCommaOrBracket: "expected ',' or ']' after an element",
	notNumber:         "expected a digit",
	controlCharacter:  "control character in a string",
	badEscape:         "unknown escape in a string",
	badEncoding:       "invalid UTF-8",
	tooDeep:           "nested too deeply",
	trailing:          "unexpected text after the JSON value",
}

// result turns what a scan returns into what the package returns.
func result(i int, why reason) (int, error) {
	if why == fine {
		return i, nil
	}
	return 0, &SyntaxError{Offset: i, reason: why}
}

// at returns why, or unexpectedEnd where i is behind the text.
func at(data []byte, i int, why reason) reason {
	if i >= len(data) {
		return unexpectedEnd
	}
	return why
}
