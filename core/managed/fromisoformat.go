package managed

import (
	"time"
	"unicode/utf8"
)

// This file is the grammar of datetime.fromisoformat in CPython 3.11, as its C
// code has it. It lets pass more than its documentation says: a fraction after
// the hours, digits of a fraction without a point before them, and after six
// digits of a fraction anything at all, as long as an offset follows or a NUL
// comes first. An entry that Python reads is to be readable here, so this
// follows it in all of that. What C finds behind the end of a string is a NUL.

// parseISO reads text as datetime.fromisoformat does.
func parseISO(text []byte) (time.Time, bool) {
	if utf8.RuneCount(text) < 7 {
		return time.Time{}, false
	}
	end := dateEnd(text)
	if end < 0 {
		return time.Time{}, false
	}
	year, month, day, ok := parseDay(text, end)
	if !ok {
		return time.Time{}, false
	}
	if end == len(text) {
		return newDate(year, month, day, 0, 0, 0, 0)
	}
	rest := text[end+separatorSize(text[end]):]
	if !utf8.Valid(rest) {
		// A lone surrogate may be the separator, nothing else.
		return time.Time{}, false
	}
	clock, offset, ok := parseClockAndOffset(rest)
	if !ok {
		return time.Time{}, false
	}
	t, ok := newDate(year, month, day, clock.hour, clock.minute, clock.second, clock.microsecond)
	return t.Add(-offset), ok
}

// dateEnd returns where the date ends and the separator begins, or -1.
// Any character can be the separator, so the form of the date decides.
func dateEnd(text []byte) int {
	if len(text) == 7 {
		return 7
	}
	if text[4] == '-' {
		if text[5] != 'W' {
			return 10 // YYYY-MM-DD
		}
		if len(text) == 8 || text[8] != '-' {
			return 8 // YYYY-Www
		}
		if len(text) == 9 {
			return -1
		}
		if len(text) > 10 && isDigit(text, 10) {
			return 8 // YYYY-Www-HH, with a hyphen as the separator
		}
		return 10 // YYYY-Www-D
	}
	if text[4] != 'W' {
		return 8 // YYYYMMDD
	}
	end := 7
	for isDigit(text, end) {
		end++
	}
	if end < 9 {
		return end // YYYYWww or YYYYWwwD
	}
	// A digit is the separator. Those of the time come in pairs.
	if end%2 == 0 {
		return 7
	}
	return 8
}

// separatorSize returns the size of the character that begins with this byte.
func separatorSize(first byte) int {
	switch {
	case first < 0x80:
		return 1
	case first < 0xE0:
		return 2
	case first < 0xF0:
		return 3
	}
	return 4
}

// parseDay reads the date before text[end].
func parseDay(text []byte, end int) (year, month, day int, ok bool) {
	p, hyphens := 4, 0
	year, ok = number(text, 0, 4)
	if !ok {
		return 0, 0, 0, false
	}
	if charAt(text, p) == '-' {
		hyphens = 1
		p++
	}
	if charAt(text, p) == 'W' {
		week, ok := number(text, p+1, 2)
		if !ok {
			return 0, 0, 0, false
		}
		weekday := 1
		if p += 3; p < end {
			// With hyphens, dateEnd has seen the second one.
			if weekday, ok = number(text, p+hyphens, 1); !ok {
				return 0, 0, 0, false
			}
		}
		return weekDate(year, week, weekday)
	}
	month, ok = number(text, p, 2)
	if p += 2; !ok || hyphens == 1 && charAt(text, p) != '-' {
		return 0, 0, 0, false
	}
	day, ok = number(text, p+hyphens, 2)
	return year, month, day, ok
}

// weekDate returns the date of a day of an ISO 8601 week. Its year may be out
// of range.
func weekDate(year, week, weekday int) (y, m, d int, ok bool) {
	if year < 1 || week < 1 || week > 53 || weekday < 1 || weekday > 7 {
		return 0, 0, 0, false
	}
	// Days since Monday, of January 1; 1970-01-01 was a Thursday.
	first := dayNumber(year, 1, 1)
	since := ((first+3)%7 + 7) % 7
	if long := since == 3 || since == 2 && leap(year); week == 53 && !long {
		return 0, 0, 0, false
	}
	monday := first - since
	if since > 3 {
		monday += 7
	}
	number := monday + (week-1)*7 + weekday - 1
	date, month, day := time.Unix(int64(number)*86400, 0).UTC().Date()
	return date, int(month), day, true
}

// clock is a time of day or an offset.
type clock struct{ hour, minute, second, microsecond int }

// parseClockAndOffset reads a time and the offset east of UTC behind it.
func parseClockAndOffset(text []byte) (c clock, offset time.Duration, ok bool) {
	sign := 0
	for sign < len(text) && text[sign] != '+' && text[sign] != '-' && text[sign] != 'Z' {
		sign++
	}
	c, left, ok := parseClock(text, 0, sign)
	if !ok {
		return c, 0, false
	}
	if sign == len(text) {
		return c, 0, !left
	}
	if text[sign] == 'Z' {
		return c, 0, charAt(text, sign+1) == 0
	}
	zone, left, ok := parseClock(text, sign+1, len(text))
	if !ok || left {
		return c, 0, false
	}
	offset = time.Duration(zone.hour)*time.Hour + time.Duration(zone.minute)*time.Minute +
		time.Duration(zone.second)*time.Second
	if offset == 0 {
		return c, 0, true // whatever its microseconds are
	}
	offset += time.Duration(zone.microsecond) * time.Microsecond
	if offset >= 24*time.Hour {
		return c, 0, false
	}
	if text[sign] == '-' {
		offset = -offset
	}
	return c, offset, true
}

// parseClock reads HH[:MM[:SS[.ffffff]]] or HH[MM[SS[.ffffff]]] from text[p:end].
// It reports whether anything is left behind it: an offset, or what does not
// belong there.
func parseClock(text []byte, p, end int) (c clock, left, ok bool) {
	parts := [3]*int{&c.hour, &c.minute, &c.second}
	colons := true
	for i, part := range parts {
		if *part, ok = number(text, p, 2); !ok {
			return c, false, false
		}
		next := charAt(text, p+2)
		p += 3
		if i == 0 {
			colons = next == ':'
		}
		if p >= end {
			return c, next != 0, true
		}
		if colons && next == ':' {
			continue
		}
		if next == '.' || next == ',' {
			break
		}
		if colons {
			return c, false, false
		}
		p--
	}
	digits := min(end-p, 6)
	if c.microsecond, ok = number(text, p, digits); !ok {
		return c, false, false
	}
	for range 6 - digits {
		c.microsecond *= 10
	}
	for p += digits; isDigit(text, p); {
		p++
	}
	return c, charAt(text, p) != 0, true
}

// number reads exactly so many digits.
func number(text []byte, p, digits int) (n int, ok bool) {
	for i := p; i < p+digits; i++ {
		if !isDigit(text, i) {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, true
}

func isDigit(text []byte, i int) bool {
	return i < len(text) && text[i]-'0' <= 9
}

// charAt returns text[i], or NUL behind the end.
func charAt(text []byte, i int) byte {
	if i < len(text) {
		return text[i]
	}
	return 0
}
